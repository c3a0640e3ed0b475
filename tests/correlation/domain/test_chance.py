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

    weekdays_at_9 = (2400 + 600 * overall) / (10 * 3600 + 600)
    other_weekdays = 600 * overall / (10 * 3600 + 600)
    weekends = 600 * overall / (4 * 3600 + 600)
    tuesday_at_9 = (2400 + 43_200 * weekdays_at_9) / (7200 + 43_200)
    friday_at_9 = 43_200 * weekdays_at_9 / (7200 + 43_200)
    wednesday_at_3 = 43_200 * other_weekdays / (7200 + 43_200)
    saturday = 43_200 * weekends / (7200 + 43_200)
    week = 3600 * (
        tuesday_at_9 + 4 * friday_at_9 + 115 * wednesday_at_3 + 48 * saturday
    )
    prior = 172_800 * overall
    factors = [(1800 + prior) / (week + prior), (600 + prior) / (week + prior)]
    assert table[:, TUESDAY_AT_9] == pytest.approx(np.multiply(factors, tuesday_at_9))
    assert table[:, FRIDAY_AT_9] == pytest.approx(np.multiply(factors, friday_at_9))
    assert table[1, WEDNESDAY_AT_3] == pytest.approx(factors[1] * wednesday_at_3)
    assert table[1, SATURDAY_AT_9] == pytest.approx(factors[1] * saturday)


def test_what_happens_every_week_at_one_hour_becomes_its_chance():
    trials, hits = np.full((13, 168), 3600.0), np.zeros((13, 168))
    hits[:, TUESDAY_AT_9] = 3600.0

    chances = chance_table(trials, hits)[0, [TUESDAY_AT_9, FRIDAY_AT_9]]

    assert chances == pytest.approx([0.61, 0.10], abs=0.01)


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
