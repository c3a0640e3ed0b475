"""An incident costs its share of its days: never more than the revenue page says."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from integration_health.enums import IncidentState
from integration_health.ingest.event_rows import EventInput
from integration_health.ingest.events import ingest_events
from integration_health.models import Incident
from integration_health.reports.incidents import incident_item
from qa_observability.lib.periods import Window
from revenue.configure import Authorship, set_assumption
from revenue.domain.amounts import Estimate
from revenue.enums import ImpactType, Method
from revenue.reports import money_by_type
from revenue.reports.incidents import IncidentCost, Unknown, incident_costs
from tests.revenue.builders import values

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
DAY = datetime(2026, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def failed(at, event_type="pricing_sync_error", message="failed", slug="airbnb"):
    event = EventInput(
        line=1,
        integration_id=slug,
        event_type=event_type,
        severity="high",
        message=message,
        occurred_at=at,
    )
    ingest_events([event], source="api", actor="test", now=NOW)


def incident(start, end, slug="airbnb"):
    row = Incident.objects.create(
        integration_id=slug,
        started_at=start,
        ended_at=end,
        severity="high",
        state=IncidentState.OPEN,
        detected_at=start,
    )
    return incident_item(row)


def assume(slug="airbnb", value="100.00", leakage="0.05", bookings=None, method=None):
    with transaction.atomic():
        set_assumption(
            slug,
            values(value, leakage, bookings, method),
            Authorship(None, "test", NOW),
            valid_from=date(2026, 1, 1),
            currency="USD",
        )


def costs(*incidents, now=NOW):
    return incident_costs(incidents, now=now)


def test_an_incident_costs_the_failures_that_touch_it():
    assume()
    failed(DAY + 9 * 60 * MINUTE + 59 * MINUTE)
    for minutes in (0, 12, 24):
        failed(DAY + 10 * 60 * MINUTE + minutes * MINUTE)
    failed(DAY + 10 * 60 * MINUTE + 30 * MINUTE)
    found = incident(DAY + 10 * 60 * MINUTE, DAY + 10 * 60 * MINUTE + 24 * MINUTE)

    cost = costs(found)[found.id]

    assert (cost.so_far, cost.counted, cost.per_hour, cost.unknown) == (
        Estimate(Decimal("9.00"), Decimal("15.00"), Decimal("21.00")),
        30 * MINUTE,
        Decimal("30.00"),
        None,
    )
    assert [
        (t.day, t.impact_type, t.failures, t.failures_of_day, t.day_cost, t.amount)
        for t in cost.terms
    ] == [(DAY.date(), ImpactType.PRICING, 3, 5, Decimal("25.00"), Decimal("15.00"))]


def test_one_failure_fills_ten_minutes():
    assume()
    failed(DAY + 5 * MINUTE)
    found = incident(DAY + 5 * MINUTE, DAY + 5 * MINUTE)

    cost = costs(found)[found.id]

    assert cost.so_far.base == Decimal("5.00")
    assert cost.per_hour == Decimal("30.00")


def test_what_the_cap_leaves_out_of_a_day_is_left_out_of_its_incidents():
    assume(bookings="2")
    for minutes in (0, 10, 20, 60, 70):
        failed(DAY + minutes * MINUTE)
    first = incident(DAY, DAY + 20 * MINUTE)
    second = incident(DAY + 60 * MINUTE, DAY + 70 * MINUTE)

    found = costs(first, second)

    page = money_by_type(Window(DAY, NOW))["airbnb", ImpactType.PRICING]
    assert page == Decimal("10.00")
    assert [found[each.id].so_far.base for each in (first, second)] == [
        Decimal("6.00"),
        Decimal("4.00"),
    ]


def test_an_incident_over_midnight_takes_its_share_of_both_days():
    assume()
    for minutes in (-15, -5, 5):
        failed(DAY + minutes * MINUTE)
    failed(DAY + 300 * MINUTE, event_type="fee_sync_error")
    found = incident(DAY - 15 * MINUTE, DAY + 5 * MINUTE)

    cost = costs(found)[found.id]

    assert [(t.day.day, t.failures, t.amount) for t in cost.terms] == [
        (8, 2, Decimal("10.00")),
        (9, 1, Decimal("5.00")),
    ]
    assert cost.so_far.base == Decimal("15.00")


def test_terms_add_up_to_the_cost_to_the_cent():
    assume(value="33.33", leakage="0.07", bookings="1")
    for minutes in (0, 10, 20):
        failed(DAY + minutes * MINUTE)
        failed(DAY + minutes * MINUTE, event_type="fee_sync_error")
    found = incident(DAY, DAY + 10 * MINUTE)

    cost = costs(found)[found.id]

    assert len(cost.terms) == 2
    assert (
        sum(term.amount for term in cost.terms) == cost.so_far.base == Decimal("3.11")
    )


@pytest.mark.parametrize(
    ("event_type", "method", "now", "why"),
    [
        pytest.param("api_error", None, NOW, Unknown.NO_PRICE, id="no price"),
        pytest.param(
            "pricing_sync_error",
            Method.BY_RATE,
            NOW,
            Unknown.BOOKINGS_PER_DAY_MISSING,
            id="rates without bookings",
        ),
    ],
)
def test_what_nobody_can_price_is_unknown_and_says_why(event_type, method, now, why):
    assume(method=method)
    failed(DAY, event_type=event_type)
    found = incident(DAY, DAY + 5 * MINUTE)

    assert costs(found, now=now) == {
        found.id: IncidentCost(None, None, why, 10 * MINUTE, "USD", ())
    }


def test_incidents_older_than_events_are_kept_have_no_cost():
    old = incident(NOW - timedelta(days=91), NOW - timedelta(days=91) + MINUTE)

    assert costs(old)[old.id].unknown is Unknown.NOT_KEPT


def test_nothing_is_asked_for_no_incident(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert costs() == {}


def test_many_incidents_cost_the_queries_of_one():
    assume()
    incidents = [
        incident(DAY + n * 30 * MINUTE, DAY + n * 30 * MINUTE + MINUTE)
        for n in range(30)
    ]
    costs(incidents[0])  # what is kept between requests
    counts = []
    for many in (1, 30):
        with CaptureQueriesContext(connection) as asked:
            costs(*incidents[:many])
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 8
