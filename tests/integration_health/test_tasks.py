"""Each job does its work, leaves a trace, and may run twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integration_health import tasks
from integration_health.ingest.events import EventInput, ingest_events
from integration_health.ingest.snapshots import SnapshotInput, record_snapshot
from integration_health.models import (
    Alert,
    EventDay,
    Incident,
    IntegrationHealth,
    StatusTransition,
)
from qa_observability.models import JobRun

HOUR = timedelta(hours=1)


def burst(start, number=3):
    events = [
        EventInput(
            line=n,
            integration_id="airbnb",
            event_type="api_error",
            severity="high",
            occurred_at=start + timedelta(seconds=n),
        )
        for n in range(number)
    ]
    ingest_events(events, source="api", actor="", now=timezone.now())


@pytest.mark.django_db
def test_sweep_finds_incidents_and_leaves_a_trace():
    burst(timezone.now() - HOUR)

    counts = [tasks.sweep_incidents() for _ in range(2)]

    assert [each["found"] for each in counts] == [1, 0]
    assert Incident.objects.count() == 1
    runs = JobRun.objects.filter(job="integration_health.sweep_incidents")
    assert [run.result for run in runs] == ["done", "done"]


@pytest.mark.django_db
def test_freshness_is_noted_once():
    now = timezone.now()
    record_snapshot(
        SnapshotInput(integration_id="airbnb", status="critical", last_checked=now),
        source="manual",
        actor="ana",
        now=now,
    )
    old = now - 49 * HOUR
    IntegrationHealth.objects.update(last_checked=old)

    counts = [tasks.sweep_freshness() for _ in range(2)]

    assert counts == [{"went_stale": 1}, {"went_stale": 0}]
    change = StatusTransition.objects.order_by("created_at").last()
    assert (change.from_status, change.to_status, change.at) == (
        "critical",
        None,
        old + 48 * HOUR,
    )
    # Staleness is no recovery: the critical alert stays open beside it.
    assert set(Alert.objects.filter(closed_at=None).values_list("kind", flat=True)) == {
        "critical",
        "stale",
    }


@pytest.mark.django_db
def test_rollups_of_yesterday_are_checked_and_repaired():
    burst(timezone.now() - 24 * HOUR)
    EventDay.objects.update(rows=99)

    counts = [tasks.check_rollups() for _ in range(2)]

    assert counts == [{"checked": 1, "repaired": 1}, {"checked": 1, "repaired": 0}]
    assert EventDay.objects.get().rows == 3


@pytest.mark.django_db
def test_partitions_are_made_ahead():
    tasks.make_partitions_ahead()

    assert tasks.make_partitions_ahead() == {"weeks": 0}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_old_events_are_removed():
    tasks.remove_old_events()  # weeks that other tests made

    assert set(tasks.remove_old_events().values()) == {0}
