"""What is too old to keep? Results of more than 13 months, in short transactions."""

from datetime import datetime, timedelta

from django.db import connection

from correlation.ingest.removal import remove_tests
from correlation.models import Alarm, TestCase

KEPT = timedelta(days=396)  # 13 months: a year can be compared with the month before it
BATCH = 10_000  # rows a transaction: no reader or importer waits long

_DELETE = """
    DELETE FROM test_results WHERE id IN (
        SELECT id FROM test_results WHERE executed_at < %s
        ORDER BY executed_at LIMIT %s
    )
"""


def remove_old_results(*, now: datetime) -> dict[str, int]:
    """Delete results and alarms older than 13 months, and tests that ran no later.

    Stopped half-way, the next run goes on from there. Returns rows by what they were.
    Source: DESIGN section 7.
    """
    cutoff = now - KEPT
    results = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_DELETE, [cutoff, BATCH])
            results += cursor.rowcount
            if cursor.rowcount < BATCH:
                break
    alarms, _by_model = Alarm.objects.filter(failed_at__lt=cutoff).delete()
    gone = TestCase.objects.filter(last_seen_at__lt=cutoff)
    tests = gone.count()
    remove_tests(gone)
    return {"results": results, "alarms": alarms, "tests": tests}
