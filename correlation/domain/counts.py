"""How often did alarms hit a channel's zones, and how often would they by chance?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Counted, Floats, Index
from correlation.domain.chance import (
    HIGHEST_CHANCE,
    HOURS_A_WEEK,
    Calendar,
    chance_table,
)
from correlation.domain.observation import Observation
from correlation.domain.spans import Spans
from correlation.domain.zones import LINKING, WHILE_HEALTHY, Zone, ZoneSpans

_CELLS_AT_ONCE = 2_000_000  # tests x slots, 16 MB
_NEARBY_PRIOR_HITS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Trials, hits and expected hits, each shaped (linking zones, tests, integrations)."""

    trials: Counted
    hits: Counted
    expected: Floats

    @classmethod
    def combined(cls, parts: Sequence["Counts"]) -> "Counts":
        """Return counts of the same integrations with the tests of one after another."""
        if len(parts) == 1:
            return parts[0]  # the arrays may be large
        return cls(
            np.concatenate([part.trials for part in parts], axis=1),
            np.concatenate([part.hits for part in parts], axis=1),
            np.concatenate([part.expected for part in parts], axis=1),
        )


class HourlyAlarms(NamedTuple):
    """The test (row) and the hour (slot of the calendar) of some alarms, by moment."""

    tests: Index
    slots: Index


class ChannelTally(NamedTuple):
    """What was met at one channel: the alarms that found it failing, and hits.

    ``hits`` holds for each zone the test (row) of every hit.
    """

    failing: HourlyAlarms
    hits: tuple[Index, ...]


class Tally(NamedTuple):
    """What was met, in whole numbers: tallies of disjoint stretches add up.

    ``alarms`` are those that count, of tests with rows below ``test_count``.
    ``channels`` may be gone through once: all of them at once would be large.
    """

    alarms: HourlyAlarms
    test_count: int
    channels: Iterable[ChannelTally]


def count_by_test(alarms: Alarms, spans: Spans) -> Counted:
    """Return how many alarms of each test lie inside the set; the hit kernel.

    An alarm counts once however many episodes its window meets, because the episodes'
    windows were united before. Cost: see :meth:`Spans.positions`.
    """
    inside = spans.positions(alarms.moments)
    return np.bincount(alarms.tests[inside], minlength=alarms.test_count)


def count(alarms: Alarms, observation: Observation) -> Counts:
    """Return the evidence for every test and integration.

    Alarms outside the observation do not count.
    Source: DESIGN section 6, steps 4 and 5.
    """
    calendar = Calendar(observation.start, observation.end)
    return evidence_of(_tally(alarms, observation, calendar), observation, calendar)


def evidence_of(tally: Tally, observation: Observation, calendar: Calendar) -> Counts:
    """Return the counts of a tally, with the hits that chance would have given.

    ``calendar`` is that of the observation; the tally's slots are its.
    """
    tables = _chance_tables(observation, calendar)
    shape = len(Zone), tally.test_count, observation.integration_count
    hits, expected = np.empty(shape, dtype=np.int64), np.zeros(shape)
    trials = np.empty((len(LINKING), *shape[1:]), dtype=np.int64)
    trials[:] = np.bincount(tally.alarms.tests, minlength=tally.test_count)[:, None]
    _add_expected(expected, tally.alarms, tables)
    for column, (failing, met) in enumerate(tally.channels):
        for zone in Zone:
            hits[zone, :, column] = np.bincount(met[zone], minlength=tally.test_count)
        trials[Zone.BEFORE, :, column] -= np.bincount(
            failing.tests, minlength=tally.test_count
        )
        for zone in WHILE_HEALTHY:
            expected[zone, :, column] -= np.bincount(
                failing.tests,
                weights=tables[zone, column, failing.slots],
                minlength=tally.test_count,
            )
    linking, nearby = expected[: len(LINKING)], expected[Zone.NEARBY]
    linking *= nearby_factor(hits[Zone.NEARBY], nearby)
    np.minimum(linking, HIGHEST_CHANCE * trials, out=linking)
    return Counts(trials, hits[: len(LINKING)], linking)


def nearby_factor(hits: Counted, expected: Floats) -> Floats:
    """Return how much likelier hits were than the calendar expects, from those nearby.

    The calendar knows hours of the week and bad weeks. What else made the times of a
    test's alarms bad for a channel shows nearby: where more alarms than expected lie
    within two windows, but not one, of a failure, too little is expected of the linking
    zones too. Range: from 1, so that no calm time makes a find; drawn towards 1 by three
    hits. Source: negative controls, Lipsitch, Tchetgen Tchetgen and Cohen 2010; it is
    not in DESIGN.
    """
    factor = (hits + _NEARBY_PRIOR_HITS) / (expected + _NEARBY_PRIOR_HITS)
    return np.asarray(np.maximum(factor, 1.0))


def _tally(alarms: Alarms, observation: Observation, calendar: Calendar) -> Tally:
    trials = alarms.counting(observation.observed)
    slots = calendar.slots(trials.moments)
    met = (_channel_tally(trials, slots, zones) for zones in observation.zones)
    return Tally(HourlyAlarms(trials.tests, slots), alarms.test_count, met)


def _channel_tally(trials: Alarms, slots: Index, zones: ZoneSpans) -> ChannelTally:
    failing = zones.failing.positions(trials.moments)
    return ChannelTally(
        HourlyAlarms(trials.tests[failing], slots[failing]),
        tuple(
            trials.tests[zones.hits[zone].positions(trials.moments)] for zone in Zone
        ),
    )


def _chance_tables(observation: Observation, calendar: Calendar) -> Floats:
    """Return the chance of a hit by zone, integration and slot."""
    shape = len(Zone), observation.integration_count, calendar.slot_count
    tables = np.empty(shape)
    observed = calendar.seconds(observation.observed)
    healthy = _seconds(calendar, (z.trials[Zone.BEFORE] for z in observation.zones))
    for zone in Zone:
        tables[zone] = chance_table(
            healthy if zone in WHILE_HEALTHY else observed,
            _seconds(calendar, (zones.hits[zone] for zones in observation.zones)),
        ).reshape(shape[1:])
    return tables


def _seconds(calendar: Calendar, spans: Iterable[Spans]) -> Floats:
    """Return the seconds of each channel's set, shaped (integrations, weeks, 168)."""
    found = [calendar.seconds(each) for each in spans]
    return np.array(found).reshape(-1, calendar.week_count, HOURS_A_WEEK)


def _add_expected(expected: Floats, alarms: HourlyAlarms, tables: Floats) -> None:
    """Add each test's alarms per slot times the slot's chance: one matrix product.

    Tests go in blocks, so that memory does not grow with them.
    """
    tests, slots = alarms
    test_count, slot_count = expected.shape[1], tables.shape[-1]
    by_column = tables.reshape(-1, slot_count).T
    tests_at_once = max(1, _CELLS_AT_ONCE // slot_count)
    for first in range(0, test_count, tests_at_once):
        rows = min(tests_at_once, test_count - first)
        block = (tests >= first) & (tests < first + rows)
        cells = (tests[block] - first) * slot_count + slots[block]
        per_slot = np.bincount(
            cells, weights=np.ones(len(cells)), minlength=rows * slot_count
        )
        chances = per_slot.reshape(rows, slot_count) @ by_column
        expected[:, first : first + rows] += chances.reshape(
            rows, len(Zone), -1
        ).swapaxes(0, 1)
