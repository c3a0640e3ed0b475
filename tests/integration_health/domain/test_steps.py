"""What held between snapshots: a step function, weighed by time."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.domain.steps import (
    Reading,
    Step,
    covered,
    held_for,
    mean,
    merged,
    steps,
    within,
    without,
)
from qa_observability.lib.periods import Window

MIDNIGHT = datetime(2026, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOLD = 4 * HOUR


def at(hours):
    return MIDNIGHT + timedelta(hours=hours)


def reading(hours, value="0.1", since=None):
    return Reading(at(hours), Decimal(value), None if since is None else at(since))


def step(start, end, value="0.1"):
    return Step(Window(at(start), at(end)), Decimal(value))


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([reading(1)], [step(1, 5)], id="held for the hold"),
        pytest.param(
            [reading(3, "0.2"), reading(1)],
            [step(1, 3), step(3, 7, "0.2")],
            id="until the next, in any order",
        ),
        pytest.param([reading(1), reading(9)], [step(1, 5), step(9, 13)], id="a gap"),
        pytest.param([reading(5, since=1)], [step(1, 9)], id="a window before it"),
        pytest.param(
            [reading(2), reading(6, "0.2", since=3)],
            [step(2, 3), step(3, 10, "0.2")],
            id="a window cuts what was held",
        ),
        pytest.param(
            [reading(4), reading(6, "0.2", since=3)],
            [step(3, 10, "0.2")],
            id="a window outweighs a reading inside it",
        ),
    ],
)
def test_steps(readings, expected):
    assert steps(readings, HOLD) == expected


READINGS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(0, 12)).map(
        lambda each: reading(each[0], f"0.{each[1]}", each[0] - each[2])
    ),
    max_size=12,
    unique_by=lambda each: each.checked_at,
)


@given(READINGS)
def test_steps_stand_in_order_and_never_overlap(readings):
    found = steps(readings, HOLD)

    ends = [each.window.end for each in found]
    starts = [each.window.start for each in found]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


@given(READINGS, st.integers(-5, 50))
def test_what_ended_before_may_be_left_out(readings, since):
    everything = steps(readings, HOLD)

    found = steps(readings, HOLD, since=at(since))

    assert everything[len(everything) - len(found) :] == found
    assert within(found, Window(at(since), at(99))) == within(
        everything, Window(at(since), at(99))
    )


@given(READINGS, st.integers(-5, 50), st.integers(0, 20), st.integers(0, 20))
def test_parts_of_a_window_add_up(readings, start, first, second):
    held = steps(readings, HOLD)
    parts = [
        within(held, Window(at(start), at(start + first))),
        within(held, Window(at(start + first), at(start + first + second))),
    ]

    whole = within(held, Window(at(start), at(start + first + second)))

    assert held_for(whole) == sum(map(held_for, parts), timedelta())


@given(READINGS, st.integers(-5, 50), st.integers(0, 20))
def test_cut_out_time_is_what_lay_inside(readings, start, length):
    held = steps(readings, HOLD)
    span = Window(at(start), at(start + length))

    remaining = without(held, [span])

    assert held_for(remaining) == held_for(held) - held_for(within(held, span))
    assert within(remaining, span) == []


def test_mean_is_weighed_by_time():
    assert mean([step(0, 3, "0.10"), step(5, 6, "0.50")]) == Decimal("0.2")


def test_mean_of_nothing_is_unknown():
    assert mean([]) is None


@pytest.mark.parametrize(
    ("spans", "hours"),
    [
        pytest.param([], 0),
        pytest.param([(1, 3), (2, 4)], 3, id="overlap counts once"),
        pytest.param([(1, 9), (2, 3)], 8, id="one inside the other"),
        pytest.param([(-5, 1), (9, 20)], 2, id="cut at the window"),
        pytest.param([(-5, 0), (10, 20)], 0, id="outside"),
    ],
)
def test_covered(spans, hours):
    windows = [Window(at(start), at(end)) for start, end in spans]

    assert covered(windows, Window(at(0), at(10))) == hours * HOUR


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
        lambda ends: Window(at(min(ends)), at(max(ends)))
    ),
    max_size=8,
)


@given(spans)
def test_merged_windows_are_apart_and_hold_the_same_hours(windows):
    found = merged(windows)

    assert all(one.end < other.start for one, other in pairwise(found))
    for hour in range(40):
        moment = at(hour) + HOUR / 2
        assert any(each.contains(moment) for each in found) == any(
            each.contains(moment) for each in windows
        )


@given(READINGS, spans)
def test_the_same_is_cut_out_by_overlapping_windows_and_by_merged_ones(
    readings, windows
):
    held = steps(readings, HOLD)

    assert without(held, merged(windows)) == without(held, windows)
