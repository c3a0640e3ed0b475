"""Weeks, their hours and the chance of a hit in them, by hand."""

from datetime import UTC, datetime

import numpy as np
import pytest

from correlation.domain.chance import Calendar, chance_table
from correlation.domain.spans import Spans


def seconds(*moment):
    return int(datetime(*moment, tzinfo=UTC).timestamp())


TUESDAY_AT_9, WEDNESDAY_AT_3, FRIDAY_AT_9, SATURDAY_AT_9 = 33, 51, 105, 129
WEDNESDAY, TWO_WEEKS_LATER = seconds(2026, 1, 7, 10, 30), seconds(2026, 1, 20, 1)


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        pytest.param((2026, 1, 5, 0), 0, id="Monday of the first week"),
        pytest.param((2026, 1, 7, 10, 30), 58, id="Wednesday at 10"),
        pytest.param((2026, 1, 11, 23, 59, 59), 167, id="Sunday night"),
        pytest.param((2026, 1, 12, 0), 168, id="Monday begins a week"),
        pytest.param((2026, 1, 19, 5), 2 * 168 + 5, id="third week"),
    ],
)
def test_a_moment_has_its_week_and_hour(moment, slot):
    calendar = Calendar(WEDNESDAY, TWO_WEEKS_LATER)

    assert calendar.slots(np.array([seconds(*moment)])).tolist() == [slot]
    assert (calendar.week_count, calendar.slot_count) == (3, 504)


def test_seconds_of_a_set_are_spread_over_weeks_and_hours():
    sunday_to_monday = Spans.between(
        seconds(2026, 1, 11, 22, 59), seconds(2026, 1, 12, 1)
    )

    found = Calendar(WEDNESDAY, TWO_WEEKS_LATER).seconds(sunday_to_monday)

    expected = np.zeros((3, 168))
    expected[0, 166], expected[0, 167], expected[1, 0] = 60, 3600, 3600
    assert np.array_equal(found, expected)


def test_chance_follows_hours_and_weeks_and_is_drawn_to_the_mean():
    trials, hits = np.full((2, 168), 3600.0), np.zeros((2, 168))
    hits[:, TUESDAY_AT_9] = [1800.0, 600.0]
    overall = 2400 / (336 * 3600)

    table = chance_table(trials, hits)

    for week, in_the_other in enumerate([600.0, 1800.0]):
        weekdays_at_9 = (in_the_other + 36_000 * overall) / (5 * 3600 + 36_000)
        other_weekdays = 36_000 * overall / (5 * 3600 + 36_000)
        weekends = 36_000 * overall / (2 * 3600 + 36_000)
        tuesday_at_9 = (in_the_other + 43_200 * weekdays_at_9) / (3600 + 43_200)
        friday_at_9 = 43_200 * weekdays_at_9 / (3600 + 43_200)
        wednesday_at_3 = 43_200 * other_weekdays / (3600 + 43_200)
        saturday = 43_200 * weekends / (3600 + 43_200)
        of_week = 3600 * (
            tuesday_at_9 + 4 * friday_at_9 + 115 * wednesday_at_3 + 48 * saturday
        )
        prior = 172_800 * overall
        factor = (hits[week].sum() + prior) / (of_week + prior)
        at = [TUESDAY_AT_9, FRIDAY_AT_9, WEDNESDAY_AT_3, SATURDAY_AT_9]
        assert table[week, at] == pytest.approx(
            np.multiply(factor, [tuesday_at_9, friday_at_9, wednesday_at_3, saturday])
        )


def test_a_failure_does_not_make_its_own_hour_look_likely():
    trials, hits = np.full((5, 168), 3600.0), np.zeros((5, 168))
    hits[2, TUESDAY_AT_9] = 3600.0

    table = chance_table(trials, hits)

    assert table[2, TUESDAY_AT_9] == table[2, WEDNESDAY_AT_3]
    for other in (0, 1, 3, 4):
        assert table[other, TUESDAY_AT_9] > table[other, WEDNESDAY_AT_3]


def test_one_week_alone_knows_no_hours():
    hits = np.zeros((1, 168))
    hits[0, TUESDAY_AT_9] = 3600.0

    table = chance_table(np.full((1, 168), 3600.0), hits)

    assert table == pytest.approx(np.full((1, 168), 1 / 168))


def test_what_happens_every_week_at_one_hour_becomes_its_chance():
    trials, hits = np.full((13, 168), 3600.0), np.zeros((13, 168))
    hits[:, TUESDAY_AT_9] = 3600.0

    chances = chance_table(trials, hits)[0, [TUESDAY_AT_9, FRIDAY_AT_9]]

    assert chances == pytest.approx([0.58, 0.08], abs=0.01)


@pytest.mark.parametrize(
    ("trials", "hits", "chance"),
    [
        pytest.param(3600.0, 0.0, 0.0, id="a channel that never failed"),
        pytest.param(0.0, 0.0, 0.0, id="nothing observed"),
        pytest.param(3600.0, 3600.0, 0.95, id="never certain"),
    ],
)
def test_chance_at_its_edges(trials, hits, chance):
    table = chance_table(np.full((1, 168), trials), np.full((1, 168), hits))

    assert table == pytest.approx(np.full((1, 168), chance))


def test_questions_side_by_side_are_answered_as_one_by_one():
    random = np.random.default_rng(7)
    trials = random.integers(0, 3600, (3, 2, 168)).astype(float)
    hits = random.random((3, 2, 168)) * trials
    hits[1] = 0.0

    together = chance_table(trials, hits)

    assert together == pytest.approx(
        np.array([chance_table(*each) for each in zip(trials, hits, strict=True)])
    )
    assert chance_table(trials[0], hits)[2] == pytest.approx(
        chance_table(trials[0], hits[2])
    )
