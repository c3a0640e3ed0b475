from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.imports.staged import span_of

START = datetime(2026, 1, 5, tzinfo=UTC)


def starts(*minutes):
    return [START + timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("minutes", "span"),
    [
        pytest.param([0, 5], 5, id="two"),
        pytest.param([0, 10, 25], 5, id="no two adjacent"),
        pytest.param([0, 60, 180], 60, id="hours with a gap"),
        pytest.param([0, 24 * 60, 47 * 60], 23 * 60, id="days, one of 23 hours"),
    ],
)
def test_the_span_is_told_by_the_distances(minutes, span):
    assert span_of(starts(*minutes)) == timedelta(minutes=span)


def test_moments_closer_than_a_second_have_a_span():
    assert span_of([START, START + timedelta(milliseconds=3)]) == timedelta(seconds=1)


@given(
    st.sets(st.integers(0, 2_000), min_size=3),
    st.sampled_from([1, 5, 15, 60]),
)
def test_adjacent_bins_give_their_length_whatever_is_missing(numbers, length):
    numbers |= {0, 1}

    assert span_of(starts(*(n * length for n in sorted(numbers)))) == timedelta(
        minutes=length
    )
