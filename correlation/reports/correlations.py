"""What does the list of links answer? Links of a period, and what to do first."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from correlation.reports.links import Link, links_in, shown_links
from correlation.reports.recommendations import Recommendation, recommendations
from qa_observability.lib.periods import Period, Window


@dataclass(frozen=True, slots=True)
class CorrelationsReport:
    """Links, strongest first, and at most five recommendations drawn from them."""

    window: Window
    correlations: tuple[Link, ...]
    recommendations: tuple[Recommendation, ...]


def correlations_report(
    *,
    period: Period,
    now: datetime,
    integration_id: str | None = None,
    test: str | None = None,
    min_score: Decimal = Decimal(0),
    with_money: bool,
) -> CorrelationsReport:
    """Return the links whose test raised an alarm in the period.

    ``min_score`` is 0 to 1. Without ``with_money`` no recommendation holds an amount.
    Two queries, and what money asks.
    """
    window = period.window(ending=now)
    links = shown_links(
        links_in(window, integration_id=integration_id, test=test, min_score=min_score)
    )
    return CorrelationsReport(
        window, links, recommendations(links, window, with_money=with_money)
    )
