"""The counting of arrays against the definitions, second by second."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from correlation.domain.alarms import Alarms, alarm_flags
from correlation.domain.counts import count, count_by_test, nearby_factor
from correlation.domain.episodes import Episodes, storm_flags
from correlation.domain.observation import observe
from correlation.domain.spans import Spans
from correlation.domain.zones import Zone
from tests.correlation.domain import literal

SUNDAY_EVENING = 1_767_568_200  # 2026-01-04 23:10 UTC: cell and week end soon
LENGTH = 5_400
WINDOW = 900
TESTS, INTEGRATIONS = 3, 4
ZONES = {
    "before": Zone.BEFORE,
    "simultaneous": Zone.SIMULTANEOUS,
    "after": Zone.AFTER,
}

moments = st.integers(SUNDAY_EVENING, SUNDAY_EVENING + LENGTH)
alarm_lists = st.lists(st.tuples(st.integers(0, TESTS - 1), moments), max_size=25)
episode_lists = st.lists(
    st.tuples(st.integers(0, INTEGRATIONS - 1), moments, st.integers(0, 900)),
    max_size=12,
)


def arrays(alarms, episodes):
    tests, failed = np.array(alarms, dtype=np.int64).reshape(-1, 2).T
    column, start, length = np.array(episodes, dtype=np.int64).reshape(-1, 3).T
    return (
        Alarms.sorted(tests, failed, TESTS),
        Episodes.sorted(column, start, start + length, INTEGRATIONS),
    )


def counted(alarms, episodes):
    raised, failures = arrays(alarms, episodes)
    watched = observe(
        failures,
        start=SUNDAY_EVENING,
        end=SUNDAY_EVENING + LENGTH,
        window_seconds=WINDOW,
    )
    return count(raised, watched)


@settings(max_examples=10, deadline=None)
@given(alarm_lists, episode_lists)
def test_counts_are_those_of_the_definition(alarms, episodes):
    spans = [(i, start, start + length) for i, start, length in episodes]
    storm = literal.storms_of(spans, INTEGRATIONS)
    observed = set(range(SUNDAY_EVENING, SUNDAY_EVENING + LENGTH - WINDOW + 1))
    for _, start, end in storm:
        observed -= set(range(start - WINDOW, end + 1))

    found = counted(alarms, episodes)

    for integration in range(INTEGRATIONS):
        own = [
            (s, e) for i, s, e in spans if i == integration and (i, s, e) not in storm
        ]
        tables = {
            name: literal.chances(name, sorted(observed), own, WINDOW)
            for name in (*ZONES, "nearby")
        }
        for test in range(TESTS):
            failed = [moment for t, moment in alarms if t == test]
            counted_by_hand = {
                name: literal.counts(name, failed, own, observed, WINDOW, table)
                for name, table in tables.items()
            }
            factor = literal.nearby_factor(*counted_by_hand.pop("nearby"))
            for name, (n, hits, expected) in counted_by_hand.items():
                at = (ZONES[name], test, integration)
                by_chance = min(expected * factor, 0.95 * n)
                assert (found.trials[at], found.hits[at]) == (n, hits)
                assert found.expected[at] == pytest.approx(by_chance, abs=1e-9)


@pytest.mark.parametrize(
    ("hits", "expected", "factor"),
    [
        pytest.param(4, 4.0, 1.0, id="as the calendar says"),
        pytest.param(0, 4.0, 1.0, id="never less than the calendar says"),
        pytest.param(18, 4.0, 3.0, id="worse times than the calendar knows"),
        pytest.param(1, 0.0, 4 / 3, id="one hit proves little"),
    ],
)
def test_chance_grows_with_what_lies_nearby(hits, expected, factor):
    assert nearby_factor(np.array([hits]), np.array([expected])) == [
        pytest.approx(factor)
    ]


@settings(deadline=None)
@given(alarm_lists, episode_lists, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(alarms, episodes, random):
    shuffled_alarms, shuffled_episodes = list(alarms), list(episodes)
    random.shuffle(shuffled_alarms)
    random.shuffle(shuffled_episodes)

    first = counted(alarms, episodes)
    second = counted(shuffled_alarms, shuffled_episodes)

    assert np.array_equal(first.trials, second.trials)
    assert np.array_equal(first.hits, second.hits)
    assert np.array_equal(first.expected, second.expected)


@settings(deadline=None)
@given(alarm_lists, episode_lists)
def test_tests_do_not_influence_each_other(alarms, episodes):
    together = counted(alarms, episodes)

    for test in range(TESTS):
        alone = counted([row for row in alarms if row[0] == test], episodes)
        assert np.array_equal(alone.hits[:, test], together.hits[:, test])
        assert np.array_equal(alone.trials[:, test], together.trials[:, test])
        assert alone.expected[:, test] == pytest.approx(together.expected[:, test])


@settings(deadline=None)
@given(alarm_lists, episode_lists, moments)
def test_stretches_of_time_add_up(alarms, episodes, cut):
    whole = counted(alarms, episodes)

    early = counted([row for row in alarms if row[1] < cut], episodes)
    late = counted([row for row in alarms if row[1] >= cut], episodes)

    assert np.array_equal(early.hits + late.hits, whole.hits)
    assert np.array_equal(early.trials + late.trials, whole.trials)


@settings(deadline=None)
@given(alarm_lists, st.lists(st.tuples(moments, st.integers(0, 4000)), max_size=8))
def test_the_kernel_counts_each_alarm_inside_once(alarms, spans):
    start, length = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    inside = [any(s <= moment < s + n for s, n in spans) for _, moment in alarms]
    expected = [
        sum(hit for (test, _), hit in zip(alarms, inside, strict=True) if test == t)
        for t in range(TESTS)
    ]

    found = count_by_test(arrays(alarms, [])[0], Spans.covering(start, start + length))

    assert found.tolist() == expected


@given(alarm_lists, st.integers(300, 7200))
def test_alarms_are_failures_after_half_a_window_of_quiet(rows, window):
    rows.sort()
    tests, failed = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    expected = sorted(
        (test, moment)
        for test in range(TESTS)
        for moment in literal.alarms_of([m for t, m in rows if t == test], window)
    )

    flags = alarm_flags(tests, failed, window)

    assert list(zip(tests[flags], failed[flags], strict=True)) == expected


@given(episode_lists)
def test_storms_are_those_of_the_definition(episodes):
    spans = [(i, start, start + length) for i, start, length in episodes]
    _, found = arrays([], episodes)

    flagged = found.chosen(storm_flags(found))

    assert {
        (int(i), int(s), int(e))
        for i, s, e in zip(
            flagged.integrations, flagged.starts, flagged.ends, strict=True
        )
    } == literal.storms_of(spans, INTEGRATIONS)


@pytest.mark.parametrize(
    ("integrations", "needed"),
    [(1, None), (2, 2), (3, 3), (4, 3), (5, 3), (6, 4), (10, 6)],
)
def test_how_many_at_once_are_a_storm(integrations, needed):
    def flagged(count):
        return storm_flags(
            Episodes.sorted(
                np.arange(count),
                np.full(count, 1000),
                np.full(count, 1100),
                integration_count=integrations,
            )
        ).sum()

    storms = [flagged(count) for count in range(1, integrations + 1)]

    assert storms == [
        count if needed and count >= needed else 0
        for count in range(1, integrations + 1)
    ]
