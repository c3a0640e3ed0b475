"""What is written down of a verdict? One row per linked pair, with its evidence."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from correlation.domain.arrays import Flags, Seconds
from correlation.domain.matches import matched_starts
from correlation.domain.verdicts import Direction, Verdicts
from correlation.domain.zones import Zone
from correlation.enums import LinkType, Pattern
from correlation.models import TestIntegrationCorrelation
from correlation.refresh.judging import JudgedGroup
from correlation.storage.evidence import TestGroup
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
    integrations: Sequence[str], judged: JudgedGroup
) -> Iterator[TestIntegrationCorrelation]:
    """Yield a row, not saved, for every linked pair of the group."""
    group, observation, verdicts = judged
    linked = verdicts.direction != Direction.NONE
    moments = _moments_by_test(group, linked.any(axis=1))
    for row, column in np.argwhere(linked).tolist():
        zone = Zone(verdicts.direction[row, column])
        inside = observation.zones[column].hits[zone].positions(moments[row])
        hits = moments[row][inside]
        lags = matched_starts(hits, observation.starts[column], zone) - hits
        yield TestIntegrationCorrelation(
            test_case_id=group.tests[row],
            integration_id=integrations[column],
            median_lag_seconds=round(float(np.median(np.abs(lags)))),
            window_seconds=observation.window_seconds,
            evidence_from=moment_of(observation.start),
            evidence_to=moment_of(observation.end),
            last_alarm_at=moment_of(int(moments[row][-1])),
            last_correlated=moment_of(int(hits[-1])),
            **_verdict(verdicts, row, column),
        )


def _verdict(verdicts: Verdicts, row: int, column: int) -> dict[str, Any]:
    """Return the columns that state the verdict on one pair."""
    at = (row, column)
    strength = float(verdicts.score[at])
    return {
        "correlation_score": hundredths(strength),
        "correlation_type": link_type(strength),
        "pattern": PATTERNS[Direction(verdicts.direction[at])],
        "confidence": hundredths(float(verdicts.confidence[at])),
        "strength": strength,
        "trials": int(verdicts.trials[at]),
        "hits": int(verdicts.hits[at]),
        "expected": float(verdicts.expected[at]),
        "p_value": float(verdicts.p_value[at]),
        "q_value": float(verdicts.q_value[at]),
    }


def link_type(strength: float) -> LinkType:
    """Return the type of a linked pair: high from 0.6, medium from 0.3, else low."""
    if strength >= HIGH_FROM:
        return LinkType.HIGH
    return LinkType.MEDIUM if strength >= MEDIUM_FROM else LinkType.LOW


def hundredths(ratio: float) -> Decimal:
    """Return a ratio to two decimals, half up."""
    return Decimal(repr(ratio)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def _moments_by_test(group: TestGroup, wanted: Flags) -> dict[int, Seconds]:
    """Return the ascending alarm moments of the wanted tests, by row."""
    chosen = np.flatnonzero(wanted[group.alarms.tests])
    order = chosen[np.argsort(group.alarms.tests[chosen], kind="stable")]
    rows, firsts = np.unique(group.alarms.tests[order], return_index=True)
    parts = np.split(group.alarms.moments[order], firsts)[1:]
    return dict(zip(rows.tolist(), parts, strict=True))
