"""How far were the weekly reports from what their weeks came to since? Late data tell."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from qa_observability.lib.periods import Period
from revenue.models import WeeklyReport
from revenue.reports.impact import impact_report
from revenue.reports.weekly import content_of

WEEKS = 8  # the events of all of them are still kept
_INSTANT = timedelta(microseconds=1)
_STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class EstimateRevision:
    """Reports judged, and the error of their at risk: the summed distances from today's
    figures as a share of those (0 is none). None while those sum to nothing.
    """

    weeks: int
    error: Decimal | None


def estimate_revision(now: datetime) -> EstimateRevision:
    """Compare at risk as the last eight scheduled reports told it with today's answer.

    What moves it: rows that came late, undone imports, corrections, and assumptions
    changed for days that were over. A week either side did not know is left out. Costs
    one calculation a week; for a job, not for a page.
    """
    told_and_found = []
    reports = WeeklyReport.objects.filter(is_scheduled=True, end__lte=now)
    for report in reports.newest_first().defer("pdf", "html")[:WEEKS]:
        told = content_of(report.content).revenue_at_risk.value
        impact = impact_report(period=Period.WEEK, now=report.end - _INSTANT)
        found = impact.revenue_at_risk.value
        if told is not None and found is not None:
            told_and_found.append((told, found))
    total = sum((found for _told, found in told_and_found), Decimal())
    distance = sum((abs(told - found) for told, found in told_and_found), Decimal())
    error = (distance / total).quantize(_STEP) if total else None
    return EstimateRevision(len(told_and_found), error)
