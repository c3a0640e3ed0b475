from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenue.domain.retries import MOST_ATTEMPTS, pause_after


def test_pauses_double_up_to_six_hours_and_end():
    minutes = [pause_after(n) // timedelta(minutes=1) for n in range(1, MOST_ATTEMPTS)]

    assert minutes == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    assert pause_after(MOST_ATTEMPTS) is None


@given(st.integers(MOST_ATTEMPTS, 10_000))
def test_what_failed_often_enough_is_given_up(attempts):
    assert pause_after(attempts) is None


@pytest.mark.parametrize("attempts", [0, -1])
def test_no_pause_comes_before_an_attempt(attempts):
    with pytest.raises(ValueError, match="follows an attempt"):
        pause_after(attempts)
