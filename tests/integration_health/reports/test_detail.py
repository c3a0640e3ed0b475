"""A channel's detail tells its course from checks and rollups."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from integration_health.ingest.events import EventInput, ingest_events
from integration_health.ingest.snapshots import SnapshotInput, record_snapshot
from integration_health.models import Annotation, IntegrationEvent, MaintenanceWindow
from integration_health.reports import events_page, integration_detail
from integration_health.reports.detail import FailureDay, Mark, StatusChange
from integration_health.reports.events import EventFilters, TypeCount
from integration_health.reports.strips import StripCell
from qa_observability.lib.errors import NotFound
from qa_observability.lib.periods import Period, Window

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 10, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 1, 10, tzinfo=UTC)


def record(hours, rate):
    given = SnapshotInput(
        integration_id="airbnb",
        error_rate=Decimal(rate),
        last_checked=NOW - hours * HOUR,
    )
    return record_snapshot(given, source="api", actor="pipeline", now=NOW)[0]


def ingest(number, first=NOW - HOUR, **changes):
    values = {"integration_id": "airbnb", "event_type": "api_error", "severity": "low"}
    return ingest_events(
        [
            EventInput(
                line=n,
                message=f"fault {n}",
                occurred_at=first + timedelta(seconds=n),
                **(values | changes),
            )
            for n in range(number)
        ],
        source="api",
        actor="pipeline",
        now=NOW,
    )


def detail(period=Period.WEEK):
    return integration_detail("airbnb", period=period, now=NOW)


def test_history_is_newest_first_and_keeps_to_the_period():
    recorded = [record(hours, "0.01").pk for hours in (24 * 8, 3, 1)]

    assert [each.id for each in detail().history] == recorded[:0:-1]


def test_strip_of_a_week_is_hourly_and_unknown_where_nothing_is_known():
    record(2, "0.06")
    record(1, "0.01")

    strip = detail().strip

    assert len(strip) == 6 * 24 + 13
    assert strip[-4:] == [
        StripCell(MIDNIGHT + 9 * HOUR, MIDNIGHT + 10 * HOUR, None),
        StripCell(MIDNIGHT + 10 * HOUR, MIDNIGHT + 11 * HOUR, "critical"),
        StripCell(MIDNIGHT + 11 * HOUR, MIDNIGHT + 12 * HOUR, "critical"),
        StripCell(MIDNIGHT + 12 * HOUR, NOW, "healthy"),
    ]


def test_strip_of_a_month_is_daily_with_today_so_far():
    record(24, "0.06")

    strip = detail(Period.MONTH).strip

    assert len(strip) == 30
    assert strip[-3:] == [
        StripCell(MIDNIGHT - 48 * HOUR, MIDNIGHT - 24 * HOUR, None),
        StripCell(MIDNIGHT - 24 * HOUR, MIDNIGHT, "critical"),
        StripCell(MIDNIGHT, NOW, "critical"),
    ]


def test_failures_changes_maintenance_and_marks_are_told():
    record(2, "0.06")
    ingest(2)
    ingest(1, event_type="booking_loss", occurrences=7)
    MaintenanceWindow.objects.create(
        integration_id="vrbo", title="Not ours", starts_at=NOW - HOUR, ends_at=NOW
    )
    MaintenanceWindow.objects.create(
        title="For all", starts_at=NOW - 2 * HOUR, ends_at=NOW - HOUR
    )
    Annotation.objects.create(at=NOW - HOUR, text="Deploy 1.2", url="https://ci.test/1")

    report = detail()

    assert report.failures == [
        FailureDay(
            date(2026, 1, 10),
            3,
            9,
            [TypeCount("api_error", 1), TypeCount("booking_loss", 1)],
        )
    ]
    assert report.changes == [
        StatusChange(
            "airbnb",
            NOW - 2 * HOUR,
            None,
            "critical",
            "Critical because error rate 6 % ≥ 5 %",
        )
    ]
    assert report.maintenance == [Window(NOW - 2 * HOUR, NOW - HOUR)]
    assert report.marks == [
        Mark(NOW - HOUR, "deploy", "Deploy 1.2", "https://ci.test/1")
    ]


def test_unknown_channel_is_not_found_and_names_the_known():
    with pytest.raises(NotFound, match="Known: booking-com, airbnb, vrbo, hmbn"):
        integration_detail("bookings", period=Period.WEEK, now=NOW)


@pytest.mark.parametrize("snapshots", [1, 3])
def test_detail_takes_thirteen_queries(snapshots, django_assert_num_queries):
    for hours in range(snapshots):
        record(hours, "0.01")

    with django_assert_num_queries(13):
        detail(Period.YEAR)


def test_events_come_in_pages_newest_first():
    ingest(5)
    window = Period.WEEK.window(ending=NOW)

    first = events_page("airbnb", window, now=NOW, limit=2)
    second = events_page("airbnb", window, now=NOW, limit=2, after=first.next_key)
    third = events_page("airbnb", window, now=NOW, limit=2, after=second.next_key)

    pages = [
        [event.message for event in page.events] for page in (first, second, third)
    ]
    assert pages == [["fault 4", "fault 3"], ["fault 2", "fault 1"], ["fault 0"]]
    assert (third.next_key, third.approximate_total) == (None, 5)


def test_events_of_one_moment_are_not_lost_between_pages():
    ingest(1)
    for n in range(4):
        ingest(1, metadata={"n": n})
    window = Period.WEEK.window(ending=NOW)

    seen, after = [], None
    while True:
        page = events_page("airbnb", window, now=NOW, limit=2, after=after)
        seen += [event.id for event in page.events]
        after = page.next_key
        if after is None:
            break

    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("filters", "messages", "total"),
    [
        pytest.param({"event_type": "booking_loss"}, ["fault 0"], 1),
        pytest.param({"severity": "critical"}, ["fault 0"], 1),
        pytest.param({"source": "splunk"}, [], None),
        pytest.param({"text": "FAULT 1"}, ["fault 1"], None),
        pytest.param({"text": "100%"}, [], None),
    ],
)
def test_events_are_filtered(filters, messages, total):
    ingest(2)
    ingest(1, event_type="booking_loss", severity="critical")

    page = events_page(
        "airbnb",
        Period.WEEK.window(ending=NOW),
        now=NOW,
        filters=EventFilters(**filters),
    )

    assert [event.message for event in page.events] == messages
    assert page.approximate_total == total


def test_events_past_90_days_are_gone_even_before_their_partition_is():
    ingest(1, first=NOW - timedelta(days=90) + HOUR)
    later = NOW + 2 * HOUR

    page = events_page("airbnb", Period.YEAR.window(ending=later), now=later)

    assert page.events == []
    assert IntegrationEvent.objects.count() == 1
