"""What becomes of single alarms, and which failure goes with them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.domain.alarms import Alarms
from correlation.domain.counts import count
from correlation.domain.episodes import Episodes
from correlation.domain.matches import Outcome, matches
from correlation.domain.observation import observe
from correlation.domain.zones import LINKING, Zone

START, END, WINDOW = 1_767_571_200, 1_767_571_200 + 40_000, 3600


def episodes_of(*rows, integration_count=1):
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Episodes.sorted(*table.T, integration_count)


def matched(offsets, episodes, zone=Zone.BEFORE):
    moments = START + np.array(sorted(offsets), dtype=np.int64)
    return matches(moments, watched(episodes), 0, zone)


def watched(episodes):
    return observe(episodes, start=START, end=END, window_seconds=WINDOW)


ONE = (0, START + 10_000, START + 11_000)


@pytest.mark.parametrize(
    ("offset", "outcome", "lag"),
    [
        pytest.param(6399, Outcome.MISS, 0, id="a second too early"),
        pytest.param(6400, Outcome.HIT, 3600, id="one window before"),
        pytest.param(9879, Outcome.HIT, 121, id="just not simultaneous"),
        pytest.param(9880, Outcome.MISS, 0, id="simultaneous"),
        pytest.param(10_000, Outcome.ALREADY_FAILING, 0, id="as it starts"),
        pytest.param(11_000, Outcome.ALREADY_FAILING, 0, id="its last second"),
        pytest.param(11_001, Outcome.MISS, 0, id="healthy again"),
        pytest.param(36_400, Outcome.MISS, 0, id="the last whole window"),
        pytest.param(36_401, Outcome.STILL_OPEN, 0, id="the future is unknown"),
        pytest.param(-1, Outcome.NO_DATA, 0, id="before the evidence"),
    ],
)
def test_an_alarm_before_a_failure(offset, outcome, lag):
    found = matched([offset], episodes_of(ONE))

    assert (found.outcomes, found.lags.tolist()) == ((outcome,), [lag])


@pytest.mark.parametrize(
    ("zone", "offset", "lag"),
    [
        pytest.param(Zone.SIMULTANEOUS, 9_900, 100, id="just before"),
        pytest.param(Zone.SIMULTANEOUS, 10_120, -120, id="two minutes late"),
        pytest.param(Zone.AFTER, 10_050, -50, id="inside an episode"),
        pytest.param(Zone.AFTER, 13_600, -3600, id="one window after the start"),
    ],
)
def test_a_hit_of_the_other_zones(zone, offset, lag):
    found = matched([offset], episodes_of(ONE), zone)

    assert (found.outcomes, found.lags.tolist()) == ((Outcome.HIT,), [lag])


def test_a_storm_says_nothing_about_one_channel():
    storm = episodes_of(
        *[(i, START + 10_000 + i, START + 11_000) for i in range(3)],
        integration_count=3,
    )

    found = matched([6399, 6400, 10_500, 11_001], storm)

    assert found.outcomes == (
        Outcome.MISS,
        Outcome.STORM,
        Outcome.STORM,
        Outcome.MISS,
    )


def test_median_lag_has_no_direction_and_needs_a_hit():
    episodes = episodes_of(ONE, (0, START + 30_000, START + 30_100))

    assert matched([9_000, 29_000, 29_700], episodes).median_lag_seconds == 1000
    assert matched([10_400, 30_200], episodes, Zone.AFTER).median_lag_seconds == 300
    assert matched([100], episodes).median_lag_seconds is None


offsets = st.integers(0, END - START)


@given(
    st.lists(offsets, max_size=20),
    st.lists(st.tuples(st.integers(0, 3), offsets, st.integers(0, 5000)), max_size=10),
    st.sampled_from(LINKING),
)
def test_hits_and_cases_are_those_that_are_counted(alarms, rows, zone):
    episodes = episodes_of(
        *[(i, START + s, START + s + n) for i, s, n in rows], integration_count=4
    )
    counts = count(
        Alarms.sorted(
            np.zeros(len(alarms), dtype=np.int64),
            START + np.array(alarms, dtype=np.int64),
            1,
        ),
        watched(episodes),
    )

    found = matched(alarms, episodes, zone)

    cases = [o for o in found.outcomes if o in {Outcome.HIT, Outcome.MISS}]
    assert len(cases) == counts.trials[zone, 0, 0]
    assert cases.count(Outcome.HIT) == counts.hits[zone, 0, 0]
