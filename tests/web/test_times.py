"""Moments as people read them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from qa_observability.web.times import (
    absolute,
    between,
    clock,
    day_range,
    duration,
    long_day,
    offset,
    relative,
    short_day,
    short_moment,
)

NOW = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=26, minutes=10), "26 h"),
        (timedelta(days=2, hours=3), "2 d 3 h"),
        (timedelta(days=12, hours=3), "12 d"),
    ],
)
def test_durations_use_two_units_at_most(length, expected):
    assert duration(length) == expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(0), "just now"),
        (timedelta(seconds=-1), "in a moment"),
        (timedelta(seconds=-59), "in a moment"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(hours=2, minutes=59), "2 h ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=2), "2 d ago"),
        (timedelta(minutes=-5), "in 5 min"),
    ],
)
def test_relative_times_use_the_largest_unit(age, expected):
    assert relative(NOW - age, NOW) == expected


def test_absolute_times_name_the_readers_offset():
    assert absolute(NOW, ZoneInfo("Africa/Johannesburg")) == (
        "Tue 24 Nov 2026, 14:05 UTC+2"
    )
    assert clock(NOW, ZoneInfo("Africa/Johannesburg")) == "14:05:00"


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, "UTC"), (330, "UTC+5:30"), (-180, "UTC−3")]
)
def test_offsets_are_short(minutes, expected):
    zone = timezone(timedelta(minutes=minutes))

    assert offset(NOW.astimezone(zone)) == expected


def test_days_are_written_short_long_and_as_a_range():
    last = date(2026, 11, 24)

    assert short_day(last) == "24 Nov"
    assert long_day(last) == "Tue 24 Nov 2026"
    assert day_range(date(2026, 10, 26), last) == "26 Oct – 24 Nov 2026"
    assert day_range(date(2025, 12, 1), last) == "1 Dec 2025 – 24 Nov 2026"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(1, "24 Nov 2026, 14:05 – 15:05 UTC+2", id="one day"),
        pytest.param(
            12,
            "24 Nov, 14:05 – 25 Nov 2026, 02:05 UTC+2",
            id="over midnight of the reader",
        ),
    ],
)
def test_a_stretch_of_time_names_its_day_once(hours, expected):
    zone = timezone(timedelta(hours=2))

    assert between(NOW, NOW + timedelta(hours=hours), zone) == expected


def test_moments_follow_the_language():
    with translation.override("pt-br"):
        assert absolute(NOW, ZoneInfo("America/Sao_Paulo")) == (
            "Ter, 24/11/2026, 09:05 UTC−3"
        )
        assert (short_day(NOW.date()), short_moment(NOW)) == ("24/11", "24/11, 12:05")
        assert long_day(NOW.date()) == "Ter, 24/11/2026"
        assert day_range(date(2025, 12, 26), NOW.date()) == "26/12/2025 – 24/11/2026"
        assert between(NOW, NOW + timedelta(days=1), UTC) == (
            "24/11, 12:05 – 25/11/2026, 12:05 UTC"
        )
        assert relative(NOW - timedelta(hours=2), NOW) == "há 2 h"
        assert relative(NOW + timedelta(minutes=5), NOW) == "em 5 min"


def test_a_moment_of_the_last_months_needs_no_year():
    assert short_moment(NOW) == "24 Nov, 12:05"
