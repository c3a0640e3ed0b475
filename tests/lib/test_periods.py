"""Periods are whole UTC days, half-open, today so far."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.periods import (
    DEFAULT_PERIOD,
    Period,
    Window,
    start_of_day,
    utc_day,
)

NOON = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)
aware = st.integers(min_value=10**9, max_value=3 * 10**9).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@pytest.mark.parametrize(
    ("period", "first"),
    [
        pytest.param("7d", date(2026, 3, 4), id="week"),
        pytest.param("30d", date(2026, 2, 9), id="month"),
        pytest.param("90d", date(2025, 12, 11), id="quarter"),
        pytest.param("1y", date(2025, 3, 11), id="year"),
    ],
)
def test_period_is_n_days_ending_today(period, first):
    window = Period(period).window(ending=NOON)

    assert window == Window(start_of_day(first), NOON)


def test_previous_period_is_whole_days_before():
    assert Period.WEEK.previous(ending=NOON) == Window(
        datetime(2026, 2, 25, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
    )


def test_default_period_is_thirty_days():
    assert DEFAULT_PERIOD == "30d"


def test_day_of_a_moment_is_the_utc_day():
    late_in_sao_paulo = datetime(
        2026, 3, 9, 22, 0, tzinfo=timezone(timedelta(hours=-3))
    )

    assert utc_day(late_in_sao_paulo) == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(NOON.replace(tzinfo=None), NOON, id="naive"),
        pytest.param(NOON, NOON - timedelta(seconds=1), id="backwards"),
    ],
)
def test_window_refuses_what_is_no_window(start, end):
    with pytest.raises(ValueError, match="window"):
        Window(start, end)


def test_window_ending_at_midnight_leaves_the_next_day_out():
    window = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))

    assert list(window.days()) == [date(2026, 3, 1), date(2026, 3, 2)]
    assert window.contains(window.start)
    assert not window.contains(window.end)


@given(aware, st.sampled_from(Period))
def test_period_touches_exactly_its_days(now, period):
    days = list(period.window(ending=now + timedelta(microseconds=1)).days())

    assert len(days) == period.days
    assert days[-1] == utc_day(now)


@given(aware, st.sampled_from(Period))
def test_previous_period_meets_the_current_one(now, period):
    current, previous = period.window(ending=now), period.previous(ending=now)

    assert previous.end == current.start
    assert previous.duration == timedelta(days=period.days)


@given(aware, aware, aware, aware)
def test_overlap_is_symmetric_and_never_longer_than_either(a, b, c, d):
    one, other = Window(min(a, b), max(a, b)), Window(min(c, d), max(c, d))

    assert one.overlap(other) == other.overlap(one)
    assert timedelta() <= one.overlap(other) <= min(one.duration, other.duration)
