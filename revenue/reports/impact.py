"""What did failures put at risk in a period, and what did good days keep?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from qa_observability.lib.periods import Period, Window
from qa_observability.lib.trends import change
from revenue.domain.amounts import ZERO, Estimate, total
from revenue.domain.ledger import Ledger
from revenue.domain.terms import (
    ProtectedRow,
    Row,
    protected_amounts,
    protected_rows,
    row_amounts,
    rows,
)
from revenue.enums import Basis, ImpactType, Method
from revenue.reports.figures import (
    AssumptionUsed,
    BreakdownRow,
    CountedRow,
    Figure,
    UnpricedRow,
    UnprotectedRow,
    assumption_used,
    figure,
)
from revenue.reports.recent import recent
from revenue.reports.sources import Sources, read_sources

_SHARE = Decimal("0.0001")
_PRICED = frozenset(ImpactType)
RowKey = tuple[str, ImpactType]


@dataclass(frozen=True, slots=True)
class ImpactReport:
    """At risk, protected and what they are made of, for all integrations or one.

    ``breakdown`` adds up to ``revenue_at_risk.value``, worst first. ``unpriced`` and
    ``unprotected`` tell what the figures leave out, ``counted`` what has no price.
    ``coverage`` is the share (0-1) of the window under fresh data.
    """

    period: Period
    window: Window
    previous: Window
    integration_id: str | None
    currency: str
    revenue_at_risk: Figure
    revenue_protected: Figure
    breakdown: tuple[BreakdownRow, ...]
    unpriced: tuple[UnpricedRow, ...]
    unprotected: tuple[UnprotectedRow, ...]
    counted: tuple[CountedRow, ...]
    coverage: Decimal
    previous_coverage: Decimal
    assumptions: tuple[AssumptionUsed, ...]


def impact_report(
    *, period: Period, now: datetime, integration_id: str | None = None
) -> ImpactReport:
    """Return the impact of the period that ends at ``now`` against the one before.

    Source: DESIGN section 5. Eleven queries at most, none of which reads events; two when
    it was asked within the last minute and nothing changed since.
    Raises: ``AssumptionUnreadable``.
    """
    return recent(_calculated, period=period, now=now, integration_id=integration_id)


def _calculated(
    *, period: Period, now: datetime, integration_id: str | None
) -> ImpactReport:
    previous = period.previous(ending=now)
    sources = read_sources(Window(previous.start, now), integration_id)
    return build_impact(sources, period=period, now=now, integration_id=integration_id)


def build_impact(
    sources: Sources, *, period: Period, now: datetime, integration_id: str | None
) -> ImpactReport:
    """Return the report from sources that cover the period and the one before."""
    window, previous = period.window(ending=now), period.previous(ending=now)
    current, before = sources.ledger(window), sources.ledger(previous)
    previous_coverage = sources.coverage(previous, integration_id)
    unpriced, unprotected = _unpriced(sources, current), _unprotected(sources, window)
    at_risk, earlier = rows(current.charges), row_amounts(before.charges)
    return ImpactReport(
        period=period,
        window=window,
        previous=previous,
        integration_id=integration_id,
        currency=sources.currency,
        revenue_at_risk=_at_risk(
            current,
            at_risk,
            earlier,
            _methods(sources, window),
            previous_coverage,
        ),
        revenue_protected=_protected(
            protected_rows(current.protections),
            protected_amounts(before.protections),
            unprotected,
            previous_coverage,
        ),
        breakdown=_breakdown(sources, previous, at_risk, earlier),
        unpriced=unpriced,
        unprotected=unprotected,
        counted=_counted(sources, current),
        coverage=sources.coverage(window, integration_id),
        previous_coverage=previous_coverage,
        assumptions=_assumptions(sources, window),
    )


def _at_risk(
    current: Ledger,
    priced: Sequence[Row],
    before: Mapping[RowKey, Decimal],
    basis: Basis,
    previous_coverage: Decimal,
) -> Figure:
    found = total(row.amount for row in priced)
    amount: Estimate | None = found
    if not found.base and (unknown := _unknown(current)):
        amount, basis = None, unknown
    against = change(
        amount.base if amount else None,
        sum(before.values(), ZERO),
        previous_coverage=previous_coverage,
    )
    return figure(amount, against, basis)


def _unknown(current: Ledger) -> Basis | None:
    """Return why zero would be a lie: failures without a price, or no data at all."""
    if current.unpriced:
        return Basis.BOOKINGS_PER_DAY_MISSING
    return None if current.known_days() else Basis.NO_COVERAGE


def _methods(sources: Sources, window: Window) -> Basis:
    """Return the one method of all integrations at the window's end, or ``mixed``."""
    methods = {
        sources.history.on(channel.integration_id, window.last_day).method
        for channel in sources.channels
        if channel.enabled
    }
    if len(methods) > 1:
        return Basis.MIXED
    return Basis.BY_RATE if methods == {Method.BY_RATE} else Basis.PER_FAILURE


