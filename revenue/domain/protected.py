"""What did good days keep? Benchmark minus what failures cost, day by day."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from revenue.domain.amounts import Estimate, total
from revenue.domain.assumptions import Assumption
from revenue.domain.impact import ChannelDay, Charge
from revenue.enums import Basis


class Protection(NamedTuple):
    """One covered day of one integration: benchmark, cost of failures, what is left.

    ``kept`` is benchmark minus at risk, bound by bound, never below zero.
    """

    integration_id: str
    day: date
    assumption: Assumption
    benchmark: Estimate
    at_risk: Estimate
    kept: Estimate

    @property
    def failures_cost_more(self) -> bool:
        """Whether the day counts as zero: failures cost more than the benchmark."""
        return self.at_risk.base > self.benchmark.base


def protection(
    day: ChannelDay, assumption: Assumption, charges: Sequence[Charge]
) -> Protection | Basis:
    """Return what the day protected, given its charges, or why nobody can say.

    The benchmark is ``bookings_per_day x value x leakage``: what an average channel
    leaks on a day. It holds for the whole day once the day has any coverage.
    Source: DESIGN section 5, "Protected".
    """
    benchmark = assumption.benchmark()
    if benchmark is None:
        return Basis.BOOKINGS_PER_DAY_MISSING
    if not day.coverage:
        return Basis.NO_COVERAGE
    at_risk = total(map(Charge.cost, charges))
    return Protection(
        day.integration_id,
        day.day,
        assumption,
        benchmark,
        at_risk,
        kept=benchmark.minus_not_below_zero(at_risk),
    )
