"""The two jobs: recorded with their counts, the second run as good as the first."""

import pytest

from correlation import tasks
from correlation.models import Alarm, EvidenceDay, TestIntegrationCorrelation
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
    runs = JobRun.objects.order_by("started_at")
    assert [(run.job, run.result) for run in runs] == [
        ("correlation: refresh what is new", "done"),
        ("correlation: refresh everything", "done"),
        ("correlation: refresh what is new", "done"),
    ]
    first, everything, published = (run.counts for run in runs)
    assert first | {"as_of": published["as_of"]} == published
    parts = EvidenceDay.objects.count()
    assert everything == {"parts": parts, "tasks": -(-parts // tasks.PARTS_A_TASK)}


def test_the_last_of_many_tasks_publishes(monkeypatch):
    monkeypatch.setattr(tasks, "PARTS_A_TASK", 10)
    scene.announced_airbnb()

    refresh_everything.delay()

    everything, published = JobRun.objects.order_by("started_at")
    assert everything.counts["tasks"] == -(-EvidenceDay.objects.count() // 10) > 1
    assert (published.job, published.counts["links"]) == (
        "correlation: refresh what is new",
        1,
    )


def test_with_nothing_to_count_links_are_published_all_the_same():
    TestIntegrationCorrelation.objects.create(
        test_case=scene.known_test("gone"),
        integration_id="airbnb",
        correlation_score="0.81",
        correlation_type="high",
        pattern="test_failure_precedes_integration_failure",
        confidence="0.80",
        last_correlated=scene.NOW,
    )

    refresh_everything.delay()

    assert not TestIntegrationCorrelation.objects.exists()


def test_a_task_that_fails_leaves_the_links_and_the_next_refresh_repairs(monkeypatch):
    scene.announced_airbnb()
    refresh_recent.delay()
    before = list(TestIntegrationCorrelation.objects.values())

    def dies(*_):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(tasks, "count_free_parts", dies)
        with pytest.raises(ConnectionError):
            refresh_everything.delay()
    assert list(TestIntegrationCorrelation.objects.values()) == before
    assert not EvidenceDay.objects.exists()

    refresh_recent.delay()

    assert TestIntegrationCorrelation.objects.get().hits == 13


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_job_needs_no_transaction_around_it():
    scene.announced_airbnb()

    refresh_recent.delay()

    assert TestIntegrationCorrelation.objects.get().hits == 13
    assert JobRun.objects.get().result == "done"
