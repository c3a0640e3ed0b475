"""Short ways to write a day, an assumption and a version."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from revenue.domain.assumptions import (
    Assumption,
    AssumptionHistory,
    AssumptionValues,
    Version,
    merged,
)
from revenue.domain.impact import UNMEASURED, ChannelDay, MeasuredRate
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


def rate(mean: str, measured: str = "1") -> MeasuredRate:
    return MeasuredRate(Decimal(mean) * Decimal(measured), Decimal(measured))


def channel_day(
    day: date = DAY,
    integration_id: str = "airbnb",
    coverage: str = "1",
    loss: MeasuredRate = UNMEASURED,
    pricing: MeasuredRate = UNMEASURED,
    fees: MeasuredRate = UNMEASURED,
    **failures: int,
) -> ChannelDay:
    return ChannelDay(
        integration_id,
        day,
        failures,
        Decimal(coverage),
        loss,
        {ImpactType.PRICING: pricing, ImpactType.FEES: fees},
    )


def history(*versions: Version) -> AssumptionHistory:
    return AssumptionHistory(versions)
