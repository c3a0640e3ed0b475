"""Drafts are calculated as if they held, and leave no trace."""

from datetime import timedelta
from decimal import Decimal

import pytest

from qa_observability.lib.periods import Period
from revenue.domain.document import Configuration, ConfigurationChange
from revenue.domain.drafts import overlaid
from revenue.models import RevenueAssumption
from revenue.reports import impact_report, what_if_report
from revenue.reports.what_if import UNKNOWN, Amounts, ChannelEffect, drafts_of
from tests.revenue.builders import values
from tests.revenue.reports.test_impact import NOW, TODAY, assume, covered, failed

pytestmark = pytest.mark.django_db

ONE_DAY = timedelta(days=1)


def test_a_draft_shows_before_and_after_per_integration_and_period():
    failed("airbnb", 3, pricing_sync_error=10)
    failed("airbnb", 20, pricing_sync_error=10)
    failed("vrbo", 3, pricing_sync_error=2)

    report = what_if_report(
        {"airbnb": values("300.00", "0.10")},
        now=NOW,
        periods=[Period.WEEK, Period.MONTH],
    )

    week, month = report.periods
    assert (week.period, week.before.at_risk, week.after.at_risk) == (
        Period.WEEK,
        Decimal("150.00"),
        Decimal("325.00"),
    )
    assert (month.before.at_risk, month.after.at_risk) == (
        Decimal("275.00"),
        Decimal("625.00"),
    )
    assert month.integrations == (
        ChannelEffect("booking-com", "Booking.com", UNKNOWN, UNKNOWN),
        ChannelEffect(
            "airbnb",
            "Airbnb",
            Amounts(Decimal("250.00"), Decimal("150.00"), Decimal("350.00"), None),
            Amounts(Decimal("600.00"), Decimal("180.00"), Decimal("600.00"), None),
        ),
        ChannelEffect(
            "vrbo",
            "Vrbo",
            Amounts(Decimal("25.00"), Decimal("15.00"), Decimal("35.00"), None),
            Amounts(Decimal("25.00"), Decimal("15.00"), Decimal("35.00"), None),
        ),
        ChannelEffect("hmbn", "HMBN", UNKNOWN, UNKNOWN),
    )


def test_before_is_what_the_report_says_and_nothing_is_stored():
    assume("airbnb", value="300.00", bookings="40")
    covered("airbnb", 10, 1)
    failed("airbnb", 3, pricing_sync_error=10)
    report = impact_report(period=Period.MONTH, now=NOW)

    effect = what_if_report(
        {None: values("1.00")}, now=NOW, periods=[Period.MONTH]
    ).periods[0]

    assert effect.before.at_risk == report.revenue_at_risk.value
    assert effect.before.protected == report.revenue_protected.value
    assert RevenueAssumption.objects.count() == 1
    assert impact_report(period=Period.MONTH, now=NOW) == report


def test_a_draft_of_the_default_reaches_only_those_who_inherit():
    assume("airbnb", value="300.00", leakage="0.05")
    failed("airbnb", 3, pricing_sync_error=1)
    failed("vrbo", 3, pricing_sync_error=1)

    effect = what_if_report(
        {None: values("100.00", "0.10")}, now=NOW, periods=[Period.MONTH]
    ).periods[0]

    assert {
        each.integration_id: (each.before.at_risk, each.after.at_risk)
        for each in effect.integrations
    } == {
        "booking-com": (None, None),
        "airbnb": (Decimal("15.00"), Decimal("15.00")),
        "vrbo": (Decimal("12.50"), Decimal("10.00")),
        "hmbn": (None, None),
    }


def test_a_draft_from_a_day_leaves_earlier_and_later_versions_alone():
    assume("airbnb", TODAY - 20 * ONE_DAY, value="100.00")
    assume("airbnb", TODAY - 5 * ONE_DAY, value="300.00")
    for ago in (25, 15, 8, 2):
        failed("airbnb", ago, booking_loss=1)

    effect = what_if_report(
        {"airbnb": values("200.00")},
        now=NOW,
        valid_from=TODAY - 10 * ONE_DAY,
        periods=[Period.MONTH],
    ).periods[0]

    assert effect.before.at_risk == Decimal("750.00")  # 250 + 100 + 100 + 300
    assert effect.after.at_risk == Decimal("850.00")  # 250 + 100 + 200 + 300


def test_a_draft_without_a_day_holds_always():
    assume("airbnb", TODAY - 5 * ONE_DAY, value="300.00")
    for ago in (8, 2):
        failed("airbnb", ago, booking_loss=1)

    effect = what_if_report(
        {"airbnb": values("200.00")}, now=NOW, periods=[Period.MONTH]
    ).periods[0]

    assert (effect.before.at_risk, effect.after.at_risk) == (
        Decimal("550.00"),
        Decimal("400.00"),
    )


def test_a_document_drafts_only_what_it_names():
    assume("airbnb", value="300.00", leakage="0.07")
    assume(None, value="240.00")
    change = ConfigurationChange(
        Configuration(integrations={"airbnb": values(leakage="0.10")})
    )

    assert drafts_of(change, now=NOW) == {"airbnb": values("300.00", "0.10")}


def test_a_document_can_draft_the_default():
    assume(None, value="240.00")
    change = ConfigurationChange(Configuration(values(bookings="5")))

    assert drafts_of(change, now=NOW) == {None: values("240.00", bookings="5")}


def test_overlaying_nothing_changes_nothing():
    given = values("300.00", "0.07", "5")

    assert overlaid(given, values()) == given


@pytest.mark.parametrize("rows", [1, 3])
def test_the_cost_does_not_grow(rows, django_assert_num_queries):
    for ago in range(1, rows + 1):
        failed("airbnb", ago, pricing_sync_error=2)

    with django_assert_num_queries(10):
        what_if_report({None: values("1.00")}, now=NOW)
