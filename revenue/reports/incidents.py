"""What has an incident cost so far, and how much an hour? Its share of its days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from integration_health.models.events import KEPT
from integration_health.reports.incident_failures import (
    FailuresByDay,
    failures_of,
    time_counted,
)
from integration_health.reports.incidents import IncidentItem
from qa_observability.lib.periods import ONE_DAY, Window, start_of_day, utc_day
from revenue.domain.amounts import (
    Estimate,
    Grains,
    shares_in_cents,
    to_cents,
    total_grains,
)
from revenue.domain.impact import Charge
from revenue.enums import ImpactType
from revenue.reports.figures import AssumptionUsed, assumption_used
from revenue.reports.sources import Sources, read_sources

_AN_HOUR = 3600
_Key = tuple[str, date, str]


class Unknown(StrEnum):
    """Why nobody can say what an incident cost."""

    NO_PRICE = "no_price"
    BOOKINGS_PER_DAY_MISSING = "bookings_per_day_missing"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One day and type: the incident's share, by failures, of what that day cost.

    ``amount`` = ``day_cost`` x ``failures`` / ``failures_of_day``, in cents; the terms of
    an incident add up to its cost.
    """

    day: date
    impact_type: ImpactType
    failures: int
    failures_of_day: int
    day_cost: Decimal
    amount: Decimal
    assumption: AssumptionUsed


@dataclass(frozen=True, slots=True)
class IncidentCost:
    """What an incident put at risk: low, base and high in cents, and base per hour.

    ``counted`` is the length of the ten-minute intervals that the incident touches, by
    which ``per_hour`` divides. Both amounts are ``None`` when nobody can say, and
    ``unknown`` says why.
    """

    so_far: Estimate | None
    per_hour: Decimal | None
    unknown: Unknown | None
    counted: timedelta
    currency: str
    terms: tuple[CostTerm, ...]


def incident_costs(
    incidents: Sequence[IncidentItem], *, now: datetime
) -> dict[UUID, IncidentCost]:
    """Return the cost of each incident: its share of what the revenue page says.

    A day and type of failure costs what that page says; an incident takes the share of
    its own failures in it, so incidents never add up to more than the page. Ten queries
    at most, however many incidents; none without any.
    Raises: ``AssumptionUnreadable``.
    """
    if not incidents:
        return {}
    days = _read_days(_whole_days(incidents, now))
    failures = failures_of(each.id for each in incidents)
    return {
        each.id: _cost(each, failures.get(each.id, {}), days, now) for each in incidents
    }


@dataclass(frozen=True, slots=True)
class _Days:
    """What each channel, day and type cost, and how many failures it had."""

    sources: Sources
    costs: Mapping[_Key, tuple[Charge, Grains]]
    unpriced: frozenset[_Key]
    failures: Mapping[_Key, int]


@dataclass(frozen=True, slots=True)
class _Share:
    """An incident's part of what a day and type cost; exact, not rounded."""

    day: date
    charge: Charge
    day_cost: Grains
    failures: int
    of_day: int

    @property
    def cost(self) -> Grains:
        return self.day_cost.times(Fraction(self.failures, self.of_day))


def _whole_days(incidents: Sequence[IncidentItem], now: datetime) -> Window:
    start = start_of_day(min(utc_day(each.started_at) for each in incidents))
    end = start_of_day(max(utc_day(each.ended_at) for each in incidents) + ONE_DAY)
    return Window(start, max(start, min(end, now)))


def _read_days(window: Window) -> _Days:
    sources = read_sources(window)
    ledger = sources.ledger(window)
    return _Days(
        sources,
        {
            (each.integration_id, day, each.impact_type): (
                each,
                each.unit_cost.times(quantity),
            )
            for each in ledger.charges
            for day, quantity in each.by_day()
        },
        frozenset(
            (each.integration_id, each.day, each.impact_type)
            for each in ledger.unpriced
        ),
        {
            (each.integration_id, day, event_type): count
            for each in ledger.days
            for event_type, column in each.failures.items()
            for day, count in zip(each.days, column, strict=True)
        },
    )


def _cost(
    incident: IncidentItem, failures: FailuresByDay, days: _Days, now: datetime
) -> IncidentCost:
    counted = time_counted(incident.started_at, incident.ended_at)
    seconds = int(counted.total_seconds())
    keys = {
        (incident.integration_id, day, event_type): count
        for (day, event_type), count in failures.items()
    }
    shares = [_share(key, count, days) for key, count in sorted(keys.items())]
    priced = [share for share in shares if share is not None]
    currency = days.sources.currency
    if not priced:
        why = _why_unknown(incident, keys, days, now)
        return IncidentCost(None, None, why, counted, currency, ())
    cost = total_grains(share.cost for share in priced)
    return IncidentCost(
        cost.in_cents(),
        to_cents(cost.base * Fraction(_AN_HOUR, seconds)),
        None,
        counted,
        currency,
        _terms(priced, days.sources),
    )


def _share(key: _Key, failures: int, days: _Days) -> _Share | None:
    """Return the part of a day; None when the type has no price on it.

    A failure may have come in since the day was counted: no share is above the whole.
    """
    if key not in days.costs:
        return None
    charge, day_cost = days.costs[key]
    of_day = max(failures, days.failures.get(key, 0))
    return _Share(key[1], charge, day_cost, failures, of_day)


def _terms(shares: Sequence[_Share], sources: Sources) -> tuple[CostTerm, ...]:
    amounts = shares_in_cents([share.cost.base for share in shares])
    return tuple(
        CostTerm(
            share.day,
            share.charge.impact_type,
            share.failures,
            share.of_day,
            to_cents(share.day_cost.base),
            amount,
            assumption_used(
                sources.channel(share.charge.integration_id), share.charge.assumption
            ),
        )
        for share, amount in zip(shares, amounts, strict=True)
    )


def _why_unknown(
    incident: IncidentItem, keys: Mapping[_Key, int], days: _Days, now: datetime
) -> Unknown:
    if not keys and incident.ended_at < now - KEPT:
        return Unknown.NOT_KEPT
    if days.unpriced & keys.keys():
        return Unknown.BOOKINGS_PER_DAY_MISSING
    return Unknown.NO_PRICE
