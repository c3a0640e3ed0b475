"""The two jobs: recorded with their counts, the second run as good as the first."""

import pytest

from correlation.models import Alarm, TestIntegrationCorrelation
from correlation.tasks import refresh_everything, refresh_recent
from qa_observability.models import JobRun
from tests.correlation import scene

pytestmark = pytest.mark.django_db


def test_jobs_store_links_and_record_their_counts():
    scene.announced_airbnb()

    refresh_recent.delay()
    Alarm.objects.all().delete()
    refresh_everything.delay()

    assert TestIntegrationCorrelation.objects.get().hits == 13
    assert [
        (run.job, run.result, run.counts["links"])
        for run in JobRun.objects.order_by("started_at")
    ] == [
        ("correlation: refresh what is new", "done", 1),
        ("correlation: refresh everything", "done", 1),
    ]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_job_needs_no_transaction_around_it():
    scene.announced_airbnb()

    refresh_recent.delay()

    assert TestIntegrationCorrelation.objects.get().hits == 13
    assert JobRun.objects.get().result == "done"
