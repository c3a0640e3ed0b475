"""What do failures cost? One day of one integration at a time, so that days add up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from revenue.domain.amounts import NOTHING, ZERO, Estimate
from revenue.domain.assumptions import Assumption
from revenue.enums import ImpactType, Method, Reason, Rule


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


@dataclass(frozen=True, slots=True)
class Charge:
    """A quantity of one day that costs money under a rule.

    Units: ``quantity`` is failures, or days at the full rate (0-1) for the rate rules.
        ``uncounted`` are failures of the day above the cap.
    """

    integration_id: str
    day: date
    impact_type: ImpactType
    rule: Rule
    quantity: Decimal
    assumption: Assumption
    uncounted: Decimal = ZERO

    def cost(self) -> Estimate:
        """Return what the quantity costs; exact, not rounded."""
        return unit_cost(self.rule, self.assumption).times(self.quantity)


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Failures of one day that cost something nobody can say, and why."""

    integration_id: str
    day: date
    impact_type: ImpactType
    failures: int
    reason: Reason


def unit_cost(rule: Rule, assumption: Assumption) -> Estimate:
    """Return what one unit of a charge's quantity costs.

    Raises: ``ValueError`` for a rate rule without bookings per day; no charge is.
    """
    match rule:
        case Rule.FAILURES_LEAK:
            return assumption.leaked_value()
        case Rule.FAILURES_LOSE:
            return assumption.value()
        case Rule.RATE_LEAKS:
            return assumption.leaked_value().times(_bookings(assumption))
        case Rule.RATE_LOSES:
            return assumption.value().times(_bookings(assumption))


def charges(facts: ChannelDay, assumption: Assumption) -> Iterator[Charge]:
    """Yield what the day costs, at most one charge per impact type, none of zero.

    Source: DESIGN section 5, the table "At risk". Types that cost no money, and those
    that :func:`unpriced` yields, are absent.
    """
    for impact_type in ImpactType:
        if _is_unpriced(facts, assumption, impact_type):
            continue
        charge = _charge(facts, assumption, impact_type)
        if charge.quantity:
            yield charge


def unpriced(facts: ChannelDay, assumption: Assumption) -> Iterator[Unpriced]:
    """Yield the failures of the day that the measured-traffic method cannot price."""
    for impact_type in ImpactType:
        if _is_unpriced(facts, assumption, impact_type):
            yield Unpriced(
                facts.integration_id,
                facts.day,
                impact_type,
                facts.failures.get(impact_type, 0),
                Reason.BOOKINGS_PER_DAY_MISSING,
            )


def total(costs: Iterable[Estimate]) -> Estimate:
    """Return the exact sum; nothing costs nothing."""
    return sum(costs, NOTHING)


def _is_unpriced(
    facts: ChannelDay, assumption: Assumption, impact_type: ImpactType
) -> bool:
    if (
        assumption.method is Method.PER_FAILURE
        or assumption.bookings_per_day is not None
    ):
        return False
    rate = _rate(facts, impact_type)
    return bool(facts.failures.get(impact_type) or rate.weighted)


def _charge(
    facts: ChannelDay, assumption: Assumption, impact_type: ImpactType
) -> Charge:
    failures = Decimal(facts.failures.get(impact_type, 0))
    rate = _rate(facts, impact_type)
    rule = _rule(assumption, impact_type, rate)
    quantity = rate.weighted if rule in _RATE_RULES else failures
    if rule is Rule.FAILURES_LEAK and assumption.bookings_per_day is not None:
        quantity = min(failures, assumption.bookings_per_day)
    return Charge(
        facts.integration_id,
        facts.day,
        impact_type,
        rule,
        quantity,
        assumption,
        uncounted=ZERO if rule in _RATE_RULES else failures - quantity,
    )


def _rule(assumption: Assumption, impact_type: ImpactType, rate: MeasuredRate) -> Rule:
    if impact_type is not ImpactType.BOOKING_LOSS:
        by_rate = assumption.method is Method.BY_RATE
        return Rule.RATE_LEAKS if by_rate else Rule.FAILURES_LEAK
    if assumption.bookings_per_day is None or not rate.measured:
        return Rule.FAILURES_LOSE
    return Rule.RATE_LOSES


def _rate(facts: ChannelDay, impact_type: ImpactType) -> MeasuredRate:
    if impact_type is ImpactType.BOOKING_LOSS:
        return facts.loss_rate
    return facts.error_rates.get(impact_type, UNMEASURED)


def _bookings(assumption: Assumption) -> Decimal:
    if assumption.bookings_per_day is None:
        raise ValueError("a rate costs nothing known without bookings per day")
    return assumption.bookings_per_day


_RATE_RULES = frozenset({Rule.RATE_LEAKS, Rule.RATE_LOSES})
