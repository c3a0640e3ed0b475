"""What does the calculator make of what was seen, and how far is it from the truth?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from revenue.domain.amounts import RATE_ONE, SECONDS_A_DAY, Estimate, total_grains
from revenue.domain.assumptions import AssumptionHistory, AssumptionValues, Version
from revenue.domain.impact import ChannelDays, MeasuredRates
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
    return total_grains(charge.grains() for charge in charges).in_money()


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


def _channel_days(seen: Iterable[SeenDay]) -> Iterator[ChannelDays]:
    for channel, group in groupby(seen, lambda day: day.channel):
        days = list(group)
        rates = {
            ImpactType.PRICING: [day.pricing for day in days],
            ImpactType.FEES: [day.fees for day in days],
            ImpactType.BOOKING_LOSS: [day.loss for day in days],
        }
        yield ChannelDays(
            channel,
            [day.day for day in days],
            {name: [day.failures.get(name, 0) for day in days] for name in ImpactType},
            [SECONDS_A_DAY] * len(days),
            {name: _rates(rate) for name, rate in rates.items()},
        )


def _rates(seen: Sequence[SeenRate]) -> MeasuredRates:
    return MeasuredRates(
        [round(rate.weighted * SECONDS_A_DAY * RATE_ONE) for rate in seen],
        [round(rate.measured * SECONDS_A_DAY) for rate in seen],
    )
