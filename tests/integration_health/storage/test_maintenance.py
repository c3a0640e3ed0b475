"""Recurring maintenance keeps to the clocks of its zone, whatever they do."""

from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from integration_health.ingest.events import EventInput, ingest_events
from integration_health.models import Failure, IntegrationEvent, MaintenanceWindow
from integration_health.storage.maintenance import maintenance_spans
from integration_health.storage.zones import known_zones
from qa_observability.lib.periods import Window

HOUR = timedelta(hours=1)
DAYS = {"daily": 1, "weekly": 7}
LISBON = ZoneInfo("Europe/Lisbon")
SPRING = datetime(2026, 3, 29, tzinfo=UTC)  # 01:00 becomes 02:00 in Lisbon
AUTUMN = datetime(2026, 10, 25, tzinfo=UTC)  # 02:00 becomes 01:00


def plan(starts_at, zone="Europe/Lisbon", *, lasts=HOUR, recurrence="daily", times=3):
    """Plan a window that repeats ``times`` times."""
    return MaintenanceWindow.objects.create(
        title="Upgrade",
        starts_at=starts_at,
        ends_at=starts_at + lasts,
        recurrence=recurrence,
        repeats_until=starts_at + timedelta(days=DAYS[recurrence] * times - 0.5),
        time_zone=zone,
    )


def spans_of(window):
    """Return all spans of the only window there is, from well before to well after it."""
    wide = timedelta(days=30)
    found = maintenance_spans(
        Window(window.starts_at - wide, window.repeats_until + wide)
    )
    return [span for _slug, span in found]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "starts"),
    [
        pytest.param(
            datetime(2026, 3, 22, 2, tzinfo=LISBON),
            ["22 02:00", "29 01:00", "05 01:00"],
            id="spring",
        ),
        pytest.param(
            datetime(2026, 10, 18, 2, tzinfo=LISBON),
            ["18 01:00", "25 02:00", "01 02:00"],
            id="autumn",
        ),
    ],
)
def test_sundays_at_two_in_lisbon_follow_its_clocks(first, starts):
    window = plan(first, recurrence="weekly")

    spans = spans_of(window)

    assert [f"{span.start.astimezone(UTC):%d %H:%M}" for span in spans] == starts
    assert [span.start.astimezone(LISBON).time() for span in spans] == [time(2)] * 3
    assert {span.duration for span in spans} == {HOUR}


@pytest.mark.django_db
def test_events_are_marked_by_the_clocks_of_the_window():
    plan(datetime(2026, 3, 22, 2, tzinfo=LISBON), recurrence="weekly")
    hours = (0, 1, 2)  # of 29 March in UTC, an hour behind Lisbon

    ingest_events(
        [
            EventInput(
                line=hour,
                integration_id="airbnb",
                event_type="api_error",
                severity="high",
                occurred_at=SPRING + hour * HOUR + HOUR / 2,
            )
            for hour in hours
        ],
        source="api",
        actor="",
        now=SPRING + timedelta(days=1),
    )

    marks = IntegrationEvent.objects.order_by("occurred_at")
    assert list(marks.values_list("in_maintenance", flat=True)) == [False, True, False]
    assert Failure.objects.count() == 2


@pytest.mark.django_db
def test_a_time_the_clocks_skip_is_read_by_the_offset_before():
    window = plan(datetime(2026, 3, 28, 1, 30, tzinfo=LISBON))

    local = [
        f"{span.start.astimezone(LISBON):%d %H:%M %Z}" for span in spans_of(window)
    ]

    assert local == ["28 01:30 WET", "29 02:30 WEST", "30 01:30 WEST"]


@pytest.mark.django_db
def test_of_a_time_that_comes_twice_the_first_counts():
    window = plan(datetime(2026, 10, 24, 1, 30, tzinfo=LISBON))

    local = [
        f"{span.start.astimezone(LISBON):%d %H:%M %Z}" for span in spans_of(window)
    ]

    assert local == ["24 01:30 WEST", "25 01:30 WEST", "26 01:30 WET"]


