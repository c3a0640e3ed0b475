"""Retries of one fault are one failure; an aggregate takes its first intervals."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.domain.failures import failure_intervals, fingerprint

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_numbers_do_not_tell_failures_apart():
    one = fingerprint("airbnb", "api_error", "high", "Order 17 failed after 900 ms")
    other = fingerprint("airbnb", "api_error", "high", "Order 4711 failed after 3 ms")

    assert one == other


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("vrbo", "api_error", "high", "failed")),
        pytest.param(("airbnb", "booking_loss", "high", "failed")),
        pytest.param(("airbnb", "api_error", "low", "failed")),
        pytest.param(("airbnb", "api_error", "high", "refused")),
        pytest.param(("airbnb", "api_error", "high", "failed 1"), id="a number more"),
    ],
)
def test_anything_else_does(other):
    assert fingerprint("airbnb", "api_error", "high", "failed") != fingerprint(*other)


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        pytest.param(NOON, NOON, id="an interval's start"),
        pytest.param(
            NOON + 10 * MINUTE - timedelta(microseconds=1), NOON, id="its end"
        ),
    ],
)
def test_a_moment_fails_once_however_often_it_occurred(moment, start):
    assert failure_intervals(moment, 500) == [start]


@pytest.mark.parametrize(
    ("start", "end", "occurrences", "minutes"),
    [
        pytest.param(0, 30, 2, [0, 10], id="the first two of three"),
        pytest.param(0, 30, 3, [0, 10, 20]),
        pytest.param(0, 30, 99, [0, 10, 20], id="no more than there are"),
        pytest.param(5, 15, 9, [0, 10], id="touched on both sides"),
        pytest.param(3, 4, 9, [0], id="within one"),
        pytest.param(5, 10, 9, [0], id="the end is outside"),
    ],
)
def test_an_aggregate_takes_its_first_intervals(start, end, occurrences, minutes):
    found = failure_intervals(NOON + end * MINUTE, occurrences, NOON + start * MINUTE)

    assert found == [NOON + minute * MINUTE for minute in minutes]


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 400))
def test_failures_grow_with_occurrences_and_never_past_them(start, length, occurrences):
    found = failure_intervals(
        NOON + (start + length) * MINUTE, occurrences, NOON + start * MINUTE
    )

    assert 1 <= len(found) <= occurrences
    assert found == sorted(set(found))
