"""A private database for a measurement: every table, gone afterwards."""

import os
from contextlib import contextmanager

from tests.engines import choose_place, running_cluster


@contextmanager
def database():
    """Start a cluster and make its tables."""
    choose_place()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    with running_cluster():
        import django

        django.setup()
        from django.db import connection

        from qa_observability.garbage import leave_what_stays

        connection.creation.create_test_db(verbosity=0, serialize=False)
        leave_what_stays()  # as a server does that has started
        yield
        connection.close()
