"""What do failures cost? Day by day of one integration, so that days add up."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import compress, repeat
from types import MappingProxyType
from typing import Any, NamedTuple

from revenue.domain.amounts import ONE, Estimate, Grains
from revenue.domain.assumptions import Assumption
from revenue.enums import Basis, ImpactType, Method, Rule


class MeasuredRates(NamedTuple):
    """A rate on several days, each the time-weighted step function of its measurements.

    Units: ``seconds`` are those of each day for which the rate is known; ``weighted`` is
        the sum of rate x seconds in hundred-millionths, so that a day at the full rate is
        ``ONE`` and sums of days stay exact.
    """

    weighted: Sequence[int]
    seconds: Sequence[int]


_NONE: Mapping[Any, Any] = MappingProxyType({})

LEAKING = (ImpactType.PRICING, ImpactType.FEES)


class ChannelDays(NamedTuple):
    """What one integration went through on UTC days, outside maintenance windows.

    Every column has one value for each of ``days``, which are in order. ``failures``
    counts failures (retries collapsed) by event type; ``covered_seconds`` are those under
    fresh data; ``rates`` those at which requests of a type failed, only of types that
    were measured.
    Source: DESIGN sections 2, 4 and 5.
    """

    integration_id: str
    days: Sequence[date]
    failures: Mapping[str, Sequence[int]]
    covered_seconds: Sequence[int]
    rates: Mapping[ImpactType, MeasuredRates] = _NONE

    def within(self, first: date, last: date) -> "ChannelDays":
        """Return the days from ``first`` to ``last``."""
        return self.part(*self.places(first, last))

    def places(self, first: date, last: date) -> tuple[int, int]:
        """Return where the days from ``first`` to ``last`` start and stop."""
        return bisect_left(self.days, first), bisect_right(self.days, last)

    def part(self, start: int, stop: int) -> "ChannelDays":
        """Return the days at these places."""
        if (start, stop) == (0, len(self.days)):
            return self
        some = slice(start, stop)
        return ChannelDays(
            self.integration_id,
            self.days[some],
            {name: column[some] for name, column in self.failures.items()},
            self.covered_seconds[some],
            {
                name: MeasuredRates(rate.weighted[some], rate.seconds[some])
                for name, rate in self.rates.items()
            },
        )

    def known(self) -> Iterator[date]:
        """Yield the days with any data: some coverage, or failures of any type."""
        columns = zip(self.covered_seconds, *self.failures.values(), strict=True)
        return compress(self.days, map(any, columns))

    def failed(self, event_type: str) -> Sequence[int]:
        """Return how many failures of the type each day had."""
        return self.failures.get(event_type) or [0] * len(self.days)

    def rate(self, impact_type: ImpactType) -> MeasuredRates:
        """Return the rate at which requests of the type failed."""
        nothing = [0] * len(self.days)
        return self.rates.get(impact_type) or MeasuredRates(nothing, nothing)


class Charge(NamedTuple):
    """What days of one integration cost under one rule and one assumption.

    Units: ``quantities``, one for each of ``days``, are failures, or days at the full
        rate for the rate rules, both in ``ONE``; so are ``uncounted``, the failures above
        the cap of their day. ``measured`` are the seconds behind the rates of the days
        that cost something, zero for the other rules.
    """

    integration_id: str
    impact_type: ImpactType
    rule: Rule
    assumption: Assumption
    days: Sequence[date]
    quantities: Sequence[int]
    uncounted: int = 0
    measured: int = 0

    @property
    def unit_cost(self) -> Grains:
        """What a quantity of one costs."""
        return self.assumption.unit_costs[self.rule]

    def grains(self) -> Grains:
        """Return what all days cost; exact."""
        return self.unit_cost.times(sum(self.quantities))

    def cost(self) -> Estimate:
        """Return what all days cost in money, not rounded."""
        return self.grains().in_money()

    def by_day(self) -> Iterator[tuple[date, int]]:
        """Yield the days that cost something, each with its quantity."""
        pairs = zip(self.days, self.quantities, strict=True)
        return compress(pairs, self.quantities)


class Unpriced(NamedTuple):
    """Failures of one day that cost something nobody can say, and why."""

    integration_id: str
    day: date
    impact_type: ImpactType
    failures: int
    reason: Basis


def charges(days: ChannelDays, assumption: Assumption) -> list[Charge]:
    """Return what the days cost under the assumption that held on all of them.

    At most one charge per impact type and rule, none of zero.
    Source: DESIGN section 5, the table "At risk". Types that cost no money are absent;
    so is everything that :func:`unpriced` speaks of.
    """
    if not _has_price(assumption):
        return []
    leaking = _by_rate if assumption.method is Method.BY_RATE else _per_failure
    found = [leaking(days, assumption, impact_type) for impact_type in LEAKING]
    found += _lost_bookings(days, assumption)
    return [charge for charge in found if any(charge.quantities)]


def unpriced(days: ChannelDays, assumption: Assumption) -> list[Unpriced]:
    """Return the failures of the days that the measured-traffic method cannot price."""
    if _has_price(assumption):
        return []
    return [
        Unpriced(
            days.integration_id,
            day,
            impact_type,
            failures,
            Basis.BOOKINGS_PER_DAY_MISSING,
        )
        for impact_type in ImpactType
        for day, failures, weighted in zip(
            days.days,
            days.failed(impact_type),
            days.rate(impact_type).weighted,
            strict=True,
        )
        if failures or weighted
    ]


def _has_price(assumption: Assumption) -> bool:
    """Measured traffic needs to know how much traffic there is."""
    return (
        assumption.method is Method.PER_FAILURE
        or assumption.bookings_per_day is not None
    )


def _per_failure(
    days: ChannelDays, assumption: Assumption, impact_type: ImpactType
) -> Charge:
    failed, cap = _whole(days.failed(impact_type)), assumption.cap()
    counted = failed if cap is None else list(map(min, repeat(cap), failed))
    return Charge(
        days.integration_id,
        impact_type,
        Rule.FAILURES_LEAK,
        assumption,
        days.days,
        counted,
        uncounted=sum(failed) - sum(counted),
    )


def _by_rate(
    days: ChannelDays, assumption: Assumption, impact_type: ImpactType
) -> Charge:
    return _rate_charge(days, assumption, impact_type, Rule.RATE_LEAKS)


def _lost_bookings(days: ChannelDays, assumption: Assumption) -> list[Charge]:
    """Return the charge of days with a measured rate, and that of the other days."""
    lost, failed = ImpactType.BOOKING_LOSS, days.failed(ImpactType.BOOKING_LOSS)
    found = []
    if assumption.bookings_per_day is not None:
        found.append(_rate_charge(days, assumption, lost, Rule.RATE_LOSES))
        measured = days.rate(lost).seconds
        failed = [
            0 if seconds else each
            for each, seconds in zip(failed, measured, strict=True)
        ]
    reported = Charge(
        days.integration_id,
        lost,
        Rule.FAILURES_LOSE,
        assumption,
        days.days,
        _whole(failed),
    )
    return [*found, reported]


def _rate_charge(
    days: ChannelDays, assumption: Assumption, impact_type: ImpactType, rule: Rule
) -> Charge:
    rate = days.rate(impact_type)
    return Charge(
        days.integration_id,
        impact_type,
        rule,
        assumption,
        days.days,
        rate.weighted,
        measured=sum(compress(rate.seconds, rate.weighted)),
    )


def _whole(failures: Sequence[int]) -> list[int]:
    return [ONE * each for each in failures]
