import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection
from django.utils import timezone

from integration_health.imports.summary import ImportStatus
from integration_health.models import (
    EndpointStat,
    EventDay,
    ImportBatch,
    IntegrationEvent,
)
from qa_observability.lib.periods import Window
from tests.integration_health.imports.imports import import_file, lines, minutes, stat

ROWS = 60_000
COPYING = (
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY staged_import%%'"
)


def copying():
    with connection.cursor() as cursor:
        cursor.execute(COPYING)
        return cursor.fetchone()[0] > 0


def wait_until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited a minute in vain"
        time.sleep(0.02)


@pytest.mark.process
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_import_killed_half_way_leaves_nothing_and_may_be_repeated(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(lines([stat(f"/vrbo/rates?n={n}", 10, 1) for n in range(ROWS)]))
    now = timezone.now().replace(microsecond=0)
    window = Window(now - minutes(60), now)
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    command = [
        *(sys.executable, "manage.py", "import_splunk", str(path)),
        *("--from", window.start.isoformat(), "--to", window.end.isoformat()),
    ]
    child = subprocess.Popen(
        command,
        env=os.environ
        | {
            "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(copying)

    child.send_signal(signal.SIGKILL)
    child.wait()
    wait_until(lambda: not copying())

    for model in (ImportBatch, EndpointStat, IntegrationEvent, EventDay):
        assert not model.objects.exists()
    summary = import_file(path.read_bytes(), window=window, now=timezone.now())
    assert (summary.status, summary.accepted) == (ImportStatus.COMMITTED, ROWS)
    assert EndpointStat.objects.get().requests == 10 * ROWS
