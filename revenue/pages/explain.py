"""Why is a figure of money what it is? Its terms as a page or a panel."""

from enum import StrEnum
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from integration_health.pages.addresses import events_address
from qa_observability.web import markup
from qa_observability.web.explanations import ExplanationPage, Line
from qa_observability.web.formats import percent
from qa_observability.web.times import day_range, long_day
from revenue.pages.figures import PAGE
from revenue.reports.explain import ExplainedFigure, ExplainedImpact, ExplainedTerm
from revenue.reports.impact import ImpactReport
from revenue.reports.words import type_name


class Explained(StrEnum):
    """Which figure; the value is its part of the address."""

    AT_RISK = "at-risk"
    PROTECTED = "protected"


def explanation_page(explained: ExplainedImpact, which: Explained) -> ExplanationPage:
    """Return one figure's terms; they add up to the figure, to the cent."""
    report, found = explained.report, explained.explanation
    figure: ExplainedFigure = (
        found.revenue_at_risk if which is Explained.AT_RISK else found.revenue_protected
    )
    query = {"period": report.period.value}
    if report.integration_id:
        query["integration"] = report.integration_id
    return ExplanationPage(
        title=_("Revenue at risk, explained")
        if which is Explained.AT_RISK
        else _("Revenue protected, explained"),
        sentence=figure.sentence,
        lines=tuple(_line(term, report) for term in figure.terms),
        total=markup.exact(figure.value, report.currency),
        facts=(
            (_("Days"), day_range(report.window.first_day, report.window.last_day)),
            (_("Data covers"), percent(report.coverage)),
            (
                _("Newest data"),
                long_day(found.data_until) if found.data_until else _("none"),
            ),
            (_("Currency"), report.currency),
        ),
        exclusions=figure.exclusions,
        back=f"{PAGE}?{urlencode(query)}",
        back_label=_("Revenue impact"),
        json=f"/api/v1/revenue/impact?{urlencode(query | {'explain': '1'})}",
    )


def _line(term: ExplainedTerm, report: ImpactReport) -> Line:
    label = term.integration_name
    if term.impact_type is not None:
        label = f"{label}: {type_name(term.impact_type)}"
    query = {"period": report.period.value}
    if term.impact_type is not None:
        query["type"] = term.impact_type.value
    days = day_range(term.first_day, term.last_day)
    return Line(
        label=label,
        formula=term.formula,
        result=markup.exact(term.amount, report.currency),
        note=" ".join([days, _source(term), *term.exclusions]),
        href=events_address(term.integration_id, **query),
    )


def _source(term: ExplainedTerm) -> str:
    used = term.assumption
    if used.valid_from is None:
        return _("· built-in default values.")
    day = long_day(used.valid_from)
    if used.is_default:
        return _("· default values since %(day)s.") % {"day": day}
    return _("· values set for this integration since %(day)s.") % {"day": day}
