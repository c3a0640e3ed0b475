"""Importers of the same tests at the same time end where one after the other would."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection

from correlation.enums import TestStatus
from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.models import Alarm, TestCase, TestResult
from correlation.parsed import ParsedResult

START = datetime(2026, 1, 10, 10, tzinfo=UTC)
NOW = START + timedelta(days=2)


def results():
    """Return 400 results, a minute apart, of 5 tests that 2 sources share."""
    random = Random(7)
    return [
        ParsedResult(
            line=line,
            test_case_id=f"t{random.randrange(5)}",
            name="",
            status=TestStatus.FAILED if random.random() < 0.4 else TestStatus.PASSED,
            executed_at=START + timedelta(minutes=line),
            source=random.choice(["ci", "nightly"]),
        )
        for line in range(400)
    ]


def stored():
    return (
        set(TestResult.objects.values_list("test_case_id", "source", "executed_at")),
        set(Alarm.objects.values_list("test_case_id", "failed_at")),
        set(TestCase.objects.values_list("pk", "first_seen_at", "last_seen_at")),
    )


def import_part(part):
    try:
        return import_results(part, run=Run("ci"), now=NOW).accepted
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_importers_at_the_same_time_lose_and_double_nothing():
    sent = results()
    parts = [sent[at::4] + sent[(at + 1) % 4 :: 4] for at in range(4)]  # each twice

    with ThreadPoolExecutor(4) as pool:
        accepted = sum(pool.map(import_part, parts))

    together = stored()
    TestResult.objects.all().delete()
    Alarm.objects.all().delete()
    TestCase.objects.all().delete()
    import_results(sent, run=Run("ci"), now=NOW)
    assert together == stored()
    assert accepted == len(together[0]) == 400
