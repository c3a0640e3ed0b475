"""The impact report on stored days: figures, rows and terms that agree to the cent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.models import EventDay, HealthDay
from qa_observability.lib.periods import Period, Window
from qa_observability.lib.trends import ChangeBasis, Trend
from revenue.configure import Authorship, set_assumption
from revenue.domain.impact import MeasuredRates
from revenue.enums import Basis, ImpactType, Method
from revenue.reports import (
    explained_impact,
    impact_report,
    money_at_risk,
    money_by_type,
    timeseries_report,
)
from revenue.reports.figures import (
    BreakdownRow,
    Channel,
    CountedRow,
    Figure,
    UnpricedRow,
    UnprotectedRow,
)
from revenue.reports.impact import build_impact
from revenue.reports.sources import Sources, read_sources
from tests.revenue.builders import always, channel_days, values
from tests.revenue.domain.test_impact import assumptions, days

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
TODAY = NOW.date()
ONE_DAY = timedelta(days=1)
LONG_AGO = TODAY - 100 * ONE_DAY


def failed(integration_id, ago, **failures):
    for event_type, number in failures.items():
        EventDay.objects.create(
            integration_id=integration_id,
            day=TODAY - ago * ONE_DAY,
            event_type=event_type,
            severity="high",
            rows=number * 3,
            occurrences=number * 100,
            failures=number,
        )


def covered(integration_id, first_ago, last_ago, **columns):
    HealthDay.objects.bulk_create(
        HealthDay(
            integration_id=integration_id,
            day=TODAY - ago * ONE_DAY,
            covered_seconds=86_400,
            **columns,
        )
        for ago in range(last_ago, first_ago + 1)
    )


def assume(integration_id, valid_from=LONG_AGO, **given):
    set_assumption(
        integration_id,
        values(**given),
        Authorship(None, "", NOW),
        valid_from=valid_from,
    )


def month(**choice):
    return impact_report(period=Period.MONTH, now=NOW, **choice)


@pytest.mark.django_db
class TestReport:
    def test_nothing_failed_and_nothing_is_known(self, django_assert_num_queries):
        with django_assert_num_queries(11):
            report = month()

        assert report.revenue_at_risk == Figure(
            None,
            None,
            ChangeBasis.INSUFFICIENT_HISTORY,
            Trend.NEUTRAL,
            None,
            None,
            Basis.NO_COVERAGE,
        )
        assert report.revenue_protected == Figure(
            None,
            None,
            ChangeBasis.INSUFFICIENT_HISTORY,
            Trend.NEUTRAL,
            None,
            None,
            Basis.BOOKINGS_PER_DAY_MISSING,
        )
        assert (report.breakdown, report.coverage) == ((), Decimal(0))
        assert [
            (used.integration_id, used.avg_booking_value, used.version, used.is_default)
            for used in report.assumptions
        ] == [
            (slug, Decimal("250.00"), None, True)
            for slug in ("booking-com", "airbnb", "vrbo", "hmbn")
        ]

    def test_a_period_with_data_and_no_failures_is_a_known_zero(self):
        covered("airbnb", 3, 3)

        assert month().revenue_at_risk == Figure(
            Decimal("0.00"),
            None,
            ChangeBasis.INSUFFICIENT_HISTORY,
            Trend.NEUTRAL,
            Decimal("0.00"),
            Decimal("0.00"),
            Basis.PER_FAILURE,
        )
        assert month(integration_id="vrbo").revenue_at_risk.value is None

    def test_rows_are_sorted_by_impact_and_add_up(self):
        assume("airbnb", value="300.00", leakage="0.07")
        failed("airbnb", 3, pricing_sync_error=14, booking_loss=1, api_error=9)
        failed("vrbo", 3, fee_sync_error=2)

        report = month()

        assert report.breakdown == (
            BreakdownRow(
                "airbnb",
                "Airbnb",
                Decimal("300.00"),
                ImpactType.BOOKING_LOSS,
                Decimal("300.00"),
                Trend.NEUTRAL,
                None,
                ChangeBasis.INSUFFICIENT_HISTORY,
                Decimal("300.00"),
                Decimal("300.00"),
                Decimal("0.4847"),
            ),
            BreakdownRow(
                "airbnb",
                "Airbnb",
                Decimal("294.00"),
                ImpactType.PRICING,
                Decimal("294.00"),
                Trend.NEUTRAL,
                None,
                ChangeBasis.INSUFFICIENT_HISTORY,
                Decimal("126.00"),
                Decimal("294.00"),
                Decimal("0.4750"),
            ),
            BreakdownRow(
                "vrbo",
                "Vrbo",
                Decimal("25.00"),
                ImpactType.FEES,
                Decimal("25.00"),
                Trend.NEUTRAL,
                None,
                ChangeBasis.INSUFFICIENT_HISTORY,
                Decimal("15.00"),
                Decimal("35.00"),
                Decimal("0.0404"),
            ),
        )
        assert report.revenue_at_risk.value == Decimal("619.00")
        assert report.counted == (CountedRow("airbnb", "Airbnb", "api_error", 9),)

    def test_the_period_before_gives_change_and_trend(self):
        for slug in ("booking-com", "airbnb", "vrbo", "hmbn"):
            covered(slug, 59, 0)
        failed("airbnb", 3, pricing_sync_error=3)
        failed("airbnb", 29, pricing_sync_error=3)
        failed("airbnb", 30, pricing_sync_error=8)

        report = month()

        assert report.revenue_at_risk == Figure(
            Decimal("75.00"),
            Decimal("-25.0"),
            None,
            Trend.DOWN,
            Decimal("45.00"),
            Decimal("105.00"),
            Basis.PER_FAILURE,
        )
        (row,) = report.breakdown
        assert (row.trend, row.change) == (Trend.DOWN, Decimal("-25.0"))

    def test_changing_todays_assumption_never_changes_last_months_figure(self):
        failed("airbnb", 35, pricing_sync_error=8, booking_loss=3)
        last_month = NOW - 30 * ONE_DAY
        before = impact_report(period=Period.MONTH, now=last_month)

        assume("airbnb", None, value="999.00", leakage="0.5", bookings="1")
        assume(None, None, value="777.00", method=Method.BY_RATE)

        assert impact_report(period=Period.MONTH, now=last_month) == before
        assert before.revenue_at_risk.value == Decimal("850.00")

    def test_protected_is_known_where_bookings_and_coverage_are(self):
        assume("airbnb", value="300.00", leakage="0.05", bookings="40")
        assume("vrbo", bookings="10")
        covered("airbnb", 10, 1)
        failed("airbnb", 5, pricing_sync_error=10)

        report = month()

        # Ten covered days of 40 x 300 x 5 % = 600, less 150 at risk.
        assert report.revenue_protected.value == Decimal("5850.00")
        assert report.revenue_protected.basis is Basis.BENCHMARK
        assert report.unprotected == (
            UnprotectedRow(
                "booking-com", "Booking.com", Basis.BOOKINGS_PER_DAY_MISSING
            ),
            UnprotectedRow("vrbo", "Vrbo", Basis.NO_COVERAGE),
            UnprotectedRow("hmbn", "HMBN", Basis.BOOKINGS_PER_DAY_MISSING),
        )

    def test_a_measured_loss_replaces_counted_ones(self):
        assume("airbnb", value="300.00", bookings="40")
        covered(
            "airbnb",
            4,
            4,
            booking_loss_rate=Decimal("0.01"),
            booking_loss_seconds=21_600,
        )
        failed("airbnb", 4, booking_loss=7)
        failed("airbnb", 5, booking_loss=1)

        report = month()

        # 40 x 1 % x a quarter day x 300 = 30, and one counted loss of 300.
        assert report.revenue_at_risk.value == Decimal("330.00")

    def test_only_what_was_measured_has_a_rate(self):
        covered(
            "airbnb",
            4,
            4,
            booking_loss_rate=Decimal("0.01230001"),
            booking_loss_seconds=21_601,
        )
        window = Window(NOW - 4 * ONE_DAY, NOW - 3 * ONE_DAY)

        (days,) = read_sources(window, "airbnb").days

        assert days.rates == {
            ImpactType.BOOKING_LOSS: MeasuredRates([1_230_001 * 21_601, 0], [21_601, 0])
        }

    def test_failures_without_a_price_are_told_and_no_zero_is_invented(self):
        assume("airbnb", method=Method.BY_RATE)
        failed("airbnb", 4, pricing_sync_error=7)

        report = month(integration_id="airbnb")

        assert report.revenue_at_risk.value is None
        assert report.revenue_at_risk.basis is Basis.BOOKINGS_PER_DAY_MISSING
        assert report.unpriced == (
            UnpricedRow(
                "airbnb",
                "Airbnb",
                ImpactType.PRICING,
                7,
                Basis.BOOKINGS_PER_DAY_MISSING,
            ),
        )

    def test_integrations_add_up_to_the_whole(self):
        assume("airbnb", value="33.33", leakage="0.0333")
        assume("vrbo", value="77.77", leakage="0.0777")
        for ago in range(1, 30):
            failed("airbnb", ago, pricing_sync_error=ago, fee_sync_error=1)
            failed("vrbo", ago, pricing_sync_error=1)

        parts = [
            month(integration_id=slug).revenue_at_risk for slug in ("airbnb", "vrbo")
        ]

        whole = month().revenue_at_risk
        assert sum(part.value for part in parts) == whole.value
        assert sum(part.low for part in parts) == whole.low
        assert sum(part.high for part in parts) == whole.high

    def test_coverage_is_a_share_of_the_hours_so_far(self):
        covered("airbnb", 29, 1)
        covered("vrbo", 29, 15)

        report = month()

        # 44 covered days of four channels, each of which had 29 days and a half.
        assert report.coverage == Decimal("0.3729")
        assert month(integration_id="vrbo").coverage == Decimal("0.5085")

    def test_neighbours_get_amounts_by_integration_and_type(self):
        failed("airbnb", 1, pricing_sync_error=2, booking_loss=1)
        failed("vrbo", 1, api_error=5)
        window = Window(NOW - 7 * ONE_DAY, NOW)

        assert money_at_risk(window) == {"airbnb": Decimal("275.00")}
        assert money_by_type(window) == {
            ("airbnb", ImpactType.PRICING): Decimal("25.00"),
            ("airbnb", ImpactType.BOOKING_LOSS): Decimal("250.00"),
        }

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_cost_does_not_grow_with_rows(self, rows, django_assert_num_queries):
        for ago in range(1, rows + 1):
            failed("airbnb", ago, pricing_sync_error=2)
            assume("airbnb", TODAY - ago * ONE_DAY, value=f"{ago}.00")

        with django_assert_num_queries(11):
            month()


@given(st.lists(days, max_size=30, unique_by=lambda day: day.day), assumptions)
def test_every_view_of_a_period_agrees_to_the_cent(some, held):
    newest = date(2026, 1, 10)
    now = datetime(2026, 1, 10, 23, 59, tzinfo=UTC)
    sources = Sources(
        (Channel("airbnb", "Airbnb", enabled=True),),
        always(held),
        "USD",
        (channel_days(*some),),
    )

    report = build_impact(sources, period=Period.MONTH, now=now, integration_id=None)
    current = sources.ledger(report.window)

    rows = sum(row.impact for row in report.breakdown)
    by_day = sum(current.at_risk_by_day().values())
    assert rows == by_day
    assert report.revenue_at_risk.value in {rows, None}
    kept = sum(current.protected_by_day().values())
    assert report.revenue_protected.value in {kept, None}
    assert all(day <= newest for day in current.at_risk_by_day())


@pytest.mark.django_db
def test_terms_points_and_rows_add_up_to_the_figures():
    assume("airbnb", value="33.33", leakage="0.0333", bookings="7")
    assume("airbnb", TODAY - 9 * ONE_DAY, value="35.55", leakage="0.0444", bookings="9")
    covered(
        "airbnb",
        40,
        1,
        booking_loss_rate=Decimal("0.01230001"),
        booking_loss_seconds=77_777,
    )
    for ago in range(1, 30):
        failed("airbnb", ago, pricing_sync_error=ago, fee_sync_error=2)

    explained = explained_impact(period=Period.MONTH, now=NOW)
    series = timeseries_report(period=Period.MONTH, now=NOW)

    report, explanation = explained.report, explained.explanation
    at_risk = report.revenue_at_risk.value
    assert sum(term.amount for term in explanation.revenue_at_risk.terms) == at_risk
    assert sum(row.impact for row in report.breakdown) == at_risk
    assert sum(point.at_risk or 0 for point in series.points) == at_risk
    kept = report.revenue_protected.value
    assert sum(term.amount for term in explanation.revenue_protected.terms) == kept
    assert sum(point.protected or 0 for point in series.points) == kept
