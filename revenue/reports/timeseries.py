"""How did at risk and protected go, day by day?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from qa_observability.lib.periods import Period, Window
from revenue.domain.amounts import SECONDS_A_DAY, ZERO, Estimate
from revenue.domain.ledger import Ledger
from revenue.reports.recent import recent
from revenue.reports.sources import Sources, read_sources

_SHARE = Decimal("0.0001")
_NO_CENTS = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class DayPoint:
    """One UTC day. Money is ``None`` on a day without any data: a gap, not zero.

    ``at_risk`` and ``protected`` add up to the figures of the period, to the cent;
    ``low`` and ``high`` are the day's own range. ``coverage`` is the mean share (0-1) of
    the day under fresh data.
    """

    day: date
    at_risk: Decimal | None
    low: Decimal | None
    high: Decimal | None
    protected: Decimal | None
    coverage: Decimal


@dataclass(frozen=True, slots=True)
class TimeseriesReport:
    """Every day of a period and of the one before, of all integrations or one."""

    period: Period
    window: Window
    previous: Window
    integration_id: str | None
    currency: str
    points: tuple[DayPoint, ...]
    previous_points: tuple[DayPoint, ...]


def timeseries_report(
    *, period: Period, now: datetime, integration_id: str | None = None
) -> TimeseriesReport:
    """Return one point per day of the period that ends at ``now``, and of the one before.

    Costs as ``impact_report``. Raises: ``AssumptionUnreadable``.
    """
    return recent(_calculated, period=period, now=now, integration_id=integration_id)


def _calculated(
    *, period: Period, now: datetime, integration_id: str | None
) -> TimeseriesReport:
    previous = period.previous(ending=now)
    sources = read_sources(Window(previous.start, now), integration_id)
    return build_timeseries(
        sources, period=period, now=now, integration_id=integration_id
    )


def build_timeseries(
    sources: Sources, *, period: Period, now: datetime, integration_id: str | None
) -> TimeseriesReport:
    """Return the points from sources that cover the period and the one before."""
    window, previous = period.window(ending=now), period.previous(ending=now)
    return TimeseriesReport(
        period,
        window,
        previous,
        integration_id,
        sources.currency,
        _points(sources, window, integration_id),
        _points(sources, previous, integration_id),
    )


def _points(
    sources: Sources, window: Window, integration_id: str | None
) -> tuple[DayPoint, ...]:
    current = sources.ledger(window)
    at_risk, protected = current.at_risk_by_day(), current.protected_by_day()
    ranges = current.ranges_by_day()
    known = current.known_days()
    coverage = _coverage(sources, current, integration_id)
    return tuple(
        _point(
            day,
            at_risk.get(day, _NO_CENTS) if day in known else None,
            ranges.get(day),
            protected.get(day),
            coverage.get(day, ZERO),
        )
        for day in window.days()
    )


def _point(
    day: date,
    at_risk: Decimal | None,
    bounds: Estimate | None,
    protected: Decimal | None,
    coverage: Decimal,
) -> DayPoint:
    """Return the point; a share of a rounded row may lie a cent outside its range."""
    low = high = at_risk
    if at_risk is not None and bounds is not None:
        low, high = min(bounds.low, at_risk), max(bounds.high, at_risk)
    return DayPoint(day, at_risk, low, high, protected, coverage)


def _coverage(
    sources: Sources, current: Ledger, integration_id: str | None
) -> dict[date, Decimal]:
    watched = sources.watched(integration_id)
    seconds: dict[date, int] = defaultdict(int)
    for each in current.days:
        if each.integration_id in watched:
            for day, covered in zip(each.days, each.covered_seconds, strict=True):
                seconds[day] += covered
    whole = Decimal(SECONDS_A_DAY * len(watched))
    return {day: (found / whole).quantize(_SHARE) for day, found in seconds.items()}
