"""What is written down of a verdict? One row per linked pair, with its evidence."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from correlation.domain.arrays import Seconds
from correlation.domain.counts import observed_spans
from correlation.domain.matches import matches
from correlation.domain.verdicts import Direction, Verdicts
from correlation.domain.zones import Zone, of_integration
from correlation.enums import LinkType, Pattern
from correlation.models import TestIntegrationCorrelation
from correlation.storage.evidence import Evidence, TestGroup
from correlation.storage.moments import moment_of

HIGH_FROM = 0.6
MEDIUM_FROM = 0.3
_HUNDREDTH = Decimal("0.01")

PATTERNS = {
    Direction.PRECEDES: Pattern.PRECEDES,
    Direction.SIMULTANEOUS: Pattern.SIMULTANEOUS,
    Direction.FOLLOWS: Pattern.FOLLOWS,
    Direction.NONE: Pattern.NONE,
}


def links_of(
    evidence: Evidence, group: TestGroup, verdicts: Verdicts
) -> Iterator[TestIntegrationCorrelation]:
    """Yield a row, not saved, for every linked pair of the group.

    ``verdicts`` has one row per test of the group.
    """
    start = evidence.start(group.window_seconds)
    single, observed = observed_spans(
        evidence.episodes, start, evidence.end, group.window_seconds
    )
    by_test = _moments_by_test(group)
    for row, column in np.argwhere(verdicts.direction != Direction.NONE).tolist():
        direction = Direction(verdicts.direction[row, column])
        found = matches(
            by_test[row],
            of_integration(single, column),
            observed,
            zone=Zone(direction),
            start=start,
            end=evidence.end,
            window_seconds=group.window_seconds,
        )
        strength = float(verdicts.score[row, column])
        yield TestIntegrationCorrelation(
            test_case_id=group.tests[row],
            integration_id=evidence.integrations[column],
            correlation_score=hundredths(strength),
            correlation_type=link_type(strength),
            pattern=PATTERNS[direction],
            confidence=hundredths(float(verdicts.confidence[row, column])),
            strength=strength,
            trials=int(verdicts.trials[row, column]),
            hits=int(verdicts.hits[row, column]),
            expected=float(verdicts.expected[row, column]),
            p_value=float(verdicts.p_value[row, column]),
            q_value=float(verdicts.q_value[row, column]),
            median_lag_seconds=found.median_lag_seconds,
            window_seconds=group.window_seconds,
            evidence_from=moment_of(start),
            evidence_to=moment_of(evidence.end),
            last_alarm_at=moment_of(int(found.moments[-1])),
            last_correlated=moment_of(int(found.moments[found.hits][-1])),
        )


def link_type(strength: float) -> LinkType:
    """Return the type of a linked pair: high from 0.6, medium from 0.3, else low."""
    if strength >= HIGH_FROM:
        return LinkType.HIGH
    return LinkType.MEDIUM if strength >= MEDIUM_FROM else LinkType.LOW


def hundredths(ratio: float) -> Decimal:
    """Return a ratio to two decimals, half up."""
    return Decimal(repr(ratio)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def _moments_by_test(group: TestGroup) -> list[Seconds]:
    """Return the ascending alarm moments of each test of the group."""
    order = np.argsort(group.alarms.tests, kind="stable")
    tests = group.alarms.tests[order]
    edges = np.searchsorted(tests, np.arange(1, len(group.tests)))
    return np.split(group.alarms.moments[order], edges)
