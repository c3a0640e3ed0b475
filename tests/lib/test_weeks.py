from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.periods import Window
from qa_observability.lib.weeks import IsoWeek, due_week, last_complete_week


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("2026-W47", date(2026, 11, 16), date(2026, 11, 22), id="usual"),
        pytest.param("2026-W01", date(2025, 12, 29), date(2026, 1, 4), id="new year"),
        pytest.param("2026-W53", date(2026, 12, 28), date(2027, 1, 3), id="long year"),
    ],
)
def test_a_week_runs_from_monday_to_sunday(text, first, last):
    week = IsoWeek.parse(text)

    assert (str(week), week.first_day, week.last_day) == (text, first, last)
    assert list(week.window.days()) == [first + timedelta(days=n) for n in range(7)]


def test_a_week_ends_where_the_next_begins():
    assert IsoWeek(2026, 47).window == Window(at("2026-11-16"), at("2026-11-23"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-47",
        "2026-W00",
        "2026-W54",
        "2025-W53",
        "2026-w47",
        "26-W47",
        "0000-W01",
        "2026-W47 ",
        "２０２６-W47",
    ],
)
def test_what_names_no_week_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  the standard library words it
        IsoWeek.parse(text)


@given(st.dates(min_value=date(1971, 1, 1), max_value=date(2200, 1, 1)))
def test_every_day_is_in_its_week_and_no_week_is_missing_before_it(day):
    week = IsoWeek.of(day)

    assert week.first_day <= day <= week.last_day
    assert IsoWeek.parse(str(week)) == week
    assert week.previous().last_day == week.first_day - timedelta(days=1)
    assert week.previous() < week


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-11-22T23:59:59", "2026-W46", id="Sunday's last second"),
        pytest.param("2026-11-23T00:00:00", "2026-W47", id="Monday's first"),
    ],
)
def test_a_week_is_complete_when_its_sunday_is_over(now, expected):
    assert str(last_complete_week(at(now))) == expected


@pytest.mark.parametrize(
    ("zone", "due_at"),
    [
        pytest.param("UTC", "2026-11-23T06:00:00", id="UTC"),
        pytest.param("America/Sao_Paulo", "2026-11-23T09:00:00", id="west"),
        pytest.param("Europe/Berlin", "2026-11-23T05:00:00", id="winter time"),
        pytest.param("Asia/Kathmandu", "2026-11-23T00:15:00", id="quarter hours"),
        pytest.param("Pacific/Auckland", "2026-11-23T00:00:00", id="week not over"),
    ],
)
def test_a_report_is_due_on_monday_at_six_in_the_zone(zone, due_at):
    moment, second = at(due_at), timedelta(seconds=1)

    assert str(due_week(moment - second, ZoneInfo(zone))) == "2026-W46"
    assert str(due_week(moment, ZoneInfo(zone))) == "2026-W47"


def test_summer_time_moves_the_hour():
    berlin = ZoneInfo("Europe/Berlin")

    assert str(due_week(at("2026-07-06T03:59:59"), berlin)) == "2026-W26"
    assert str(due_week(at("2026-07-06T04:00:00"), berlin)) == "2026-W27"
