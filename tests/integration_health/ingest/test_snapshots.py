"""One verb records checks: judged, once per moment, with what follows from them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from integration_health.ingest.snapshots import (
    SnapshotInput,
    record_snapshot,
    record_snapshots,
)
from integration_health.models import (
    Alert,
    HealthDay,
    Integration,
    IntegrationHealth,
    StatusTransition,
)
from qa_observability.lib.errors import Conflict, InvalidField

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def check(**changes):
    return SnapshotInput(**({"integration_id": "airbnb"} | changes))


def record(given, now=NOW, **options):
    return record_snapshot(
        given, **({"source": "manual", "actor": "ana", "now": now} | options)
    )


def test_check_is_judged_by_its_worst_signal():
    snapshot, is_new = record(
        check(
            pricing_sync_status="ok",
            fees_sync_status="warning",
            booking_loss_rate=Decimal("0.001"),
            error_rate=Decimal("0.05"),
        )
    )

    stored = IntegrationHealth.objects.get()
    assert (is_new, stored.pk) == (True, snapshot.pk)
    assert (
        stored.status,
        stored.computed_status,
        stored.status_source,
        stored.last_checked,
        stored.source,
        stored.actor,
    ) == ("critical", "critical", "computed", NOW, "manual", "ana")


def test_typed_status_counts_and_keeps_the_computed_beside_it():
    record(check(status="healthy", error_rate=Decimal("0.061")))

    stored = IntegrationHealth.objects.get()
    assert (stored.status, stored.computed_status, stored.status_source) == (
        "healthy",
        "critical",
        "manual",
    )


def test_same_check_again_is_not_new_and_another_one_conflicts():
    moment = {"last_checked": NOW - HOUR}
    first, _ = record(check(error_rate=Decimal("0.02"), **moment))

    again, is_new = record(check(error_rate=Decimal("0.0200"), **moment))
    with pytest.raises(Conflict) as conflict:
        record(check(error_rate=Decimal("0.03"), **moment))

    assert (again.pk, is_new) == (first.pk, False)
    assert conflict.value.errors[0].field == "last_checked"
    assert IntegrationHealth.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        pytest.param({}, ["status"], id="no signal at all"),
        pytest.param({"status": "fine"}, ["status"]),
        pytest.param({"pricing_sync_status": "healthy"}, ["pricing_sync_status"]),
        pytest.param(
            {"integration_id": "bookings", "error_rate": Decimal(2)},
            ["integration_id", "error_rate"],
            id="every wrong field is named",
        ),
        pytest.param({"error_rate": Decimal("-0.0001")}, ["error_rate"]),
        pytest.param({"error_rate": Decimal("NaN")}, ["error_rate"]),
        pytest.param({"booking_loss_rate": Decimal("1.0001")}, ["booking_loss_rate"]),
        pytest.param(
            {
                "status": "healthy",
                "last_checked": NOW + timedelta(minutes=5, seconds=1),
            },
            ["last_checked"],
        ),
        pytest.param(
            {"status": "healthy", "last_checked": NOW - timedelta(days=763)},
            ["last_checked"],
        ),
        pytest.param({"status": "healthy", "window_start": NOW}, ["window_start"]),
        pytest.param(
            {"status": "healthy", "window_start": NOW - HOUR, "window_end": NOW - HOUR},
            ["window_start"],
        ),
    ],
)
def test_wrong_check_is_refused_naming_its_fields(changes, fields):
    with pytest.raises(InvalidField) as refused:
        record(check(**changes))

    assert [error.field for error in refused.value.errors] == fields
    assert not IntegrationHealth.objects.exists()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        pytest.param("0", "0.0000"),
        pytest.param("1", "1.0000"),
        pytest.param("0.00005", "0.0001", id="half up"),
        pytest.param("0.000049", "0.0000"),
    ],
)
def test_rates_are_kept_to_four_decimals(value, kept):
    record(check(error_rate=Decimal(value)))

    assert IntegrationHealth.objects.get().error_rate == Decimal(kept)


def test_one_wrong_check_of_many_stores_none():
    with pytest.raises(InvalidField):
        record_snapshots(
            [check(error_rate=Decimal(0)), check(error_rate=Decimal(2))],
            source="splunk",
            actor="",
            now=NOW,
        )

    assert not IntegrationHealth.objects.exists()


def test_days_follow_the_checks():
    """A check holds until the next, at most 48 hours; a late one moves the day."""
    for hours, rate in ((36, "0.10"), (24, "0.02")):
        record(check(error_rate=Decimal(rate), last_checked=NOW - hours * HOUR))

    days = list(
        HealthDay.objects.order_by("day").values_list(
            "day", "covered_seconds", "error_rate", "worst_status", "last_status"
        )
    )
    assert days == [
        (date(2026, 1, 9), 86400, Decimal("0.06"), "critical", "warning"),
        (date(2026, 1, 10), 86400, Decimal("0.02"), "warning", "warning"),
        (date(2026, 1, 11), 43200, Decimal("0.02"), "warning", "warning"),
    ]


def test_changes_are_written_once_with_their_reason():
    for hours, rate in ((5, "0.01"), (4, "0.01"), (3, "0.06"), (2, "0.03")):
        record(check(error_rate=Decimal(rate), last_checked=NOW - hours * HOUR))

    changes = StatusTransition.objects.order_by("at").values_list(
        "at", "from_status", "to_status", "reason"
    )
    assert list(changes) == [
        (NOW - 5 * HOUR, None, "healthy", "Healthy because error rate 1 % < 2 %"),
        (
            NOW - 3 * HOUR,
            "healthy",
            "critical",
            "Critical because error rate 6 % ≥ 5 %",
        ),
        (NOW - 2 * HOUR, "critical", "warning", "Warning because error rate 3 % ≥ 2 %"),
    ]


def test_late_check_changes_no_status():
    record(check(error_rate=Decimal("0.01")))

    record(check(error_rate=Decimal("0.5"), last_checked=NOW - HOUR))

    assert StatusTransition.objects.count() == 1
    assert not Alert.objects.exists()


def test_data_that_went_stale_in_between_is_a_change_too():
    record(check(error_rate=Decimal("0.01"), last_checked=NOW - 60 * HOUR))

    record(check(error_rate=Decimal("0.01")))

    changes = StatusTransition.objects.order_by("at").values_list(
        "at", "from_status", "to_status"
    )
    assert list(changes) == [
        (NOW - 60 * HOUR, None, "healthy"),
        (NOW - 12 * HOUR, "healthy", None),
        (NOW, None, "healthy"),
    ]


def test_critical_alerts_once_and_recovery_says_how_long_it_took():
    for hours, rate in ((5, "0.06"), (4, "0.07"), (1, "0.01")):
        record(
            check(error_rate=Decimal(rate), last_checked=NOW - hours * HOUR),
            now=NOW - hours * HOUR,
        )

    alerts = Alert.objects.order_by("raised_at").values_list(
        "kind", "title", "raised_at", "closed_at"
    )
    assert list(alerts) == [
        ("critical", "Airbnb turned critical", NOW - 5 * HOUR, NOW - HOUR),
        ("recovered", "Airbnb recovered after 4 h", NOW - HOUR, NOW - HOUR),
    ]


def test_thresholds_are_the_channels_own():
    Integration.objects.filter(pk="airbnb").update(
        error_rate_warning=Decimal("0.1"), error_rate_critical=Decimal("0.2")
    )

    snapshot, _ = record(check(error_rate=Decimal("0.0999")))

    assert snapshot.status == "healthy"
