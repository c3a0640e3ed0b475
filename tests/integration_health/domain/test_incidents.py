"""The hot-burst rule, against a slow reading of its words and exact arithmetic."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.domain.incidents import (
    BURST,
    GAP,
    SECOND,
    Span,
    burst_size,
    episodes,
    hot,
    same_incidents,
    usual_rate,
)

MINUTE = 60 * SECOND


def array(values):
    return np.array(values, dtype=np.int64)


def hot_by_the_words(moments, occurrences, sizes):
    """Try every interval that starts at, or just after, an event or 5 minutes before it."""
    starts = {m + shift for m in moments for shift in (0, 1, -BURST, 1 - BURST)}
    found = []
    for moment, size in zip(moments, sizes, strict=True):
        held = [
            sum(
                n
                for m, n in zip(moments, occurrences, strict=True)
                if start <= m < start + BURST
            )
            for start in starts
            if start <= moment < start + BURST
        ]
        found.append(max(held) >= size)
    return found


@given(
    st.lists(
        st.tuples(
            st.integers(0, 1500).map(lambda seconds: seconds * SECOND),
            st.integers(1, 3),
            st.integers(3, 5),
        ),
        max_size=25,
    )
)
def test_hot_is_what_the_words_say(events):
    events.sort()
    moments, occurrences, sizes = (
        [each[column] for each in events] for column in range(3)
    )

    found = hot(array(moments), array(occurrences), array(sizes))

    assert found.tolist() == hot_by_the_words(moments, occurrences, sizes)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param([0, 150, 299], [True] * 3, id="within five minutes"),
        pytest.param([0, 150, 300], [False] * 3, id="exactly five minutes is outside"),
        pytest.param(
            [0, 1, 200, 400, 599], [True, True, True, False, False], id="it slides"
        ),
        pytest.param([7, 7, 7], [True] * 3, id="at one moment"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_three_in_five_minutes_are_hot(seconds, expected):
    moments = array(seconds) * SECOND

    found = hot(moments, np.ones_like(moments), np.full_like(moments, 3))

    assert found.tolist() == expected


def test_one_row_of_many_occurrences_is_a_burst():
    assert hot(array([5]), array([3]), array([3])).tolist() == [True]


def test_hot_events_fifteen_minutes_apart_form_one_incident():
    moments = array([0, GAP, 2 * GAP + 1, 2 * GAP + 2])

    assert episodes(moments) == [Span(0, GAP), Span(2 * GAP + 1, 2 * GAP + 2)]


def test_no_hot_events_form_no_incident():
    assert episodes(array([])) == []


@given(st.lists(st.integers(0, 100_000).map(lambda s: s * SECOND), min_size=1))
def test_incidents_hold_every_hot_event_and_stand_apart(moments):
    moments.sort()

    found = episodes(array(moments))

    assert all(any(span.start <= m <= span.end for span in found) for m in moments)
    assert all(b.start - a.end > GAP for a, b in pairwise(found))


def exact_tail(size, rate):
    """P(Poisson(rate) >= size) by exact sums; e by 60 terms of its series."""
    rate = Fraction(rate)
    e_to_rate = sum(rate**n / math.factorial(n) for n in range(60 + 4 * int(rate)))
    below = sum(rate**n / math.factorial(n) for n in range(size))
    return 1 - below / e_to_rate


@pytest.mark.parametrize("rate", [0, 0.001, 0.03, 0.1, 0.15, 0.5, 1, 2.5, 7, 20, 50])
def test_burst_size_is_the_smallest_rare_number(rate):
    size = burst_size(rate)

    assert exact_tail(size, rate) <= Fraction(1, 10_000)
    assert size == 3 or exact_tail(size - 1, rate) > Fraction(1, 10_000)


@pytest.mark.parametrize(
    ("rate", "size"),
    [
        pytest.param(0, 3, id="quiet"),
        pytest.param(0.08, 3, id="three is still rare"),
        pytest.param(0.09, 4, id="three is no longer rare"),
        pytest.param(5_000, 5_266, id="nothing overflows"),
    ],
)
def test_burst_size_known_values(rate, size):
    assert burst_size(rate) == size


@pytest.mark.parametrize("rate", [-0.1, math.inf, math.nan])
def test_impossible_rate_is_our_own_bug(rate):
    with pytest.raises(ValueError, match="finite"):
        burst_size(rate)


@given(st.floats(0, 300), st.floats(0, 300))
def test_burst_size_grows_with_the_rate(one, other):
    low, high = sorted([one, other])

    assert burst_size(low) <= burst_size(high)


def test_usual_rate_caps_bursts_at_the_80th_percentile():
    counts = array([0] * 60 + [1] * 39 + [1000])

    assert usual_rate(counts) == pytest.approx(0.4)


def test_usual_rate_of_rare_events_is_none():
    assert usual_rate(array([0] * 90 + [5] * 10)) == 0


def test_usual_rate_without_history_is_none():
    assert usual_rate(array([])) == 0


@pytest.mark.parametrize(
    ("known", "found", "expected"),
    [
        pytest.param([(0, 10)], [(5, 20)], {0: 0}, id="an edge moved"),
        pytest.param([(0, 10)], [(11, 20)], {}, id="apart"),
        pytest.param([(0, 10)], [(10, 20)], {0: 0}, id="they touch"),
        pytest.param([(5, 5)], [(5, 5)], {0: 0}, id="one moment"),
        pytest.param(
            [(0, 10), (20, 60)], [(0, 60)], {0: 1}, id="merged: the greater overlap"
        ),
        pytest.param(
            [(0, 60)], [(0, 10), (20, 60)], {1: 0}, id="split: the greater part"
        ),
        pytest.param(
            [(0, 10), (20, 30)], [(0, 30)], {0: 0}, id="equal overlaps: the earlier"
        ),
    ],
)
def test_incidents_are_known_again_by_greatest_overlap(known, found, expected):
    matched = same_incidents(
        [Span(*each) for each in known], [Span(*each) for each in found]
    )

    assert matched == expected
