"""Alarms kept true as results come and go give what a full refresh gives."""

from datetime import timedelta
from random import Random

import pytest

from correlation.enums import TestStatus
from correlation.ingest.removal import remove_results
from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.models import Alarm, TestIntegrationCorrelation, TestResult
from correlation.parsed import ParsedResult
from correlation.refresh import refresh_correlations
from integration_health.models import Incident
from tests.correlation import scene

pytestmark = pytest.mark.django_db

FIELDS = [
    field.name
    for field in TestIntegrationCorrelation._meta.concrete_fields
    if field.name not in {"id", "created_at", "updated_at"}
]


def links():
    rows = TestIntegrationCorrelation.objects.order_by("test_case", "integration")
    return list(rows.values(*FIELDS))


def results(random):
    """Return results of six tests: one announces Airbnb, the others fail at random."""
    rows = []
    for test in range(6):
        moments = [scene.at(random.uniform(0, 29)) for _ in range(60)]
        if test == 0:
            moments += [
                start - random.uniform(3, 55) * scene.MINUTE
                for start in scene.INCIDENT_STARTS
            ]
        for number, moment in enumerate(moments):
            failed = test == 0 or random.random() < 0.5
            rows.append((f"test-{test}", f"run-{number}", failed, moment))
    random.shuffle(rows)
    return rows


def bring(rows):
    said = [
        ParsedResult(
            line=number,
            test_case_id=test,
            name=test,
            status=TestStatus.FAILED if failed else TestStatus.PASSED,
            executed_at=moment,
            run_id=run,
        )
        for number, (test, run, failed, moment) in enumerate(rows, 1)
    ]
    import_results(said, run=Run(source="ci", run_id=""), now=scene.NOW)


@pytest.mark.parametrize("seed", range(3))
def test_late_changed_and_deleted_data_end_where_a_full_refresh_ends(seed):
    random = Random(seed)
    rows = results(random)
    for start in scene.INCIDENT_STARTS:
        scene.incident("airbnb", start)
    for chunk in range(0, len(rows), 100):
        bring(rows[chunk : chunk + 100])
        refresh_correlations(now=scene.NOW)
    again = [
        (test, run, not failed, moment + timedelta(seconds=random.randrange(1, 4000)))
        for test, run, failed, moment in random.sample(rows, 40)
    ]
    bring(again)
    remove_results(
        TestResult.objects.filter(executed_at__range=(scene.at(9), scene.at(11)))
    )
    moved = Incident.objects.order_by("started_at")[3]
    Incident.objects.filter(pk=moved.pk).update(
        started_at=moved.started_at - timedelta(minutes=20)
    )
    scene.incident("airbnb", scene.at(17, 3))

    refresh_correlations(now=scene.NOW)
    step_by_step = links()
    Alarm.objects.all().delete()
    refresh_correlations(now=scene.NOW, full=True)

    assert step_by_step
    assert step_by_step == links()
