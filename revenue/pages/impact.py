"""What did failures cost and what did good days keep? The revenue page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_observability.lib.periods import Period
from qa_observability.web.cards import Kpi
from qa_observability.web.charts.trend import TrendChart
from qa_observability.web.formats import percent
from qa_observability.web.sorting import Order
from revenue.enums import Basis
from revenue.pages.breakdown import Breakdown, breakdown
from revenue.pages.figures import (
    at_risk_card,
    at_risk_chart,
    protected_card,
    protected_chart,
)
from revenue.pages.reading import read_money
from revenue.reports.figures import AssumptionUsed
from revenue.reports.impact import ImpactReport
from revenue.reports.words import at_risk_sentence


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """Everything the revenue page prints."""

    sentence: str
    is_unknown: bool
    coverage: str
    kpis: tuple[Kpi, ...]
    charts: tuple[TrendChart, ...]
    breakdown: Breakdown
    left_out: tuple[str, ...]
    assumptions: tuple[AssumptionUsed, ...]
    currency: str
    method: tuple[tuple[str, str], ...]


def impact_page(
    *, period: Period, now: datetime, integration_id: str | None, order: Order
) -> ImpactPage:
    """Return the page of one integration or of all. Queries as one report."""
    read = read_money(period=period, now=now, integration_id=integration_id)
    report, series = read.report, read.series
    return ImpactPage(
        sentence=at_risk_sentence(report.revenue_at_risk, report.currency, period.days),
        is_unknown=report.revenue_at_risk.basis is Basis.NO_COVERAGE,
        coverage=_("Data covers %(share)s of the period.")
        % {"share": percent(report.coverage, 0)},
        kpis=(at_risk_card(report, series), protected_card(report, series)),
        charts=(at_risk_chart(series), protected_chart(series)),
        breakdown=breakdown(report, order=order),
        left_out=tuple(_left_out(report)),
        assumptions=report.assumptions,
        currency=report.currency,
        method=_method(),
    )


def _left_out(report: ImpactReport) -> list[str]:
    unpriced = [
        ngettext(
            "%(name)s: %(failures)d failure has no price, bookings per day are not set.",
            "%(name)s: %(failures)d failures have no price, bookings per day are not set.",
            row.failures,
        )
        % {"name": row.integration_name, "failures": row.failures}
        for row in report.unpriced
    ]
    counted = sum(row.failures for row in report.counted)
    if not counted:
        return unpriced
    return [
        *unpriced,
        ngettext(
            "%(failures)d failure of a kind without a price is only counted.",
            "%(failures)d failures of kinds without a price are only counted.",
            counted,
        )
        % {"failures": counted},
    ]


def _method() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("At risk"),
            _(
                "Each pricing or fee failure is worth the average booking times the share "
                "of bookings such failures lose. Retries of one fault count once in ten "
                "minutes. Lost bookings count in full."
            ),
        ),
        (
            _("Protected"),
            _(
                "What an average channel would have lost on the days with data, minus "
                "what was at risk on them. It needs bookings per day."
            ),
        ),
        (
            _("Range"),
            _(
                "From the lower to the upper end of the share that the industry names: "
                "3 % to 7 %, widened to what is configured."
            ),
        ),
    )
