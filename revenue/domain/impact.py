"""What do failures cost? One day of one integration at a time, so that days add up."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from revenue.domain.amounts import ZERO, Estimate
from revenue.domain.assumptions import Assumption
from revenue.enums import Basis, ImpactType, Method, Rule


class MeasuredRate(NamedTuple):
    """A rate over one day, as the time-weighted step function of its measurements.

    Range: ``measured`` is the share of the day (0-1) for which the rate is known;
        ``weighted`` the integral of the rate over that share, in days: the mean rate is
        ``weighted / measured``. At most 18 decimals, so that sums of days stay exact.
        A day without a measurement is the default, all zero.
    """

    weighted: Decimal = ZERO
    measured: Decimal = ZERO


UNMEASURED = MeasuredRate()
_NONE: Mapping[Any, Any] = MappingProxyType({})


LEAKING = (ImpactType.PRICING, ImpactType.FEES)
# Members looked up once: each look-up on the class costs as much as a multiplication.
_BOOKING_LOSS = ImpactType.BOOKING_LOSS
_FAILURES_LEAK, _FAILURES_LOSE = Rule.FAILURES_LEAK, Rule.FAILURES_LOSE
_RATE_LEAKS, _RATE_LOSES = Rule.RATE_LEAKS, Rule.RATE_LOSES


class ChannelDay(NamedTuple):
    """What one integration went through on one UTC day, outside maintenance windows.

    ``failures`` counts failures (retries collapsed) by event type; ``coverage`` is the
    share of the day (0-1) under fresh data; ``error_rates`` are those of the types that
    leak, ``loss_rate`` that of bookings.
    Source: DESIGN sections 2, 4 and 5.
    """

    integration_id: str
    day: date
    failures: Mapping[str, int] = _NONE
    coverage: Decimal = ZERO
    loss_rate: MeasuredRate = UNMEASURED
    error_rates: Mapping[ImpactType, MeasuredRate] = _NONE

    def rate(self, impact_type: ImpactType) -> MeasuredRate:
        """Return the rate at which the type's requests failed that day."""
        if impact_type is ImpactType.BOOKING_LOSS:
            return self.loss_rate
        return self.error_rates.get(impact_type, UNMEASURED)


class Charge(NamedTuple):
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


class Unpriced(NamedTuple):
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
    leaking = _by_rate if assumption.method == Method.BY_RATE else _per_failure
    found = [leaking(day, assumption, impact_type) for impact_type in LEAKING]
    found.append(_lost_bookings(day, assumption))
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


def _per_failure(
    day: ChannelDay, assumption: Assumption, impact_type: ImpactType
) -> Charge | None:
    failures = day.failures.get(impact_type)
    if not failures:
        return None
    quantity, uncounted = Decimal(failures), ZERO
    if assumption.bookings_per_day is not None:
        uncounted = max(ZERO, quantity - assumption.bookings_per_day)
        quantity -= uncounted
    if not quantity:
        return None
    return Charge(
        day.integration_id,
        day.day,
        impact_type,
        _FAILURES_LEAK,
        quantity,
        assumption,
        uncounted,
    )


def _by_rate(
    day: ChannelDay, assumption: Assumption, impact_type: ImpactType
) -> Charge | None:
    rate = day.rate(impact_type)
    return _rate_charge(day, assumption, impact_type, _RATE_LEAKS, rate)


def _lost_bookings(day: ChannelDay, assumption: Assumption) -> Charge | None:
    rate = day.loss_rate
    if rate.measured and assumption.bookings_per_day is not None:
        return _rate_charge(day, assumption, _BOOKING_LOSS, _RATE_LOSES, rate)
    failures = day.failures.get(_BOOKING_LOSS)
    if not failures:
        return None
    return Charge(
        day.integration_id,
        day.day,
        _BOOKING_LOSS,
        _FAILURES_LOSE,
        Decimal(failures),
        assumption,
    )


def _rate_charge(
    day: ChannelDay,
    assumption: Assumption,
    impact_type: ImpactType,
    rule: Rule,
    rate: MeasuredRate,
) -> Charge | None:
    if not rate.weighted:
        return None
    return Charge(
        day.integration_id,
        day.day,
        impact_type,
        rule,
        rate.weighted,
        assumption,
        ZERO,
        rate.measured,
    )
