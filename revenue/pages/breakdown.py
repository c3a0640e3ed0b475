"""Which failures put how much at risk? The breakdown as a table, largest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from integration_health.pages.addresses import events_address
from qa_observability.lib.trends import Change
from qa_observability.web.sorting import Order, in_order
from revenue.reports.figures import BreakdownRow
from revenue.reports.impact import ImpactReport
from revenue.reports.words import type_name


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``share`` is its ratio (0-1) of the figure."""

    integration: str
    type_words: str
    impact: Decimal
    share: Decimal
    change: Change
    href: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The rows shown, and the total of all rows: the figure on the card."""

    rows: tuple[Row, ...]
    total: Decimal
    total_label: str
    currency: str


SORT_KEYS: Final[Mapping[str, Callable[[Row], Any]]] = {
    "impact": lambda row: row.impact,
    "integration": lambda row: row.integration,
    "type": lambda row: row.type_words,
    "trend": lambda row: row.change.percent,
}
LARGEST_FIRST: Final = Order("impact", descending=True)


def breakdown(
    report: ImpactReport, *, most: int | None = None, order: Order = LARGEST_FIRST
) -> Breakdown:
    """Return the largest rows in an order, all of them unless ``most`` says how many."""
    shown = report.breakdown[:most]
    hidden = len(report.breakdown) - len(shown)
    return Breakdown(
        rows=in_order(
            (_row(row, report.period.value) for row in shown), order, SORT_KEYS
        ),
        total=sum((row.impact for row in report.breakdown), Decimal("0.00")),
        total_label=_("Total") if not hidden else _("Total, with smaller ones"),
        currency=report.currency,
    )


def _row(row: BreakdownRow, period: str) -> Row:
    return Row(
        integration=row.integration_name,
        type_words=type_name(row.impact_type),
        impact=row.impact,
        share=row.share,
        change=row.comparison,
        href=events_address(
            row.integration_id, period=period, type=row.impact_type.value
        ),
    )
