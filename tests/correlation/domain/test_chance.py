"""Weeks, cells and the chance of a hit in them, by hand."""

from datetime import UTC, datetime

import numpy as np
import pytest

from correlation.domain.chance import Calendar, chance_table
from correlation.domain.spans import Spans


def seconds(*moment):
    return int(datetime(*moment, tzinfo=UTC).timestamp())


WEDNESDAY, TWO_WEEKS_LATER = seconds(2026, 1, 7, 10, 30), seconds(2026, 1, 20, 1)


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        pytest.param((2026, 1, 7, 10, 30), 10, id="first week, a weekday at 10"),
        pytest.param((2026, 1, 9, 23, 59, 59), 23, id="Friday night"),
        pytest.param((2026, 1, 10, 0), 24, id="Saturday begins the weekend"),
        pytest.param((2026, 1, 11, 23, 59, 59), 47, id="Sunday night"),
        pytest.param((2026, 1, 12, 0), 48, id="Monday begins a week"),
        pytest.param((2026, 1, 19, 5), 2 * 48 + 5, id="third week"),
    ],
)
def test_a_moment_has_its_week_and_cell(moment, slot):
    calendar = Calendar(WEDNESDAY, TWO_WEEKS_LATER)

    assert calendar.slots(np.array([seconds(*moment)])).tolist() == [slot]
    assert (calendar.week_count, calendar.slot_count) == (3, 144)


def test_seconds_of_a_set_are_spread_over_weeks_and_cells():
    sunday_to_monday = Spans.between(
        seconds(2026, 1, 11, 22, 59), seconds(2026, 1, 12, 1)
    )

    found = Calendar(WEDNESDAY, TWO_WEEKS_LATER).seconds(sunday_to_monday)

    expected = np.zeros((3, 48))
    expected[0, 46], expected[0, 47], expected[1, 0] = 60, 3600, 3600
    assert np.array_equal(found, expected)


def test_chance_follows_hours_and_weeks_and_is_drawn_to_the_mean():
    trials, hits = np.full((2, 48), 3600.0), np.zeros((2, 48))
    hits[:, 9] = [1800.0, 600.0]
    overall = 2400 / (96 * 3600)

    table = chance_table(trials, hits)

    busy = (2400 + 600 * overall) / 7800
    quiet = 600 * overall / 7800
    week = 3600 * (busy + 47 * quiet)
    prior = 172_800 * overall
    assert table[0, 9] == pytest.approx(busy * (1800 + prior) / (week + prior))
    assert table[1, 9] == pytest.approx(busy * (600 + prior) / (week + prior))
    assert table[1, 3] == pytest.approx(quiet * (600 + prior) / (week + prior))


@pytest.mark.parametrize(
    ("trials", "hits", "chance"),
    [
        pytest.param(3600.0, 0.0, 0.0, id="a channel that never failed"),
        pytest.param(0.0, 0.0, 0.0, id="nothing observed"),
        pytest.param(3600.0, 3600.0, 0.95, id="never certain"),
    ],
)
def test_chance_at_its_edges(trials, hits, chance):
    table = chance_table(np.full((1, 48), trials), np.full((1, 48), hits))

    assert table == pytest.approx(np.full((1, 48), chance))
