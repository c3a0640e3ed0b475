"""Days counted apart add up to what is counted at once; prints tell what changed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.domain.alarms import Alarms
from correlation.domain.chance import Calendar
from correlation.domain.counts import count, evidence_of
from correlation.domain.days import (
    DAY,
    Marker,
    Marks,
    fingerprints,
    tally_of,
)
from correlation.domain.episodes import Episodes
from correlation.domain.observation import observe
from correlation.domain.spans import Spans

START = 1_767_571_200  # 2026-01-05, a Monday, 00:00 UTC
FIRST_DAY = START // DAY
DAYS = 5
END = START + DAYS * DAY - 7_000
WINDOW = 3600

moments = st.integers(START - DAY, END)
alarms_of_tests = st.lists(
    st.tuples(st.sampled_from([3, 8, 70_000]), moments), max_size=40, unique=True
)
episodes_of_channels = st.lists(
    st.tuples(st.integers(0, 3), moments, st.integers(0, 2 * DAY)), max_size=12
)


def sorted_alarms(rows):
    tests = np.array([test for test, _ in rows], dtype=np.int64)
    times = np.array([moment for _, moment in rows], dtype=np.int64)
    return Alarms.sorted(tests, times, 70_001)


def watched(rows):
    channels, starts, lengths = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    episodes = Episodes.sorted(channels, starts, np.minimum(starts + lengths, END), 4)
    return observe(episodes, start=START + 500, end=END, window_seconds=WINDOW)


def of_day(alarms, day):
    return alarms.between(day * DAY, (day + 1) * DAY)


def in_a_row(counted):
    """Return marks that were counted day by day as they are read back."""
    by_day = {day: marks for each in counted for day, marks in each.items()}
    sizes = [len(marks) for marks in by_day.values()]
    return Marks.read(
        np.array(list(by_day), dtype=np.int64),
        np.array(sizes, dtype=np.int64),
        b"".join(by_day.values()),
    )


@given(alarms_of_tests, episodes_of_channels)
def test_days_counted_apart_add_up_to_the_whole(alarm_rows, episode_rows):
    alarms, observation = sorted_alarms(alarm_rows), watched(episode_rows)
    trials = alarms.counting(observation.observed)
    days = range(FIRST_DAY, FIRST_DAY + DAYS)
    every = in_a_row(Marker(of_day(trials, day)).of_alarms() for day in days)
    channels = [
        in_a_row(Marker(of_day(trials, day)).of_channel(zones) for day in days)
        for zones in observation.zones
    ]
    calendar = Calendar(observation.start, observation.end)

    numbers, tally = tally_of(every, channels, calendar)
    summed = evidence_of(tally, observation, calendar)

    whole = count(alarms, observation)
    assert numbers.tolist() == sorted(set(trials.tests.tolist()))
    for name in ("trials", "hits"):
        found = getattr(summed, name)
        assert np.array_equal(found, getattr(whole, name)[:, numbers])
    assert summed.expected == pytest.approx(whole.expected[:, numbers], abs=1e-12)


@given(alarms_of_tests, episodes_of_channels)
def test_all_days_at_once_give_the_marks_of_each(alarm_rows, episode_rows):
    alarms, observation = sorted_alarms(alarm_rows), watched(episode_rows)
    trials = alarms.counting(observation.observed)
    zones = observation.zones[0]

    at_once = Marker(trials).of_channel(zones)

    assert at_once == {
        day: Marker(of_day(trials, day)).of_channel(zones)[day] for day in at_once
    }


def spans(*pairs):
    starts, ends = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Spans.covering(starts, ends)


BASE = [spans((START + 10, START + DAY + 20)), spans((START + 50, START + 60))]


def prints(watched, judged=("ci",)):
    return fingerprints(watched, judged)


def test_days_on_which_nothing_is_watched_have_no_print():
    assert prints([spans(), spans()]) == {}
    assert set(prints(BASE)) == {FIRST_DAY, FIRST_DAY + 1}
    assert set(prints([spans((START, START + DAY))])) == {FIRST_DAY}


@pytest.mark.parametrize(
    ("watched", "changed"),
    [
        ([spans((START + 10, START + DAY + 20)), BASE[1]], set()),
        ([spans((START + 11, START + DAY + 20)), BASE[1]], {FIRST_DAY}),
        ([spans((START + 10, START + DAY + 21)), BASE[1]], {FIRST_DAY + 1}),
        (BASE[::-1], {FIRST_DAY, FIRST_DAY + 1}),
        ([BASE[0], spans((START + 50, START + 61))], {FIRST_DAY}),
    ],
    ids=["equal", "start", "end", "another set", "second set"],
)
def test_a_print_tells_whether_its_day_changed(watched, changed):
    before, after = prints(BASE), prints(watched)

    assert {day for day in before if before[day] != after[day]} == changed


def test_a_print_tells_whose_tests_are_meant_in_any_order():
    assert prints(BASE, ["ci", "e2e"]) == prints(BASE, ["e2e", "ci"])
    assert prints(BASE, ["ci", "e2e"]) != prints(BASE, ["ci"])
    assert prints(BASE, ["ci", "e2e"]) != prints(BASE, ["cie2e"])
