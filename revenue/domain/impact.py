"""What do failures cost? One day of one integration at a time, so that days add up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from revenue.domain.amounts import ZERO, Estimate
from revenue.domain.assumptions import Assumption
from revenue.enums import Basis, ImpactType, Method, Rule


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """A rate over one day, as the time-weighted step function of its measurements.

    Range: ``measured`` is the share of the day (0-1) for which the rate is known;
        ``weighted`` the integral of the rate over that share, in days: the mean rate is
        ``weighted / measured``. At most 18 decimals, so that sums of days stay exact.
        A day without a measurement is the default, all zero.
    """

    weighted: Decimal = ZERO
    measured: Decimal = ZERO


UNMEASURED = MeasuredRate()


@dataclass(frozen=True, slots=True)
class ChannelDay:
    """What one integration went through on one UTC day, outside maintenance windows.

    ``failures`` counts failures (retries collapsed) by event type; ``coverage`` is the
    share of the day (0-1) under fresh data; ``error_rates`` are those of the types that
    leak, ``loss_rate`` that of bookings.
    Source: DESIGN sections 2, 4 and 5.
    """

    integration_id: str
    day: date
    failures: Mapping[str, int] = field(default_factory=dict)
    coverage: Decimal = ZERO
    loss_rate: MeasuredRate = UNMEASURED
    error_rates: Mapping[ImpactType, MeasuredRate] = field(default_factory=dict)

    def rate(self, impact_type: ImpactType) -> MeasuredRate:
        """Return the rate at which the type's requests failed that day."""
        if impact_type is ImpactType.BOOKING_LOSS:
            return self.loss_rate
        return self.error_rates.get(impact_type, UNMEASURED)


@dataclass(frozen=True, slots=True)
class Charge:
    """A quantity of one day that costs money under a rule.

    Units: ``quantity`` is failures, or days at the full rate (0-1) for the rate rules.
        ``uncounted`` are failures of the day above the cap; ``measured`` the share of
        the day behind a rate, zero for the other rules.
    """

    integration_id: str
    day: date
    impact_type: ImpactType
    rule: Rule
    quantity: Decimal
    assumption: Assumption
    uncounted: Decimal = ZERO
    measured: Decimal = ZERO

    def cost(self) -> Estimate:
        """Return what the quantity costs; exact, not rounded."""
        return self.assumption.unit_costs[self.rule].times(self.quantity)


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Failures of one day that cost something nobody can say, and why."""

    integration_id: str
    day: date
    impact_type: ImpactType
    failures: int
    reason: Basis


def charges(day: ChannelDay, assumption: Assumption) -> list[Charge]:
    """Return what the day costs, at most one charge per impact type, none of zero.

    Source: DESIGN section 5, the table "At risk". Types that cost no money are absent;
    so is everything on a day that :func:`unpriced` speaks of.
    """
    if not _has_price(assumption):
        return []
    found = (_charge(day, assumption, impact_type) for impact_type in ImpactType)
    return [charge for charge in found if charge is not None]


def unpriced(day: ChannelDay, assumption: Assumption) -> list[Unpriced]:
    """Return the failures of the day that the measured-traffic method cannot price."""
    if _has_price(assumption):
        return []
    return [
        Unpriced(
            day.integration_id,
            day.day,
            impact_type,
            day.failures.get(impact_type, 0),
            Basis.BOOKINGS_PER_DAY_MISSING,
        )
        for impact_type in ImpactType
        if day.failures.get(impact_type) or day.rate(impact_type).weighted
    ]


def _has_price(assumption: Assumption) -> bool:
    """Measured traffic needs to know how much traffic there is."""
    return (
        assumption.method is Method.PER_FAILURE
        or assumption.bookings_per_day is not None
    )


def _charge(
    day: ChannelDay, assumption: Assumption, impact_type: ImpactType
) -> Charge | None:
    rate = day.rate(impact_type)
    rule = _rule(assumption, impact_type, rate)
    uncounted = measured = ZERO
    if rule is Rule.RATE_LEAKS or rule is Rule.RATE_LOSES:
        quantity, measured = rate.weighted, rate.measured
    else:
        quantity = Decimal(day.failures.get(impact_type, 0))
    if rule is Rule.FAILURES_LEAK and assumption.bookings_per_day is not None:
        uncounted = max(ZERO, quantity - assumption.bookings_per_day)
        quantity -= uncounted
    if not quantity:
        return None
    return Charge(
        day.integration_id,
        day.day,
        impact_type,
        rule,
        quantity,
        assumption,
        uncounted,
        measured,
    )


def _rule(assumption: Assumption, impact_type: ImpactType, rate: MeasuredRate) -> Rule:
    if impact_type is not ImpactType.BOOKING_LOSS:
        by_rate = assumption.method is Method.BY_RATE
        return Rule.RATE_LEAKS if by_rate else Rule.FAILURES_LEAK
    if assumption.bookings_per_day is None or not rate.measured:
        return Rule.FAILURES_LOSE
    return Rule.RATE_LOSES
