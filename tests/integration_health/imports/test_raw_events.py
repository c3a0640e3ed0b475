from datetime import UTC, datetime
from decimal import Decimal

import pytest

from integration_health.imports.summary import (
    ImportStatus,
    IntegrationCounts,
    UnmappedCounts,
)
from integration_health.models import (
    EndpointStat,
    IntegrationEvent,
    IntegrationHealth,
)
from qa_observability.lib.errors import Conflict
from tests.integration_health.imports.imports import (
    DAY,
    event,
    import_file,
    minutes,
)

pytestmark = pytest.mark.django_db


def test_raw_failures_become_events_of_their_moment():
    summary = import_file("raw_events.ndjson")

    assert (summary.read, summary.accepted, summary.ignored) == (4, 3, 1)
    assert summary.integrations == [
        IntegrationCounts("booking-com", 1, 1, None),
        IntegrationCounts("vrbo", 1, 1, None),
    ]
    assert summary.unmapped == UnmappedCounts(1, 1, 1)
    assert list(
        IntegrationEvent.objects.order_by("occurred_at").values_list(
            "integration_id",
            "event_type",
            "severity",
            "message",
            "metadata",
            "occurred_at",
        )
    ) == [
        (
            "booking-com",
            "pricing_sync_error",
            "high",
            "POST /v9/chan-hub/bookingdotcom/rate-push answered 502",
            {
                "method": "POST",
                "route": "/v9/chan-hub/bookingdotcom/rate-push",
                "status": 502,
                "host": "app-2.example.test",
                "source": "/var/log/demo/access_log",
            },
            datetime(2026, 1, 5, 10, 15, 24, 871000, UTC),
        ),
        (
            "vrbo",
            "fee_sync_error",
            "medium",
            "GET /v9/chan-hub/vrbo/fee-sync answered 429",
            {
                "method": "GET",
                "route": "/v9/chan-hub/vrbo/fee-sync",
                "status": 429,
                "host": "app-2.example.test",
                "source": "/var/log/demo/access_log",
            },
            datetime(2026, 1, 5, 10, 15, 27, 500000, UTC),
        ),
    ]
    assert not IntegrationHealth.objects.exists()


def test_events_of_overlapping_exports_count_once():
    at = DAY.start
    first = [event("/airbnb/rates", 500, at + minutes(number)) for number in range(3)]
    second = [
        event("/airbnb/rates", 500, at + minutes(number)) for number in range(2, 5)
    ]
    import_file(first)

    summary = import_file(second)

    assert (summary.accepted, summary.ignored, summary.duplicates) == (2, 1, 1)
    assert IntegrationEvent.objects.count() == 5
    assert EndpointStat.objects.count() == 2


def test_the_same_events_in_another_format_are_a_duplicate():
    import_file("raw_events.ndjson")

    assert import_file("raw_events.csv").status is ImportStatus.DUPLICATE


def test_raw_events_give_rates_only_when_they_hold_all_requests():
    rows = [
        event("/airbnb/rates", 500 if number < 2 else 200, DAY.start + minutes(number))
        for number in range(20)
    ]

    summary = import_file(rows, complete=True)

    assert (summary.accepted, summary.ignored) == (20, 0)
    assert summary.integrations == [
        IntegrationCounts("airbnb", 20, 2, Decimal("0.1000"))
    ]
    assert list(
        IntegrationHealth.objects.values_list(
            "integration_id", "error_rate", "pricing_sync_status"
        )
    ) == [("airbnb", Decimal("0.1000"), "error")]
    assert IntegrationEvent.objects.count() == 2


def test_complete_exports_of_the_same_time_are_refused():
    import_file([event("/airbnb/a", 500, DAY.start)], complete=True)

    with pytest.raises(Conflict):
        import_file([event("/airbnb/b", 500, DAY.start)], complete=True)
