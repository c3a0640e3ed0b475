"""Which pairs are linked, in which order, how strongly, and how surely?"""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from correlation.domain.arrays import Counted, Flags, Floats
from correlation.domain.confidence import bayes_factors, posterior
from correlation.domain.counts import Counts
from correlation.domain.significance import adjusted
from correlation.domain.tails import binomial_tails
from correlation.domain.zones import LINKING, Zone

FEWEST_TRIALS = 3
FEWEST_HITS = 3
# DESIGN allows 5 %; the rest is for the chance, which is itself an estimate.
FALSE_DISCOVERY_RATE = 0.02
PRECEDES_SHARE = 0.15

Directions = npt.NDArray[np.int8]
Number = TypeVar("Number", np.int64, np.float64)


class Direction(IntEnum):
    """The order of a linked pair: the zone that links it, or none."""

    NONE = -1
    PRECEDES = Zone.BEFORE
    SIMULTANEOUS = Zone.SIMULTANEOUS
    FOLLOWS = Zone.AFTER


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """One verdict per pair, each array shaped (tests, integrations).

    ``direction`` holds :class:`Direction`; the others speak of its zone, or of BEFORE
    where there is no link. ``score``, ``p_value``, ``q_value`` and ``confidence`` are 0
    to 1; the score of a pair without link is 0.
    """

    direction: Directions
    trials: Counted
    hits: Counted
    expected: Floats
    p_value: Floats
    q_value: Floats
    score: Floats
    confidence: Floats

    def of_tests(self, rows: slice | Flags) -> "Verdicts":
        """Return the verdicts of some tests."""
        return Verdicts(*(getattr(self, field.name)[rows] for field in fields(self)))


def judge(counts: Counts) -> Verdicts:
    """Return the verdict on every pair.

    Pairs with under three trials, or with a channel that never failed, are not tested.
    Source: DESIGN section 6, steps 6 to 9.
    """
    p_value, q_value, confidence = _surprise(counts)
    excess = counts.hits - counts.expected
    significant = (q_value <= FALSE_DISCOVERY_RATE) & (counts.hits >= FEWEST_HITS)
    leads = _leads(excess)
    direction = _directions(significant, leads)
    confidence[Zone.BEFORE] *= leads
    zone = np.maximum(direction, Zone.BEFORE)
    trials, hits = _of_zone(counts.trials, zone), _of_zone(counts.hits, zone)
    expected = _of_zone(counts.expected, zone)
    linked = direction != Direction.NONE
    return Verdicts(
        direction=direction,
        trials=trials,
        hits=hits,
        expected=expected,
        p_value=_of_zone(p_value, zone),
        q_value=_of_zone(q_value, zone),
        score=np.where(linked, scores(trials, hits, expected), 0.0),
        confidence=_of_zone(confidence, zone),
    )


def chance_rates(trials: Counted, expected: Floats) -> Floats:
    """Return the mean chance of a hit per trial, 0 to 1; 0 without trials."""
    rate = np.zeros(trials.shape)
    np.divide(expected, trials, out=rate, where=trials > 0)
    return rate.clip(0.0, 1.0)


def scores(trials: Counted, hits: Counted, expected: Floats) -> Floats:
    """Return how far the hit rate goes from chance (0) to always (1).

    Two trials at the chance rate are added, so that few cases stay modest.
    Source: DESIGN section 6, step 8.
    """
    chance = chance_rates(trials, expected)
    observed = (hits + 2 * chance) / (trials + 2)
    return np.maximum((observed - chance) / (1 - chance), 0.0)


def _surprise(counts: Counts) -> tuple[Floats, Floats, Floats]:
    """Return p-values, q-values and posteriors, each shaped as the counts."""
    shape = counts.trials.shape
    p_value, q_value, confidence = np.ones(shape), np.ones(shape), np.zeros(shape)
    for zone in LINKING:
        tested = (counts.trials[zone] >= FEWEST_TRIALS) & (counts.expected[zone] > 0)
        trials, hits = counts.trials[zone][tested], counts.hits[zone][tested]
        rate = chance_rates(trials, counts.expected[zone][tested])
        tails = binomial_tails(hits, trials, rate)
        p_value[zone][tested] = tails.upper
        q_value[zone][tested] = adjusted(tails.upper)
        confidence[zone][tested] = posterior(bayes_factors(tails, trials, rate))
    return p_value, q_value, confidence


def _of_zone(
    values: npt.NDArray[Number], zone: npt.NDArray[np.int8]
) -> npt.NDArray[Number]:
    chosen = zone[None].astype(np.intp)
    return np.asarray(np.take_along_axis(values, chosen, axis=0)[0])


def _leads(excess: Floats) -> Flags:
    """Tell where enough of the excess lies before the failures.

    A precursor often stays red during the failure, so that the largest excess would be
    the wrong rule. But more must lie before than within what clocks are off: a test that
    fails with the channel, its clock a little slow, is early a few times too.
    """
    total = np.maximum(excess, 0.0).sum(axis=0)
    before = excess[Zone.BEFORE]
    enough = (before > 0) & (before >= PRECEDES_SHARE * total)
    return np.asarray(enough & (before >= excess[Zone.SIMULTANEOUS]))


def _directions(significant: Flags, leads: Flags) -> Directions:
    """Return the first direction that holds: precedes, simultaneous, follows, none."""
    return np.select(
        [
            significant[Zone.BEFORE] & leads,
            significant[Zone.SIMULTANEOUS],
            significant[Zone.AFTER],
        ],
        [Direction.PRECEDES, Direction.SIMULTANEOUS, Direction.FOLLOWS],
        Direction.NONE,
    ).astype(np.int8)
