"""How does a value compare with the one of the period before?"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

ENOUGH_COVERAGE = Decimal("0.80")
_ONE_DECIMAL = Decimal("0.1")


class Trend(StrEnum):
    """The direction of a value, neither good nor bad."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class ChangeBasis(StrEnum):
    """Why there is no percentage."""

    INSUFFICIENT_HISTORY = "insufficientHistory"
    NONE = "none"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Change:
    """Percent against the previous period, half up to one decimal, or why there is none."""

    percent: Decimal | None
    basis: ChangeBasis | None
    trend: Trend


def change(
    current: Decimal | None,
    previous: Decimal | None,
    *,
    previous_coverage: Decimal | None = None,
) -> Change:
    """Return the change from ``previous`` to ``current``.

    Range: ``previous_coverage`` is 0-1; under 0.80 the previous period is too thin and the
        basis says ``insufficientHistory``, as it does when either value is unknown.
        Left out, the previous period is taken as covered.
    Source: DESIGN section 2, "change" and "trend".
    """
    if current is None or previous is None:
        return Change(None, ChangeBasis.INSUFFICIENT_HISTORY, Trend.NEUTRAL)
    if previous_coverage is not None and previous_coverage < ENOUGH_COVERAGE:
        return Change(None, ChangeBasis.INSUFFICIENT_HISTORY, Trend.NEUTRAL)
    if previous == 0:
        if current == 0:
            return Change(None, ChangeBasis.NONE, Trend.NEUTRAL)
        return Change(None, ChangeBasis.NEW, Trend.UP)
    percent = ((current - previous) / previous * 100).quantize(
        _ONE_DECIMAL, ROUND_HALF_UP
    )
    return Change(percent, None, _direction(percent))


def _direction(percent: Decimal) -> Trend:
    if percent == 0:
        return Trend.NEUTRAL
    return Trend.UP if percent > 0 else Trend.DOWN
