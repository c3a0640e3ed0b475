"""How often did alarms hit a channel's zones, and how often would they by chance?"""

from collections.abc import Sequence
from dataclasses import dataclass

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
        return cls(
            np.concatenate([part.trials for part in parts], axis=1),
            np.concatenate([part.hits for part in parts], axis=1),
            np.concatenate([part.expected for part in parts], axis=1),
        )


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
    inside = observation.observed.positions(alarms.moments)
    trials = Alarms(alarms.tests[inside], alarms.moments[inside], alarms.test_count)
    calendar = Calendar(observation.start, observation.end)
    slots = calendar.slots(trials.moments)
    shape = (len(Zone), alarms.test_count, observation.integration_count)
    counts = Counts(np.zeros(shape, int), np.zeros(shape, int), np.zeros(shape))
    tables = _chance_tables(observation, calendar)
    counts.trials[:] += np.bincount(trials.tests, minlength=alarms.test_count)[:, None]
    for column, zones in enumerate(observation.zones):
        for zone in Zone:
            counts.hits[zone, :, column] = count_by_test(trials, zones.hits[zone])
        _take_out_failing(counts, trials, slots, zones.failing, tables, column)
    _add_expected(counts.expected, trials, slots, tables)
    return counts


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


def _take_out_failing(
    counts: Counts,
    trials: Alarms,
    slots: Index,
    failing: Spans,
    tables: Floats,
    column: int,
) -> None:
    """Subtract the alarms that found the channel failing: no trials of BEFORE."""
    inside = failing.positions(trials.moments)
    tests = trials.tests[inside]
    counts.trials[Zone.BEFORE, :, column] -= np.bincount(
        tests, minlength=trials.test_count
    )
    counts.expected[Zone.BEFORE, :, column] -= np.bincount(
        tests,
        weights=tables[Zone.BEFORE, column, slots[inside]],
        minlength=trials.test_count,
    )


def _add_expected(
    expected: Floats, trials: Alarms, slots: Index, tables: Floats
) -> None:
    """Add each test's alarms per slot times the slot's chance: one matrix product.

    Tests go in blocks, so that memory does not grow with them.
    """
    slot_count = tables.shape[-1]
    by_column = tables.reshape(-1, slot_count).T
    tests_at_once = max(1, _CELLS_AT_ONCE // slot_count)
    for first in range(0, trials.test_count, tests_at_once):
        rows = min(tests_at_once, trials.test_count - first)
        block = (trials.tests >= first) & (trials.tests < first + rows)
        per_slot = np.bincount(
            (trials.tests[block] - first) * slot_count + slots[block],
            minlength=rows * slot_count,
        ).astype(np.float64)
        chances = per_slot.reshape(rows, slot_count) @ by_column
        expected[:, first : first + rows] += chances.reshape(
            rows, len(Zone), -1
        ).swapaxes(0, 1)
