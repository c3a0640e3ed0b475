"""Announcements of a day and what they were worth, by hand."""

from dataclasses import replace

import numpy as np

from correlation.domain.alarms import Alarms
from correlation.domain.backtest import Announcements, announcements, performances
from correlation.domain.episodes import Episodes
from correlation.domain.verdicts import Direction, Verdicts

WINDOW = 3600
NOTHING = np.zeros((2, 2))


def known(links):
    """Return verdicts of two tests and two integrations: {(test, column): score}."""
    direction = np.full((2, 2), Direction.NONE, dtype=np.int8)
    score = NOTHING.copy()
    for pair, value in links.items():
        direction[pair], score[pair] = Direction.PRECEDES, value
    counts = NOTHING.astype(np.int64)
    return Verdicts(
        direction, counts, counts, NOTHING, NOTHING, NOTHING, score, NOTHING
    )


def alarms(*rows):
    tests, moments = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    return Alarms.sorted(tests, moments, 2)


def episodes(*rows):
    column, start, end = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Episodes.sorted(column, start, end, 2)


FAILURE = episodes((0, 10_000, 11_000))


def told(said):
    return list(
        zip(
            said.integrations.tolist(),
            said.moments.tolist(),
            said.scores.tolist(),
            said.starts.tolist(),
            strict=True,
        )
    )


def test_only_alarms_on_known_links_of_a_healthy_channel_announce():
    links = known({(0, 0): 0.9})
    rows = alarms(
        (0, 6399), (0, 6400), (0, 9879), (0, 9880), (0, 10_500), (0, 12_000), (1, 9000)
    )

    said = announcements(rows, links, FAILURE, WINDOW)

    assert told(said) == [
        (0, 6399, 0.9, 0),
        (0, 6400, 0.9, 10_000),
        (0, 9879, 0.9, 10_000),
        (0, 9880, 0.9, 0),
        (0, 12_000, 0.9, 0),
    ]


def test_other_directions_announce_nothing():
    links = known({(0, 0): 0.9})
    links = replace(links, direction=np.full((2, 2), Direction.FOLLOWS, dtype=np.int8))

    assert told(announcements(alarms((0, 9000)), links, FAILURE, WINDOW)) == []


def test_performance_counts_incidents_once_and_alarms_each():
    said = announcements(
        alarms((0, 7000), (1, 9000), (0, 50_000), (1, 58_000)),
        known({(0, 0): 0.9, (1, 0): 0.3}),
        episodes((0, 10_000, 11_000), (0, 60_000, 61_000), (1, 60_000, 61_000)),
        WINDOW,
    )

    rows = performances(said, FAILURE_AND_TWO, start=0, end=604_800)

    assert [
        (
            row.threshold,
            row.incidents,
            row.announced,
            row.alarms,
            row.false_alarms,
            row.median_lead_seconds,
            row.weeks,
        )
        for row in rows
    ] == [
        (0.0, 3, 2, 4, 1, 2500, 1.0),
        (0.3, 3, 2, 4, 1, 2500, 1.0),
        (0.6, 3, 1, 2, 1, 3000, 1.0),
        (0.8, 3, 1, 2, 1, 3000, 1.0),
    ]


FAILURE_AND_TWO = episodes(
    (0, 10_000, 11_000), (0, 60_000, 61_000), (1, 60_000, 61_000)
)


def test_an_incident_after_the_end_makes_its_alarm_right_but_is_not_counted():
    said = announcements(alarms((0, 9000)), known({(0, 0): 0.9}), FAILURE, WINDOW)

    (row, *_) = performances(said, FAILURE, start=0, end=9_500)

    assert (row.incidents, row.announced, row.alarms, row.false_alarms) == (0, 0, 1, 0)


def test_silence_is_worth_nothing():
    (row, *_) = performances(Announcements.joined([]), FAILURE, start=0, end=20_000)

    assert (row.incidents, row.announced, row.alarms, row.median_lead_seconds) == (
        1,
        0,
        0,
        None,
    )
