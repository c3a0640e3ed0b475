"""What does the calculator make of what was seen, and how far is it from the truth?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from revenue.domain.amounts import Estimate, total
from revenue.domain.assumptions import AssumptionHistory, AssumptionValues, Version
from revenue.domain.impact import ChannelDay, MeasuredRate
from revenue.domain.ledger import ledger
from revenue.enums import ImpactType, Method
from tests.revenue.truth.world import Channel, Month, SeenDay, SeenRate

CONFIGURED = Decimal("0.05")


@dataclass(frozen=True)
class Verdict:
    """One seed: relative error of the estimate, and whether the range held the truth."""

    seed: int
    error: float
    covered: bool


def verdict(
    seed: int, month: Month, method: Method, leakage: Decimal | None = None
) -> Verdict:
    """Estimate the month; ``leakage`` overrides what is true of each channel."""
    found = estimated(month, method, leakage)
    error = float(found.base) / month.lost - 1
    return Verdict(seed, error, float(found.low) <= month.lost <= float(found.high))


def estimated(month: Month, method: Method, leakage: Decimal | None) -> Estimate:
    history = AssumptionHistory(
        _version(number, channel, method, leakage)
        for number, channel in enumerate(month.channels)
    )
    charges = ledger(_channel_days(month.days), history).charges
    return total(charge.cost() for charge in charges)


def _version(
    number: int, channel: Channel, method: Method, leakage: Decimal | None
) -> Version:
    given = AssumptionValues(
        Decimal(str(channel.value)),
        Decimal(str(channel.leakage)) if leakage is None else leakage,
        Decimal(channel.bookings_per_day),
        method,
    )
    return Version(UUID(int=number + 1), channel.name, date.min, given)


def _channel_days(seen: Iterable[SeenDay]) -> list[ChannelDay]:
    return [
        ChannelDay(
            each.channel,
            each.day,
            each.failures,
            Decimal(1),
            _rate(each.loss),
            {
                ImpactType.PRICING: _rate(each.pricing),
                ImpactType.FEES: _rate(each.fees),
            },
        )
        for each in seen
    ]


def _rate(seen: SeenRate) -> MeasuredRate:
    return MeasuredRate(
        Decimal(seen.weighted).quantize(Decimal("1e-18")), Decimal(seen.measured)
    )
