"""What do pages about money start from? Figures and days, from one reading."""

from dataclasses import dataclass
from datetime import datetime

from qa_observability.lib.periods import Period, Window
from revenue.reports.impact import ImpactReport, build_impact
from revenue.reports.sources import read_sources
from revenue.reports.timeseries import TimeseriesReport, build_timeseries


@dataclass(frozen=True, slots=True)
class MoneyRead:
    """The impact report and its days; they agree to the cent."""

    report: ImpactReport
    series: TimeseriesReport


def read_money(
    *, period: Period, now: datetime, integration_id: str | None = None
) -> MoneyRead:
    """Return figures and days of one integration or of all, for the price of one report.

    Raises: ``AssumptionUnreadable``.
    """
    previous = period.previous(ending=now)
    sources = read_sources(Window(previous.start, now), integration_id)
    return MoneyRead(
        build_impact(sources, period=period, now=now, integration_id=integration_id),
        build_timeseries(
            sources, period=period, now=now, integration_id=integration_id
        ),
    )
