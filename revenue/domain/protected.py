"""What did good days keep? Benchmark minus what failures cost, day by day."""

from collections.abc import Sequence
from datetime import date
from itertools import compress, repeat
from operator import add, mul, sub
from typing import NamedTuple

from revenue.domain.amounts import ONE, Exact, Grains
from revenue.domain.assumptions import Assumption
from revenue.domain.impact import ChannelDays, Charge
from revenue.enums import Basis, Method, Rule


class Protection(NamedTuple):
    """The covered days of one integration under one assumption, and what each kept.

    What failures may cost before a day keeps nothing is the benchmark, ``most`` x
    ``unit_cost``. Each day spared ``spared`` of the ``most``, less than zero where
    failures leaked more; bookings lost in full cost it ``lost`` besides.
    """

    integration_id: str
    assumption: Assumption
    unit_cost: Grains
    most: int
    days: Sequence[date]
    spared: Sequence[int]
    lost: Sequence[Exact]

    def benchmark(self, days: int) -> Exact:
        """Return what an average channel leaks on so many days."""
        return self.unit_cost.base * self.most * days

    def by_day(self) -> list[Exact]:
        """Return what each day kept, never below zero."""
        return [max(0, each) for each in self._left(self.unit_cost.base)]

    def days_lost(self) -> int:
        """Return on how many days failures cost more than the benchmark."""
        return sum(each < 0 for each in self._left(self.unit_cost.base))

    def kept(self) -> Grains:
        """Return what all days kept, bound by bound, each day never below zero."""
        low, base, high = map(self._sum, self.unit_cost)
        return Grains(low, base, high)

    def kept_base(self) -> Exact:
        """Return the base of :meth:`kept`, at a third of its price."""
        return self._sum(self.unit_cost.base)

    def _sum(self, unit: Exact) -> Exact:
        return sum(each for each in self._left(unit) if each > 0)

    def _left(self, unit: Exact) -> list[Exact]:
        return list(map(sub, map(mul, repeat(unit), self.spared), self.lost))


def protection(
    days: ChannelDays, assumption: Assumption, charges: Sequence[Charge]
) -> Protection | Basis:
    """Return what the days protected, or why nobody can say.

    ``charges`` are those of the days, under this assumption. The benchmark is
    ``bookings_per_day x value x leakage``: what an average channel leaks on a day. It
    holds for the whole day once the day has any coverage.
    Source: DESIGN section 5, "Protected".
    """
    cap = assumption.cap()
    if cap is None:
        return Basis.BOOKINGS_PER_DAY_MISSING
    if not any(days.covered_seconds):
        return Basis.NO_COVERAGE
    by_rate = assumption.method is Method.BY_RATE
    leaks, most = (Rule.RATE_LEAKS, ONE) if by_rate else (Rule.FAILURES_LEAK, cap)
    spared: list[int] = [most] * len(days.days)
    lost: list[Exact] = [0] * len(days.days)
    for charge in charges:
        if charge.rule is leaks:
            spared = list(map(sub, spared, charge.quantities))
        else:
            costs = map(mul, repeat(charge.unit_cost.base), charge.quantities)
            lost = list(map(add, lost, costs))
    return Protection(
        days.integration_id,
        assumption,
        assumption.unit_costs[leaks],
        most,
        list(compress(days.days, days.covered_seconds)),
        list(compress(spared, days.covered_seconds)),
        list(compress(lost, days.covered_seconds)),
    )
