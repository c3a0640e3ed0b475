"""From events and checks, through the real doors, to money."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from integration_health.ingest.events import EventInput, ingest_events
from integration_health.ingest.snapshots import SnapshotInput, record_snapshot
from integration_health.models import MaintenanceWindow
from qa_observability.lib.periods import Period
from revenue.configure import Authorship, set_assumption
from revenue.enums import Method
from revenue.reports import explained_impact, impact_report, timeseries_report
from tests.revenue.builders import values

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def send(*events):
    ingest_events(events, source="api", actor="ci", now=NOW)


def event(ago, message="Rates not accepted", event_type="pricing_sync_error", **more):
    return EventInput(
        integration_id="airbnb",
        event_type=event_type,
        severity="high",
        message=message,
        occurred_at=NOW - ago,
        **more,
    )


def check(ago, **signals):
    record_snapshot(
        SnapshotInput(integration_id="airbnb", last_checked=NOW - ago, **signals),
        source="manual",
        actor="ada",
        now=NOW,
    )


def assume(**given):
    set_assumption(
        "airbnb",
        values(**given),
        Authorship(None, "", NOW),
        valid_from=NOW.date() - timedelta(days=60),
    )


def at_risk(period=Period.WEEK):
    return impact_report(period=period, now=NOW).revenue_at_risk.value


def test_ten_thousand_retries_of_one_fault_cost_what_one_costs():
    assume(value="300.00", leakage="0.07")
    send(event(3 * HOUR))
    one = at_risk()

    send(
        *(
            event(3 * HOUR - timedelta(seconds=n % 500), dedup_key=f"retry-{n}")
            for n in range(10_000)
        )
    )

    assert (one, at_risk()) == (Decimal("21.00"), Decimal("21.00"))


def test_the_same_events_again_cost_nothing_more():
    assume(value="300.00", leakage="0.07")
    events = [event(n * HOUR) for n in range(1, 5)]
    send(*events)
    send(*events)

    assert at_risk() == Decimal("84.00")


def test_failures_inside_maintenance_cost_nothing():
    assume(value="300.00", leakage="0.07")
    MaintenanceWindow.objects.create(
        integration_id="airbnb", starts_at=NOW - 5 * HOUR, ends_at=NOW - 2 * HOUR
    )
    send(event(6 * HOUR), event(3 * HOUR), event(1 * HOUR))

    assert at_risk() == Decimal("42.00")


def test_booking_loss_is_a_step_function_of_checks_up_to_now():
    assume(value="300.00", bookings="48")
    check(6 * HOUR, booking_loss_rate=Decimal("0.01"))
    check(2 * HOUR, booking_loss_rate=Decimal("0.05"))

    # 48 x 300 = 14,400 a day: four hours at 1 % and two at 5 %.
    assert at_risk() == Decimal("84.00")


def test_measured_traffic_is_priced_by_rate():
    assume(value="300.00", leakage="0.07", bookings="48", method=Method.BY_RATE)
    check(12 * HOUR, pricing_error_rate=Decimal("0.10"))
    send(*(event(n * HOUR) for n in range(1, 12)))

    # 48 x half a day x 10 % x 300 x 7 %.
    assert at_risk() == Decimal("50.40")


def test_every_view_agrees():
    assume(value="333.33", leakage="0.0733", bookings="17.5")
    check(30 * HOUR, booking_loss_rate=Decimal("0.0123"))
    send(*(event(n * HOUR, message=f"fault {'x' * n}") for n in range(1, 40)))

    explained = explained_impact(period=Period.WEEK, now=NOW)
    series = timeseries_report(period=Period.WEEK, now=NOW)

    value = explained.report.revenue_at_risk.value
    assert value == at_risk()
    assert value == sum(row.impact for row in explained.report.breakdown)
    assert value == sum(
        term.amount for term in explained.explanation.revenue_at_risk.terms
    )
    assert value == sum(point.at_risk or 0 for point in series.points)