@pytest.mark.django_db
def test_a_window_planned_for_the_second_of_two_equal_times_starts_when_it_says():
    second = datetime(2026, 10, 25, 1, 30, tzinfo=LISBON, fold=1).astimezone(UTC)

    assert [span.start for span in spans_of(plan(second, times=2))] == [
        second,
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]


@pytest.mark.django_db
def test_windows_of_releases_before_repeat_in_utc():
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO integration_maintenance_windows (id, title, starts_at, ends_at,
                recurrence, repeats_until, sample, created_by)
            VALUES (gen_random_uuid(), 'Upgrade', %s, %s, 'weekly', %s, false, '')""",
            [SPRING, SPRING + HOUR, SPRING + timedelta(days=8)],
        )

    window = MaintenanceWindow.objects.get()

    assert window.time_zone == "UTC"
    assert [span.start for span in spans_of(window)] == [
        SPRING,
        SPRING + timedelta(days=7),
    ]


@pytest.mark.django_db
def test_a_zone_no_writer_could_read_is_refused_by_the_table():
    with pytest.raises(DataError, match="Lisboa"), transaction.atomic():
        plan(SPRING, "Europe/Lisboa")


@pytest.mark.django_db
def test_repetitions_and_lengths_do_not_depend_on_the_zone_of_the_session():
    plan(AUTUMN - timedelta(days=1), lasts=timedelta(days=1))
    read = """SELECT extract(epoch FROM starts_at), extract(epoch FROM ends_at)
        FROM integration_maintenance_spans('2026-01-01Z', '2027-01-01Z') ORDER BY 1"""

    with connection.cursor() as cursor:
        found = []
        for zone in ("UTC", "Europe/Lisbon"):
            cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
            cursor.execute(read)
            found.append(cursor.fetchall())

    in_utc, elsewhere = found
    assert elsewhere == in_utc
    assert [int(end - start) for start, end in elsewhere] == [24 * 3600] * 3


def expected_spans(window):
    """Repeat the time on the clock in Python, whose first reading is ours (fold 0)."""
    zone = ZoneInfo(window.time_zone)
    clock = window.starts_at.astimezone(zone).replace(tzinfo=None)
    step = timedelta(days=DAYS[window.recurrence])
    lasts = window.ends_at - window.starts_at
    turns = (
        (clock + n * step).replace(tzinfo=zone).astimezone(UTC) for n in range(1, 999)
    )
    starts = [
        window.starts_at,
        *takewhile(lambda start: start < window.repeats_until, turns),
    ]
    return [Window(start, start + lasts) for start in starts]


def moments(first, last):
    """Return a strategy of moments to the second."""
    length = int((last - first).total_seconds())
    return st.integers(0, length).map(
        lambda seconds: first + timedelta(seconds=seconds)
    )


class AnyZone(PropertyTestCase):
    """Any zone and year: the database repeats as Python reads the clocks."""

    @settings(max_examples=60, deadline=None)
    @given(
        zone=st.sampled_from(["UTC", "Europe/Lisbon", "Australia/Lord_Howe"])
        | st.deferred(lambda: st.sampled_from(known_zones())),
        starts_at=moments(
            datetime(2025, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
        ),
        minutes=st.integers(1, 24 * 60),
        recurrence=st.sampled_from(sorted(DAYS)),
        times=st.integers(1, 60),
    )
    def test_database_and_python_agree(
        self, zone, starts_at, minutes, recurrence, times
    ):
        window = plan(
            starts_at,
            zone,
            lasts=timedelta(minutes=minutes),
            recurrence=recurrence,
            times=times,
        )

        assert spans_of(window) == expected_spans(window)

    @settings(max_examples=60, deadline=None)
    @given(
        starts_at=moments(
            datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
        ),
        low=st.integers(-50, 1500),
        length=st.integers(1, 400),
    )
    def test_a_part_holds_the_spans_that_reach_into_it(self, starts_at, low, length):
        window = plan(starts_at, lasts=9 * HOUR, times=50)
        part = Window(starts_at + low * HOUR, starts_at + (low + length) * HOUR)

        assert [span for _slug, span in maintenance_spans(part)] == [
            span for span in expected_spans(window) if span.overlap(part)
        ]
