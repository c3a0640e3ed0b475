from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from integration_health.imports.summary import ImportStatus
from integration_health.models import EventDay, ImportBatch, IntegrationEvent
from tests.integration_health.imports.imports import DAY, import_file


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_imports_of_a_file_at_once_give_one():
    ready = Barrier(2)

    def once(_number):
        try:
            ready.wait(timeout=30)
            return import_file("endpoint_stats.ndjson", window=DAY).status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(once, range(2)))

    assert statuses == [ImportStatus.COMMITTED, ImportStatus.DUPLICATE]
    assert ImportBatch.objects.count() == 1
    assert IntegrationEvent.objects.count() == 7
    assert sum(EventDay.objects.values_list("rows", flat=True)) == 7
