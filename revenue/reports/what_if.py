"""What would other assumptions change? The same calculator, nothing stored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from qa_observability.lib.errors import InvalidField
from qa_observability.lib.periods import Period, Window, utc_day
from revenue.domain.amounts import Estimate, total
from revenue.domain.assumptions import AssumptionHistory, AssumptionValues
from revenue.domain.document import ConfigurationChange
from revenue.domain.drafts import overlaid, with_draft
from revenue.domain.ledger import Ledger
from revenue.domain.terms import protected_amounts, rows
from revenue.models import RevenueAssumption
from revenue.reports.sources import (
    Sources,
    read_sources,
    refuse_unknown_integrations,
)

Drafts = Mapping[str | None, AssumptionValues]


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a window comes to; ``None`` is unknown: no data, or no bookings per day."""

    at_risk: Decimal | None
    low: Decimal | None
    high: Decimal | None
    protected: Decimal | None


UNKNOWN = Amounts(None, None, None, None)


@dataclass(frozen=True, slots=True)
class ChannelEffect:
    """Before and after, of one integration."""

    integration_id: str
    integration_name: str
    before: Amounts
    after: Amounts


@dataclass(frozen=True, slots=True)
class PeriodEffect:
    """Before and after in one period; integrations add up to it."""

    period: Period
    window: Window
    before: Amounts
    after: Amounts
    integrations: tuple[ChannelEffect, ...]


@dataclass(frozen=True, slots=True)
class WhatIfReport:
    """What a draft would change, period by period.

    ``valid_from`` is the day from which the draft would hold; ``None``: always.
    """

    currency: str
    valid_from: date | None
    periods: tuple[PeriodEffect, ...]


def what_if_report(
    drafts: Drafts,
    *,
    now: datetime,
    valid_from: date | None = None,
    periods: Sequence[Period] = tuple(Period),
) -> WhatIfReport:
    """Return what the drafts (``None`` is the default of all) would change.

    A draft is the whole of what its integration says; what it leaves out is inherited.
    Costs as ``impact_report`` for the longest of the periods.
    Raises: ``AssumptionUnreadable``.
    """
    longest = max(periods, key=lambda period: period.days)
    before = read_sources(longest.window(ending=now))
    versions = [row.version() for row in RevenueAssumption.objects.in_force()]
    changed = AssumptionHistory(with_draft(versions, drafts, valid_from))
    after = replace(before, history=changed)
    return WhatIfReport(
        before.currency,
        valid_from,
        tuple(
            _period(period, period.window(ending=now), before, after)
            for period in periods
        ),
    )


def drafts_of(change: ConfigurationChange, *, now: datetime) -> Drafts:
    """Return what a document drafts: its words put over what holds on its day.

    Unlike a document that is put in force, a draft speaks only of what it names.
    Raises: ``InvalidField`` for an unknown integration or a currency that is not the one
        in use; ``AssumptionUnreadable``.
    """
    refuse_unknown_integrations(change.configuration.integrations)
    _refuse_other_currency(change.configuration.currency)
    day = change.valid_from or utc_day(now)
    held: dict[str | None, AssumptionValues] = {}
    for row in RevenueAssumption.objects.in_force().order_by("valid_from"):
        if row.valid_from <= day:
            held[row.integration_id] = row.values()
    nothing = AssumptionValues()
    drafts: dict[str | None, AssumptionValues] = {
        slug: overlaid(held.get(slug, nothing), draft)
        for slug, draft in change.configuration.integrations.items()
    }
    if change.configuration.default != nothing:
        drafts[None] = overlaid(held.get(None, nothing), change.configuration.default)
    return drafts


def _refuse_other_currency(wanted: str | None) -> None:
    current = RevenueAssumption.objects.currency()
    if wanted not in {None, current}:
        raise InvalidField.named(
            "revenue.currency",
            _("must be %(current)s, in which assumptions are kept.")
            % {"current": current},
            code="currency_mixed",
        )


def _period(
    period: Period, window: Window, before: Sources, after: Sources
) -> PeriodEffect:
    was, would_be = before.ledger(window), after.ledger(window)
    was_each, would_be_each = _amounts_of_each(was), _amounts_of_each(would_be)
    return PeriodEffect(
        period,
        window,
        _sum(was_each.values()),
        _sum(would_be_each.values()),
        tuple(
            ChannelEffect(
                channel.integration_id,
                channel.name,
                was_each.get(channel.integration_id, UNKNOWN),
                would_be_each.get(channel.integration_id, UNKNOWN),
            )
            for channel in before.channels
        ),
    )


def _amounts_of_each(ledger: Ledger) -> dict[str, Amounts]:
    """Return the amounts of every integration that has any data."""
    costs: dict[str, list[Estimate]] = defaultdict(list)
    for row in rows(ledger.charges):
        costs[row.integration_id].append(row.amount)
    unpriced = {each.integration_id for each in ledger.unpriced}
    kept = protected_amounts(ledger.protections)
    return {
        slug: _amounts(
            total(costs[slug]) if costs[slug] or slug not in unpriced else None,
            kept.get(slug),
        )
        for each in ledger.days
        if any(each.known()) and (slug := each.integration_id)
    }


def _amounts(at_risk: Estimate | None, protected: Decimal | None) -> Amounts:
    if at_risk is None:
        return replace(UNKNOWN, protected=protected)
    return Amounts(at_risk.base, at_risk.low, at_risk.high, protected)


def _sum(parts: Collection[Amounts]) -> Amounts:
    return Amounts(
        _known(part.at_risk for part in parts),
        _known(part.low for part in parts),
        _known(part.high for part in parts),
        _known(part.protected for part in parts),
    )


def _known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of what is known; ``None`` when nothing is."""
    found = [amount for amount in amounts if amount is not None]
    return sum(found, Decimal("0.00")) if found else None
