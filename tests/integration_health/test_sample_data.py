"""The sample leaves whole, and real data stays as if it had never been."""

from datetime import UTC, datetime, timedelta

import pytest

from integration_health.incidents import sweep
from integration_health.incidents.actions import acknowledge
from integration_health.ingest.events import EventInput, ingest_events
from integration_health.ingest.snapshots import SnapshotInput, record_snapshot
from integration_health.models import (
    Alert,
    EventDay,
    HealthDay,
    Incident,
    IntegrationEvent,
    MaintenanceWindow,
    StatusTransition,
)
from integration_health.sample_data import purge_sample, sample_loaded
from tests.integration_health.storage.oracle import expected_rollups, stored_rollups

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ingest(source, slug, start):
    events = [
        EventInput(
            line=n,
            integration_id=slug,
            event_type="api_error",
            severity="high",
            occurred_at=start + timedelta(seconds=n),
        )
        for n in range(4)
    ]
    ingest_events(events, source=source, actor="", now=NOW)


def record(source, slug, status):
    record_snapshot(
        SnapshotInput(integration_id=slug, status=status, last_checked=NOW - HOUR),
        source=source,
        actor="",
        now=NOW,
    )


def test_sample_leaves_and_real_data_stays():
    ingest("sample", "airbnb", NOW - 5 * HOUR)
    record("sample", "airbnb", "critical")
    ingest("api", "vrbo", NOW - 5 * HOUR)
    record("api", "vrbo", "healthy")
    MaintenanceWindow.objects.create(
        title="Sample",
        starts_at=NOW - 6 * HOUR,
        ends_at=NOW - HOUR,
        integration_id="vrbo",
        sample=True,
    )
    sweep(NOW)
    sample = Incident.objects.get(integration="airbnb")
    acknowledge(sample.pk, by="ana", now=NOW)
    was_loaded = sample_loaded()

    removed = purge_sample(NOW)

    assert (was_loaded, sample_loaded()) == (True, False)
    assert removed == {
        "integration_events": 4,
        "integration_health": 1,
        "integration_imports": 0,
        "integration_transitions": 1,
        "integration_alerts": 1,
        "integration_maintenance_windows": 1,
        "integration_annotations": 0,
        "integration_incidents": 1,
    }
    assert set(IntegrationEvent.objects.values_list("integration_id", flat=True)) == {
        "vrbo"
    }
    assert stored_rollups() == expected_rollups(NOW)
    assert list(Incident.objects.values_list("integration_id", flat=True)) == ["vrbo"]
    assert set(HealthDay.objects.values_list("integration_id", flat=True)) == {"vrbo"}
    assert list(StatusTransition.objects.values_list("integration_id", flat=True)) == [
        "vrbo"
    ]
    assert not Alert.objects.exists()


def test_days_of_a_long_lived_sample_leave_with_it():
    ingest("sample", "airbnb", NOW - HOUR)
    EventDay.objects.create(
        integration_id="airbnb",
        day=(NOW - timedelta(days=100)).date(),
        event_type="api_error",
        severity="high",
        rows=5,
    )

    purge_sample(NOW)

    assert not EventDay.objects.exists()


def test_nothing_loaded_removes_nothing():
    ingest("api", "vrbo", NOW - HOUR)

    assert not sample_loaded()
    assert set(purge_sample(NOW).values()) == {0}
    assert IntegrationEvent.objects.count() == 4
