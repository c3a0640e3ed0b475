"""Why is a figure what it is? Its terms, with numbers put in, adding up to the cent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from qa_observability.lib.periods import Period, Window
from revenue.domain.assumptions import Assumption
from revenue.domain.terms import ProtectedTerm, Term, protected_rows, rows
from revenue.enums import ImpactType, Rule
from revenue.reports import words
from revenue.reports.figures import AssumptionUsed, assumption_used
from revenue.reports.impact import ImpactReport, build_impact
from revenue.reports.recent import recent
from revenue.reports.sources import Sources, read_sources

_RATE_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class TermInputs:
    """The numbers of a term.

    Units: ``quantity`` is failures, days at the full rate, or for protected revenue days
        counted. ``mean_rate`` is a ratio over ``measured_days``; both only for rates.
    """

    quantity: Decimal
    days: int
    measured_days: Decimal | None = None
    mean_rate: Decimal | None = None
    benchmark: Decimal | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """One product of a figure: formula, inputs, who assumed what, and the rows behind."""

    integration_id: str
    integration_name: str
    impact_type: ImpactType | None
    rule: Rule | None
    amount: Decimal
    formula: str
    inputs: TermInputs
    assumption: AssumptionUsed
    first_day: date
    last_day: date
    exclusions: tuple[str, ...]
    rows: str


@dataclass(frozen=True, slots=True)
class ExplainedFigure:
    """A figure as the sum of its terms, to the cent."""

    sentence: str
    value: Decimal | None
    terms: tuple[ExplainedTerm, ...]
    exclusions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Both figures explained; ``data_until`` is the last day that has any data."""

    revenue_at_risk: ExplainedFigure
    revenue_protected: ExplainedFigure
    data_until: date | None


@dataclass(frozen=True, slots=True)
class ExplainedImpact:
    """A report with its explanation, from one reading of the sources."""

    report: ImpactReport
    explanation: Explanation


def explained_impact(
    *, period: Period, now: datetime, integration_id: str | None = None
) -> ExplainedImpact:
    """Return the impact report and the terms of its two figures.

    At risk is in the order of the breakdown. Costs as ``impact_report``.
    Raises: ``AssumptionUnreadable``.
    """
    return recent(_calculated, period=period, now=now, integration_id=integration_id)


def _calculated(
    *, period: Period, now: datetime, integration_id: str | None
) -> ExplainedImpact:
    previous = period.previous(ending=now)
    sources = read_sources(Window(previous.start, now), integration_id)
    return build_explained(
        sources, period=period, now=now, integration_id=integration_id
    )


def build_explained(
    sources: Sources, *, period: Period, now: datetime, integration_id: str | None
) -> ExplainedImpact:
    """Return report and terms from sources that cover the period and the one before."""
    report = build_impact(
        sources, period=period, now=now, integration_id=integration_id
    )
    current = sources.ledger(report.window)
    at_risk = sorted(
        (row for row in rows(current.charges) if row.amount.base),
        key=lambda row: (-row.amount.base, row.integration_id, row.impact_type),
    )
    kept = protected_rows(current.protections)
    return ExplainedImpact(
        report,
        Explanation(
            _at_risk(
                sources, report, (term for row in at_risk for term in row.terms())
            ),
            _protected(sources, report, (term for row in kept for term in row.terms())),
            data_until=max(current.known_days(), default=None),
        ),
    )


def _at_risk(
    sources: Sources, report: ImpactReport, terms: Iterable[Term]
) -> ExplainedFigure:
    found = report.revenue_at_risk
    return ExplainedFigure(
        words.at_risk_sentence(found, report.currency, report.period.days),
        found.value,
        tuple(_term(sources, report, term) for term in terms),
        words.at_risk_exclusions(),
    )


def _term(sources: Sources, report: ImpactReport, term: Term) -> ExplainedTerm:
    by_rate = bool(term.measured)
    return ExplainedTerm(
        term.integration_id,
        sources.channel(term.integration_id).name,
        term.impact_type,
        term.rule,
        term.amount,
        words.term_formula(term, report.currency),
        TermInputs(
            term.quantity,
            term.days,
            measured_days=term.measured if by_rate else None,
            mean_rate=(term.quantity / term.measured).quantize(_RATE_PLACES)
            if by_rate
            else None,
        ),
        _cited(sources, term.integration_id, term.assumption),
        term.first,
        term.last,
        words.term_exclusions(term),
        _rows_behind(report, term.integration_id, term.impact_type),
    )


def _protected(
    sources: Sources, report: ImpactReport, terms: Iterable[ProtectedTerm]
) -> ExplainedFigure:
    found = report.revenue_protected
    return ExplainedFigure(
        words.protected_sentence(found.value, report.currency, report.period.days),
        found.value,
        tuple(_protected_term(sources, report, term) for term in terms),
        words.protected_exclusions_of_all(),
    )


def _protected_term(
    sources: Sources, report: ImpactReport, term: ProtectedTerm
) -> ExplainedTerm:
    return ExplainedTerm(
        term.integration_id,
        sources.channel(term.integration_id).name,
        None,
        None,
        term.amount,
        words.protected_formula(term, report.currency),
        TermInputs(
            Decimal(term.days),
            term.days + term.days_lost,
            benchmark=term.benchmark,
            cost=term.cost,
        ),
        _cited(sources, term.integration_id, term.assumption),
        term.first,
        term.last,
        words.protected_exclusions(term),
        _rows_behind(report, term.integration_id, None),
    )


def _cited(
    sources: Sources, integration_id: str, assumption: Assumption
) -> AssumptionUsed:
    return assumption_used(sources.channel(integration_id), assumption)


def _rows_behind(
    report: ImpactReport, integration_id: str, impact_type: ImpactType | None
) -> str:
    query = {"period": report.period.value}
    if impact_type is not None:
        query["type"] = impact_type.value
    return f"/api/v1/integrations/health/{integration_id}/events?{urlencode(query)}"
