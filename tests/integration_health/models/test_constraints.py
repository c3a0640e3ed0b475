"""The database refuses what must never be: each named constraint, broken on purpose."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from integration_health.models import (
    Alert,
    EndpointRule,
    EndpointStat,
    Failure,
    HealthDay,
    ImportBatch,
    Incident,
    IncidentTicket,
    Integration,
    IntegrationHealth,
    MaintenanceWindow,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def refuse(constraint, write):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def snapshot(**fields):
    return lambda: IntegrationHealth.objects.create(
        **{"integration_id": "airbnb", "last_checked": NOW, "source": "manual"} | fields
    )


def batch(**fields):
    return ImportBatch.objects.create(
        **{"kind": "endpoint_stats", "file_name": "a.json", "sha256": "0" * 64} | fields
    )


def incident(**fields):
    return Incident.objects.create(
        **{
            "integration_id": "airbnb",
            "started_at": NOW,
            "ended_at": NOW,
            "severity": "high",
            "detected_at": NOW,
        }
        | fields
    )


def test_four_integrations_are_seeded_in_order():
    assert list(Integration.objects.values_list("slug", "name")) == [
        ("booking-com", "Booking.com"),
        ("airbnb", "Airbnb"),
        ("vrbo", "Vrbo"),
        ("hmbn", "HMBN"),
    ]


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param(
            "integration_slug_is_not_reserved", {"slug": "events"}, id="reserved"
        ),
        pytest.param(
            "integration_slug_is_a_slug", {"slug": "Not A Slug"}, id="no slug"
        ),
        pytest.param(
            "error_rate_warning_is_below_critical",
            {
                "error_rate_warning": Decimal("0.05"),
                "error_rate_critical": Decimal("0.05"),
            },
            id="equal error bands",
        ),
        pytest.param(
            "error_rate_warning_is_below_critical",
            {"error_rate_critical": Decimal("1.0001")},
            id="error band above one",
        ),
        pytest.param(
            "booking_loss_warning_is_below_critical",
            {"booking_loss_warning": Decimal(0)},
            id="warning from zero",
        ),
        pytest.param(
            "expected_interval_is_a_minute_to_a_month",
            {"expected_interval": timedelta(seconds=59)},
            id="interval too short",
        ),
        pytest.param(
            "expected_interval_is_a_minute_to_a_month",
            {"expected_interval": timedelta(days=31, seconds=1)},
            id="interval too long",
        ),
    ],
)
def test_integration_is_refused(constraint, fields):
    refuse(
        constraint,
        lambda: Integration.objects.create(**{"slug": "expedia", "name": "X"} | fields),
    )


@pytest.mark.parametrize(
    "rate",
    [
        "error_rate",
        "booking_loss_rate",
        "pricing_error_rate",
        "fees_error_rate",
        "booking_error_rate",
        "availability_error_rate",
    ],
)
def test_rates_of_a_snapshot_are_ratios(rate):
    refuse(f"{rate}_is_a_ratio", snapshot(**{rate: Decimal("1.0001")}))
    refuse(f"{rate}_is_a_ratio", snapshot(**{rate: Decimal("-0.0001")}))

    for edge in (Decimal(0), Decimal(1)):
        snapshot(
            **{rate: edge},
            last_checked=NOW + int(edge) * HOUR,
        )()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param("health_status_is_known", {"status": "fine"}, id="status"),
        pytest.param(
            "health_sync_statuses_are_known",
            {"pricing_sync_status": "healthy"},
            id="pricing",
        ),
        pytest.param(
            "health_sync_statuses_are_known",
            {"fees_sync_status": "critical"},
            id="fees",
        ),
        pytest.param("health_source_is_known", {"source": "rumour"}, id="source"),
        pytest.param(
            "snapshot_window_is_whole_and_forward",
            {"window_start": NOW},
            id="half a window",
        ),
        pytest.param(
            "snapshot_window_is_whole_and_forward",
            {"window_start": NOW, "window_end": NOW},
            id="empty window",
        ),
    ],
)
def test_snapshot_is_refused(constraint, fields):
    refuse(constraint, snapshot(**fields))


def test_one_snapshot_per_integration_and_moment():
    snapshot()()

    refuse("one_snapshot_per_integration_and_moment", snapshot())


def test_a_day_of_health_has_86400_seconds():
    HealthDay.objects.create(
        integration_id="airbnb", day=NOW.date(), covered_seconds=86400
    )

    refuse(
        "a_day_has_86400_seconds",
        lambda: HealthDay.objects.create(
            integration_id="vrbo", day=NOW.date(), covered_seconds=86401
        ),
    )


def test_a_day_has_144_failure_intervals():
    facts = {
        "integration_id": "airbnb",
        "day": NOW.date(),
        "fingerprint": b"x",
        "event_type": "api_error",
        "severity": "low",
    }
    Failure.objects.create(interval=143, **facts)

    refuse(
        "a_day_has_144_intervals", lambda: Failure.objects.create(interval=144, **facts)
    )


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param("import_counts_add_up", {"rows_read": 1}, id="read but nowhere"),
        pytest.param(
            "import_duplicates_are_ignored_rows",
            {"rows_read": 1, "rows_accepted": 1, "rows_duplicate": 1},
            id="duplicate not ignored",
        ),
        pytest.param(
            "import_window_is_whole_and_forward",
            {"window_start": NOW, "window_end": NOW - HOUR},
            id="backwards",
        ),
    ],
)
def test_import_is_refused(constraint, fields):
    refuse(constraint, lambda: batch(**fields))


def test_same_content_is_committed_once():
    batch(content_hash="abc", state="committed")
    batch(content_hash="abc", state="undone")

    refuse(
        "one_committed_import_per_content",
        lambda: batch(content_hash="abc", state="committed"),
    )


def test_endpoint_errors_are_among_its_requests():
    owner = batch()
    facts = {
        "batch": owner,
        "integration_key": "airbnb",
        "route": "/a",
        "aspect": "other",
    }
    EndpointStat.objects.create(requests=2, errors=2, **facts)

    refuse(
        "endpoint_errors_are_among_requests",
        lambda: EndpointStat.objects.create(
            requests=2, errors=3, **facts | {"route": "/b"}
        ),
    )
    refuse(
        "one_count_per_batch_and_route",
        lambda: EndpointStat.objects.create(requests=1, errors=0, **facts),
    )


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param(
            "endpoint_rule_tells_something", {"tokens": ["a"]}, id="tells nothing"
        ),
        pytest.param(
            "endpoint_rule_has_tokens", {"tokens": [], "aspect": "fees"}, id="no tokens"
        ),
    ],
)
def test_endpoint_rule_is_refused(constraint, fields):
    refuse(constraint, lambda: EndpointRule.objects.create(position=9999, **fields))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param(
            "incident_ends_after_it_starts", {"ended_at": NOW - HOUR}, id="ends"
        ),
        pytest.param("incident_state_is_known", {"state": "gone"}, id="state"),
        pytest.param(
            "acknowledged_incident_says_when",
            {"state": "acknowledged"},
            id="acknowledged",
        ),
        pytest.param(
            "resolved_incident_says_when", {"state": "resolved"}, id="resolved"
        ),
        pytest.param(
            "withdrawn_incident_says_when", {"state": "withdrawn"}, id="withdrawn"
        ),
    ],
)
def test_incident_is_refused(constraint, fields):
    refuse(constraint, lambda: incident(**fields))


def test_a_ticket_is_linked_once():
    owner = incident()
    ticket = {"incident": owner, "key": "QA-1", "url": "https://tickets.example/QA-1"}
    IncidentTicket.objects.create(**ticket)

    refuse("a_ticket_is_linked_once", lambda: IncidentTicket.objects.create(**ticket))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param("maintenance_ends_after_it_starts", {"ends_at": NOW}, id="empty"),
        pytest.param(
            "recurring_maintenance_says_until_when",
            {"recurrence": "daily"},
            id="for ever",
        ),
        pytest.param(
            "recurring_maintenance_says_until_when",
            {"recurrence": "weekly", "repeats_until": NOW},
            id="until its start",
        ),
    ],
)
def test_maintenance_is_refused(constraint, fields):
    facts = {"title": "Night", "starts_at": NOW, "ends_at": NOW + HOUR}

    refuse(constraint, lambda: MaintenanceWindow.objects.create(**facts | fields))


def test_one_alert_of_a_group_is_open_at_a_time():
    facts = {
        "kind": "critical",
        "severity": "high",
        "group": "status:airbnb",
        "title": "Airbnb turned critical",
        "raised_at": NOW,
        "last_raised_at": NOW,
    }
    Alert.objects.create(**facts, closed_at=NOW)
    Alert.objects.create(**facts)

    refuse("one_open_alert_per_group", lambda: Alert.objects.create(**facts))
    refuse(
        "dismissed_alert_says_who_and_when",
        lambda: Alert.objects.create(**facts | {"group": "other"}, dismissed_at=NOW),
    )
