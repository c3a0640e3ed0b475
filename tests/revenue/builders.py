"""Short ways to write a day, an assumption and a version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from revenue.domain.amounts import RATE_ONE
from revenue.domain.assumptions import (
    Assumption,
    AssumptionHistory,
    AssumptionValues,
    Version,
    merged,
)
from revenue.domain.impact import ChannelDays, MeasuredRates
from revenue.enums import ImpactType, Method

DAY = date(2026, 1, 10)


def values(
    value: str | None = None,
    leakage: str | None = None,
    bookings: str | None = None,
    method: Method | None = None,
) -> AssumptionValues:
    return AssumptionValues(
        Decimal(value) if value is not None else None,
        Decimal(leakage) if leakage is not None else None,
        Decimal(bookings) if bookings is not None else None,
        method,
    )


def version(
    number: int,
    integration_id: str | None,
    valid_from: date,
    given: AssumptionValues,
) -> Version:
    return Version(UUID(int=number), integration_id, valid_from, given)


def assumption(
    value: str | None = None,
    leakage: str | None = None,
    bookings: str | None = None,
    method: Method | None = None,
    integration_id: str = "airbnb",
) -> Assumption:
    given = values(value, leakage, bookings, method)
    return merged(version(1, integration_id, date.min, given), None)


@dataclass(frozen=True)
class Rate:
    """A mean rate, a ratio, over seconds of a day."""

    mean: Decimal = Decimal(0)
    seconds: int = 0

    @property
    def weighted(self) -> int:
        return int(self.mean * self.seconds * RATE_ONE)


@dataclass(frozen=True)
class Day:
    """One day of Airbnb, as a person would tell it."""

    day: date = DAY
    covered_seconds: int = 86_400
    loss: Rate = Rate()
    pricing: Rate = Rate()
    fees: Rate = Rate()
    failures: Mapping[str, int] = field(default_factory=dict)

    def rates(self) -> dict[ImpactType, Rate]:
        return {
            ImpactType.BOOKING_LOSS: self.loss,
            ImpactType.PRICING: self.pricing,
            ImpactType.FEES: self.fees,
        }


def rate(mean: str, seconds: int = 86_400) -> Rate:
    return Rate(Decimal(mean), seconds)


def a_day(day: date = DAY, *, covered_seconds: int = 86_400, **told: Any) -> Day:
    rates = {
        name: told.pop(name) for name in ("loss", "pricing", "fees") if name in told
    }
    return Day(day, covered_seconds, **rates, failures=told)


def channel_days(*days: Day, integration_id: str = "airbnb") -> ChannelDays:
    """Return the days, in whatever order they come, as the calculator takes them."""
    some = sorted(days, key=lambda day: day.day)
    types = {name for day in some for name in day.failures}
    return ChannelDays(
        integration_id,
        [day.day for day in some],
        {name: [day.failures.get(name, 0) for day in some] for name in types},
        [day.covered_seconds for day in some],
        {
            name: MeasuredRates(
                [day.rates()[name].weighted for day in some],
                [day.rates()[name].seconds for day in some],
            )
            for name in ImpactType
            if any(day.rates()[name].seconds for day in some)
        },
    )


def history(*versions: Version) -> AssumptionHistory:
    return AssumptionHistory(versions)


def always(held: Assumption) -> AssumptionHistory:
    """Return a history in which one assumption held all along."""
    return AssumptionHistory([held.own] if held.own else [])
