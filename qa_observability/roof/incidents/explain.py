"""Why does an incident cost what it costs? Its share of each of its days."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from integration_health.reports.incidents import IncidentDetail, incident_detail
from qa_observability.lib.periods import Period
from qa_observability.roof.incidents.rows import incident_address
from qa_observability.roof.incidents.words import about, unknown_words
from qa_observability.web import markup
from qa_observability.web.explanations import ExplanationPage, Line
from qa_observability.web.formats import exact_money, number, percent
from qa_observability.web.times import duration, long_day
from revenue.reports.figures import AssumptionUsed
from revenue.reports.incidents import CostTerm, IncidentCost, incident_costs
from revenue.reports.words import at_risk_exclusions, type_name


def cost_explanation(incident_id: UUID, *, now: datetime) -> ExplanationPage:
    """Return an incident's cost as terms that add up to it, to the cent.

    Raises: ``NotFound``, ``AssumptionUnreadable``.
    """
    item = incident_detail(incident_id)
    cost = incident_costs([item], now=now)[item.id]
    base = cost.so_far.base if cost.so_far else None
    return ExplanationPage(
        title=_("Cost of an incident on %(channel)s, explained")
        % {"channel": item.integration_name},
        sentence=_sentence(cost),
        lines=tuple(_line(term, item, cost.currency) for term in cost.terms),
        total=markup.exact(base, cost.currency) if cost.terms else "",
        facts=_facts(cost),
        exclusions=(
            *at_risk_exclusions(),
            _("A failure belongs to the incident when its ten minutes touch it."),
        ),
        back=incident_address(item.id),
        back_label=_("Incident"),
    )


def _sentence(cost: IncidentCost) -> str:
    if cost.so_far is None or cost.per_hour is None:
        return _("The cost is unknown. %(why)s") % {"why": unknown_words(cost.unknown)}
    return _("About %(so_far)s so far, about %(per_hour)s an hour while it lasted.") % {
        "so_far": about(cost.so_far.base, cost.currency),
        "per_hour": about(cost.per_hour, cost.currency),
    }


def _line(term: CostTerm, item: IncidentDetail, currency: str) -> Line:
    used = term.assumption
    formula = _(
        "%(failures)s of the day's %(of_day)s failures, which put %(day_cost)s at risk"
    ) % {
        "failures": number(term.failures),
        "of_day": number(term.failures_of_day),
        "day_cost": exact_money(term.day_cost, currency),
    }
    query = urlencode({"period": Period.QUARTER.value, "type": term.impact_type.value})
    return Line(
        label=f"{type_name(term.impact_type)}, {long_day(term.day)}",
        formula=formula,
        result=markup.exact(term.amount, currency),
        note=_assumed(used, currency),
        href=f"/dashboard/integrations/{item.integration_id}?{query}#events",
    )


def _assumed(used: AssumptionUsed, currency: str) -> str:
    values = {
        "value": exact_money(used.avg_booking_value, currency),
        "leakage": percent(used.leakage_percentage),
    }
    if used.valid_from is None:
        return (
            _("Booking value %(value)s, leakage %(leakage)s: built-in values.") % values
        )
    dated = values | {"day": long_day(used.valid_from)}
    if used.is_default:
        return (
            _("Booking value %(value)s, leakage %(leakage)s: default since %(day)s.")
            % dated
        )
    return (
        _("Booking value %(value)s, leakage %(leakage)s: set for it since %(day)s.")
        % dated
    )


def _facts(cost: IncidentCost) -> tuple[tuple[str, str], ...]:
    counted = (_("Ten-minute intervals it touches"), duration(cost.counted))
    if cost.so_far is None:
        return (counted, (_("Currency"), cost.currency))
    return (
        (
            _("Range"),
            _("%(low)s to %(high)s, by the lowest and the highest assumed leakage")
            % {
                "low": exact_money(cost.so_far.low, cost.currency),
                "high": exact_money(cost.so_far.high, cost.currency),
            },
        ),
        counted,
        (_("Cost per hour"), exact_money(cost.per_hour, cost.currency)),
        (_("Currency"), cost.currency),
    )
