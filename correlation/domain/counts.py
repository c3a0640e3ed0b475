"""How often did alarms hit a channel's zones, and how often would they by chance?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Counted, Floats, Index
from correlation.domain.chance import Calendar, chance_table
from correlation.domain.observation import Observation
from correlation.domain.spans import Spans
from correlation.domain.zones import Zone

_CELLS_AT_ONCE = 2_000_000  # tests x slots, 16 MB


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Trials, hits and expected hits, each shaped (zones, tests, integrations)."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What was met, in whole numbers: tallies of disjoint stretches add up.

    ``alarms`` are those that count, ``failing`` by integration those of them that found
    it failing. ``hits`` is shaped (zones, tests, integrations).
    """

    alarms: HourlyAlarms
    failing: tuple[HourlyAlarms, ...]
    hits: Counted


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
    test_count = tally.hits.shape[1]
    counts = Counts(np.zeros_like(tally.hits), tally.hits, np.zeros(tally.hits.shape))
    counts.trials[:] += np.bincount(tally.alarms.tests, minlength=test_count)[:, None]
    _add_expected(counts.expected, tally.alarms, tables)
    for column, failing in enumerate(tally.failing):
        # They are no trials of BEFORE.
        at = (Zone.BEFORE, slice(None), column)
        counts.trials[at] -= np.bincount(failing.tests, minlength=test_count)
        counts.expected[at] -= np.bincount(
            failing.tests,
            weights=tables[Zone.BEFORE, column, failing.slots],
            minlength=test_count,
        )
    return counts


def _tally(alarms: Alarms, observation: Observation, calendar: Calendar) -> Tally:
    trials = alarms.counting(observation.observed)
    slots = calendar.slots(trials.moments)
    failing = []
    hits = np.empty(
        (len(Zone), alarms.test_count, observation.integration_count), dtype=np.int64
    )
    for column, zones in enumerate(observation.zones):
        for zone in Zone:
            hits[zone, :, column] = count_by_test(trials, zones.hits[zone])
        met = zones.failing.positions(trials.moments)
        failing.append(HourlyAlarms(trials.tests[met], slots[met]))
    return Tally(HourlyAlarms(trials.tests, slots), tuple(failing), hits)


def _chance_tables(observation: Observation, calendar: Calendar) -> Floats:
    """Return the chance of a hit by zone, integration and slot."""
    tables = np.empty((len(Zone), observation.integration_count, calendar.slot_count))
    observed = calendar.seconds(observation.observed)
    for column, zones in enumerate(observation.zones):
        for zone in Zone:
            trials = (
                calendar.seconds(zones.trials[zone])
                if zone == Zone.BEFORE
                else observed
            )
            tables[zone, column] = chance_table(
                trials, calendar.seconds(zones.hits[zone])
            ).ravel()
    return tables


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
