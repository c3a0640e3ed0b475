"""The overview says what is known now, and never takes absence for health."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from integration_health.ingest.events import EventInput, ingest_events
from integration_health.ingest.snapshots import SnapshotInput, record_snapshot
from integration_health.models import Integration
from integration_health.reports.courses import Totals
from integration_health.reports.facts import ChannelFacts, money_facts
from integration_health.reports.overview import HealthPoint, health_overview
from qa_observability.lib.periods import Period, Window
from qa_observability.lib.trends import ChangeBasis, Trend

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def record(slug="airbnb", hours=0, rate="0.01", **signals):
    given = SnapshotInput(
        integration_id=slug,
        error_rate=Decimal(rate),
        last_checked=NOW - hours * HOUR,
        **signals,
    )
    record_snapshot(given, source="api", actor="pipeline", now=NOW)


def overview(period=Period.MONTH):
    return health_overview(period=period, now=NOW)


def state(slug, report=None):
    report = report or overview()
    return next(each for each in report.integrations if each.integration_id == slug)


def test_nothing_recorded_is_no_data_everywhere():
    report = overview()

    assert [each.integration_id for each in report.integrations] == [
        "booking-com",
        "airbnb",
        "vrbo",
        "hmbn",
    ]
    assert {each.status for each in report.integrations} == {None}
    assert (report.overall_health, report.unknown_count, report.overall_reason) == (
        None,
        4,
        "No data on 4 channels: Booking.com, Airbnb, Vrbo, HMBN.",
    )


def test_all_healthy_is_healthy():
    for slug in ("booking-com", "airbnb", "vrbo", "hmbn"):
        record(slug)

    report = overview()

    assert (report.overall_health, report.driver, report.unknown_count) == (
        "healthy",
        None,
        0,
    )


def test_healthy_with_one_unknown_is_unknown():
    for slug in ("booking-com", "airbnb", "vrbo"):
        record(slug)

    report = overview()

    assert (report.overall_health, report.unknown_count, report.overall_reason) == (
        None,
        1,
        "No data on HMBN.",
    )


def test_worst_known_status_drives_the_whole():
    record("airbnb", rate="0.061")
    record("vrbo", rate="0.03")

    report = overview()

    assert (
        report.overall_health,
        report.driver,
        report.unknown_count,
        report.overall_reason,
    ) == (
        "critical",
        "airbnb",
        2,
        "Airbnb: Critical because error rate 6.1 % ≥ 5 %",
    )


def test_disabled_channel_is_left_out():
    Integration.objects.exclude(pk="airbnb").update(enabled=False)
    record()

    report = overview()

    assert [each.integration_id for each in report.integrations] == ["airbnb"]
    assert report.overall_health == "healthy"


@pytest.mark.parametrize(
    ("age", "status"),
    [
        pytest.param(timedelta(hours=48), "critical", id="twice the interval"),
        pytest.param(timedelta(hours=48, microseconds=1), None, id="just stale"),
    ],
)
def test_stale_data_keeps_its_values_and_loses_its_status(age, status):
    record(hours=age / HOUR, rate="0.5")

    airbnb = state("airbnb")

    assert (airbnb.status, airbnb.stale, airbnb.error_rate) == (
        status,
        status is None,
        Decimal("0.5"),
    )


def test_trend_compares_time_weighted_means():
    for day in range(60):
        record(hours=24 * day, rate="0.02" if day < 30 else "0.01")

    airbnb = state("airbnb")

    assert (airbnb.trend, airbnb.change_basis) == (Trend.UP, None)
    assert Decimal(95) < airbnb.change <= Decimal(100)


def test_thin_history_gives_no_trend():
    record(hours=0)
    record(hours=24 * 40)

    airbnb = state("airbnb")

    assert (airbnb.trend, airbnb.change, airbnb.change_basis) == (
        Trend.NEUTRAL,
        None,
        ChangeBasis.INSUFFICIENT_HISTORY,
    )


def test_days_end_with_today_so_far():
    record(hours=18, rate="0.02")
    record(hours=6, rate="0.06")

    assert state("airbnb").days == [
        HealthPoint(
            date(2026, 1, 9), "warning", Decimal("0.02"), None, None, None, 21600
        ),
        HealthPoint(
            date(2026, 1, 10), "critical", Decimal("0.04"), None, None, None, 43200
        ),
    ]


@pytest.mark.parametrize("channels", [1, 3])
def test_overview_takes_seven_queries(channels, django_assert_num_queries):
    for slug in ("booking-com", "airbnb", "vrbo")[:channels]:
        record(slug)

    with django_assert_num_queries(7):
        overview(Period.YEAR)


def test_money_facts_join_failures_and_rates():
    record(hours=12, rate="0.06", booking_loss_rate=Decimal("0.01"))
    ingest_events(
        [
            EventInput(
                line=n,
                integration_id=slug,
                event_type=kind,
                severity="high",
                occurred_at=NOW - hours * HOUR,
            )
            for n, (slug, kind, hours) in enumerate(
                [
                    ("airbnb", "booking_loss", 1),
                    ("airbnb", "booking_loss", 2),
                    ("airbnb", "api_error", 2),
                    ("vrbo", "booking_loss", 24),
                ]
            )
        ],
        source="api",
        actor="",
        now=NOW,
    )

    facts = money_facts(Window(datetime(2026, 1, 9, tzinfo=UTC), NOW))

    assert [each for each in facts if each.failures] == [
        ChannelFacts(
            "airbnb",
            [date(2026, 1, 9), date(2026, 1, 10)],
            {"api_error": [0, 1], "booking_loss": [0, 2]},
            [
                Totals(),
                Totals(
                    covered_seconds=43200,
                    worst_status="critical",
                    error_rate=Decimal("0.06"),
                    error_rate_seconds=43200,
                    booking_loss_rate=Decimal("0.01"),
                    booking_loss_seconds=43200,
                ),
            ],
        ),
        ChannelFacts(
            "vrbo",
            [date(2026, 1, 9), date(2026, 1, 10)],
            {"booking_loss": [1, 0]},
            [Totals(), Totals()],
        ),
    ]
