"""What has an incident cost so far, and how much an hour? Its share of its days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from integration_health.models.events import KEPT
from integration_health.reports.incident_failures import (
    FailuresByDay,
    failures_of,
    time_counted,
)
from integration_health.reports.incidents import IncidentItem
from qa_observability.lib.periods import ONE_DAY, Window, start_of_day, utc_day
from revenue.domain.amounts import EXACT, Estimate, shares_in_cents, to_cents, total
from revenue.domain.impact import Charge
from revenue.enums import ImpactType
from revenue.reports.figures import AssumptionUsed, assumption_used
from revenue.reports.sources import Sources, read_sources

_AN_HOUR = Decimal(3600)
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

    An hour is six of the ten-minute intervals that the incident touches. ``so_far`` and
    ``per_hour`` are ``None`` when nobody can say, and ``unknown`` says why.
    """

    so_far: Estimate | None
    per_hour: Decimal | None
    unknown: Unknown | None
    hours: Decimal
    currency: str
    terms: tuple[CostTerm, ...]


def incident_costs(
    incidents: Sequence[IncidentItem], *, now: datetime
) -> dict[UUID, IncidentCost]:
    """Return the cost of each incident: its share of what the revenue page says.

    A day and type of failure costs what that page says; an incident takes the share of
    its own failures in it, so incidents never add up to more than the page. Nine queries
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
    charges: Mapping[_Key, Charge]
    unpriced: frozenset[_Key]
    failures: Mapping[_Key, int]


@dataclass(frozen=True, slots=True)
class _Share:
    """An incident's part of one charge; exact, not rounded."""

    charge: Charge
    failures: int
    of_day: int
    cost: Estimate


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
            (each.integration_id, each.day, each.impact_type): each
            for each in ledger.charges
        },
        frozenset(
            (each.integration_id, each.day, each.impact_type)
            for each in ledger.unpriced
        ),
        {
            (day.integration_id, day.day, event_type): count
            for day in ledger.days
            for event_type, count in day.failures.items()
        },
    )


def _cost(
    incident: IncidentItem, failures: FailuresByDay, days: _Days, now: datetime
) -> IncidentCost:
    counted = time_counted(incident.started_at, incident.ended_at)
    hours = Decimal(int(counted.total_seconds())) / _AN_HOUR
    keys = {
        (incident.integration_id, day, event_type): count
        for (day, event_type), count in failures.items()
    }
    shares = [
        _share(days.charges[key], count, max(count, days.failures.get(key, 0)))
        for key, count in sorted(keys.items())
        if key in days.charges
    ]
    currency = days.sources.currency
    if not shares:
        why = _why_unknown(incident, keys, days, now)
        return IncidentCost(None, None, why, hours, currency, ())
    exact = total(share.cost for share in shares)
    return IncidentCost(
        exact.in_cents(),
        to_cents(exact.base / hours),
        None,
        hours,
        currency,
        _terms(shares, days.sources),
    )


def _share(charge: Charge, failures: int, of_day: int) -> _Share:
    part = EXACT.divide(Decimal(failures), Decimal(of_day))
    return _Share(charge, failures, of_day, charge.cost().times(part))


def _terms(shares: Sequence[_Share], sources: Sources) -> tuple[CostTerm, ...]:
    amounts = shares_in_cents([share.cost.base for share in shares])
    return tuple(
        CostTerm(
            share.charge.day,
            share.charge.impact_type,
            share.failures,
            share.of_day,
            to_cents(share.charge.cost().base),
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
