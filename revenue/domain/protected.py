"""What did good days keep? Benchmark minus what failures cost, day by day."""

from dataclasses import dataclass
from datetime import date

from revenue.domain.amounts import Estimate
from revenue.domain.assumptions import Assumption
from revenue.domain.impact import ChannelDay, charges, total
from revenue.enums import Reason


@dataclass(frozen=True, slots=True)
class Protection:
    """One covered day of one integration: benchmark, cost of failures, what is left."""

    integration_id: str
    day: date
    assumption: Assumption
    benchmark: Estimate
    at_risk: Estimate

    def kept(self) -> Estimate:
        """Return benchmark minus at risk, bound by bound, never below zero."""
        return self.benchmark.minus_not_below_zero(self.at_risk)

    @property
    def failures_cost_more(self) -> bool:
        """Whether the day counts as zero: failures cost more than the benchmark."""
        return self.at_risk.base > self.benchmark.base


def protection(facts: ChannelDay, assumption: Assumption) -> Protection | Reason:
    """Return what the day protected, or why nobody can say.

    The benchmark is ``bookings_per_day x value x leakage``: what an average channel
    leaks on a day. It holds for the whole day once the day has any coverage.
    Source: DESIGN section 5, "Protected".
    """
    if assumption.bookings_per_day is None:
        return Reason.BOOKINGS_PER_DAY_MISSING
    if not facts.coverage:
        return Reason.NO_COVERAGE
    return Protection(
        facts.integration_id,
        facts.day,
        assumption,
        benchmark=assumption.leaked_value().times(assumption.bookings_per_day),
        at_risk=total(charge.cost() for charge in charges(facts, assumption)),
    )