def _protected(
    current: Sequence[ProtectedRow],
    before: Mapping[str, Decimal],
    unprotected: Sequence[UnprotectedRow],
    previous_coverage: Decimal,
) -> Figure:
    amount = total(row.amount for row in current) if current else None
    against = change(
        amount.base if amount else None,
        sum(before.values(), ZERO) if before else None,
        previous_coverage=previous_coverage,
    )
    reasons = {row.reason for row in unprotected}
    missing = (
        Basis.BOOKINGS_PER_DAY_MISSING
        if Basis.BOOKINGS_PER_DAY_MISSING in reasons
        else Basis.NO_COVERAGE
    )
    return figure(amount, against, Basis.BENCHMARK if amount else missing)


def _breakdown(
    sources: Sources,
    previous: Window,
    current: Sequence[Row],
    before: Mapping[RowKey, Decimal],
) -> tuple[BreakdownRow, ...]:
    whole = total(row.amount for row in current).base
    coverage, names = sources.coverage_by_integration(previous), sources.names()
    found = [
        _row(
            row,
            names[row.integration_id],
            before.get((row.integration_id, row.impact_type), ZERO),
            coverage.get(row.integration_id, ZERO),
            whole,
        )
        for row in current
        if row.amount.base
    ]
    return tuple(
        sorted(
            found, key=lambda row: (-row.impact, row.integration_id, row.impact_type)
        )
    )


def _row(
    row: Row, name: str, earlier: Decimal, previous_coverage: Decimal, whole: Decimal
) -> BreakdownRow:
    amount = row.amount
    against = change(amount.base, earlier, previous_coverage=previous_coverage)
    return BreakdownRow(
        row.integration_id,
        name,
        amount.base,
        row.impact_type,
        amount.base,
        against.trend,
        against.percent,
        against.basis,
        amount.low,
        amount.high,
        (amount.base / whole).quantize(_SHARE),
    )


def _unpriced(sources: Sources, current: Ledger) -> tuple[UnpricedRow, ...]:
    failures: Counter[tuple[str, ImpactType, Basis]] = Counter()
    for each in current.unpriced:
        key = (each.integration_id, each.impact_type, each.reason)
        failures[key] += each.failures
    names = sources.names()
    return tuple(
        UnpricedRow(slug, names[slug], impact_type, number, reason)
        for (slug, impact_type, reason), number in sorted(failures.items())
    )


def _unprotected(sources: Sources, window: Window) -> tuple[UnprotectedRow, ...]:
    """Return the enabled integrations without a protected figure, and why."""
    covered = sources.coverage_by_integration(window)
    found = []
    for channel in sources.channels:
        slug = channel.integration_id
        assumption = sources.history.on(slug, window.last_day)
        if not channel.enabled:
            continue
        if assumption.bookings_per_day is None:
            reason = Basis.BOOKINGS_PER_DAY_MISSING
        elif slug not in covered:
            reason = Basis.NO_COVERAGE
        else:
            continue
        found.append(UnprotectedRow(slug, channel.name, reason))
    return tuple(found)


def _counted(sources: Sources, current: Ledger) -> tuple[CountedRow, ...]:
    failures = {
        (each.integration_id, event_type): number
        for each in current.days
        for event_type, column in each.failures.items()
        if event_type not in _PRICED and (number := sum(column))
    }
    names = sources.names()
    return tuple(
        CountedRow(slug, names[slug], event_type, number)
        for (slug, event_type), number in sorted(failures.items())
    )


def _assumptions(sources: Sources, window: Window) -> tuple[AssumptionUsed, ...]:
    """Return every assumption that held in the window, by integration, oldest first."""
    return tuple(
        assumption_used(channel, assumption)
        for channel in sources.channels
        for assumption in sources.history.during(
            channel.integration_id, window.first_day, window.last_day
        )
    )
