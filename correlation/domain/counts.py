"""How often did alarms hit a channel's zones, and how often would they by chance?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Counted, Floats, Index
from correlation.domain.chance import Calendar, chance_table
from correlation.domain.episodes import Episodes, storm_flags, storm_spans
from correlation.domain.spans import Spans
from correlation.domain.zones import Zone, ZoneSpans, of_integration

_TESTS_AT_ONCE = 512


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


def observed_spans(
    episodes: Episodes, start: int, end: int, window_seconds: int
) -> tuple[Episodes, Spans]:
    """Return the episodes outside storms, and the seconds at which an alarm may count.

    ``start`` to ``end`` is the evidence; the last window of it is censored, since what
    follows is unknown, and storms are left out.
    """
    storms = storm_flags(episodes)
    spoilt = storm_spans(episodes.chosen(storms), window_seconds)
    censored = Spans.between(start, end - window_seconds + 1)
    return episodes.chosen(~storms), censored.without(spoilt)


def count(
    alarms: Alarms, episodes: Episodes, *, start: int, end: int, window_seconds: int
) -> Counts:
    """Return the evidence between ``start`` and ``end`` for every test and integration.

    Later alarms and episodes must have been left out: nothing here looks past ``end``.
    Source: DESIGN section 6, steps 3 to 5.
    """
    single, observed = observed_spans(episodes, start, end, window_seconds)
    inside = observed.positions(alarms.moments)
    trials = Alarms(alarms.tests[inside], alarms.moments[inside], alarms.test_count)
    calendar = Calendar(start, end)
    slots = calendar.slots(trials.moments)
    shape = (len(Zone), alarms.test_count, episodes.integration_count)
    counts = Counts(np.zeros(shape, int), np.zeros(shape, int), np.zeros(shape))
    tables = np.empty((len(Zone), episodes.integration_count, calendar.slot_count))
    for column in range(episodes.integration_count):
        zones = ZoneSpans(of_integration(single, column), observed, window_seconds)
        for zone in Zone:
            counts.hits[zone, :, column] = count_by_test(trials, zones.hits[zone])
            tables[zone, column] = chance_table(
                calendar.seconds(zones.trials[zone]), calendar.seconds(zones.hits[zone])
            ).ravel()
        _take_out_failing(counts, trials, slots, zones.failing, tables, column)
    counts.trials[:] += np.bincount(trials.tests, minlength=alarms.test_count)[:, None]
    _add_expected(counts.expected, trials, slots, tables)
    return counts


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
    order = np.argsort(trials.tests, kind="stable")
    tests, slots = trials.tests[order], slots[order]
    slot_count = tables.shape[-1]
    by_column = tables.reshape(-1, slot_count).T
    for first in range(0, trials.test_count, _TESTS_AT_ONCE):
        rows = min(_TESTS_AT_ONCE, trials.test_count - first)
        block = slice(*np.searchsorted(tests, [first, first + rows]))
        per_slot = np.bincount(
            (tests[block] - first) * slot_count + slots[block],
            minlength=rows * slot_count,
        ).reshape(rows, slot_count)
        chances = per_slot.astype(np.float64) @ by_column
        expected[:, first : first + rows] += chances.reshape(
            rows, len(Zone), -1
        ).swapaxes(0, 1)
