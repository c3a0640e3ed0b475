"""How do the two figures look as cards, and as charts?"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from qa_observability.web import markup
from qa_observability.web.cards import Kpi
from qa_observability.web.charts.trend import Kind, Series, TrendChart, Value
from qa_observability.web.formats import Better, exact_money, money, short_money
from qa_observability.web.grids import Grid, grid_for
from revenue.enums import Basis
from revenue.reports.figures import Figure
from revenue.reports.impact import ImpactReport
from revenue.reports.timeseries import DayPoint, TimeseriesReport

PAGE = "/dashboard/revenue/impact"
Read = Callable[[DayPoint], Decimal | None]


def at_risk_card(report: ImpactReport, series: TimeseriesReport) -> Kpi:
    """Return the card of revenue at risk; less is better."""
    figure = report.revenue_at_risk
    return Kpi(
        label=_("Revenue at risk"),
        value=markup.money(figure.value, report.currency),
        change=None if figure.value is None else figure.comparison,
        better=Better.LOWER,
        days=report.period.days,
        note=_range(figure, report.currency) or _basis(figure.basis),
        href=_address(report),
        explain=_address(report, "at-risk"),
        values=_per_step(series, _at_risk),
    )


def protected_card(report: ImpactReport, series: TimeseriesReport) -> Kpi:
    """Return the card of revenue protected; more is better. It names its method."""
    figure = report.revenue_protected
    return Kpi(
        label=_("Revenue protected"),
        value=markup.money(figure.value, report.currency),
        change=None if figure.value is None else figure.comparison,
        better=Better.HIGHER,
        days=report.period.days,
        note=_basis(figure.basis),
        href=_address(report),
        explain=_address(report, "protected"),
        values=_per_step(series, _protected),
        look="second",
    )


def at_risk_chart(series: TimeseriesReport) -> TrendChart:
    """Return revenue at risk per step, with the period before as a thin line."""
    title = _("Revenue at risk per %(step)s")
    return _chart("at-risk", title, series, _at_risk, _("At risk"), "main")


def protected_chart(series: TimeseriesReport) -> TrendChart:
    """Return revenue protected per step, with the period before as a thin line."""
    title = _("Revenue protected per %(step)s")
    return _chart("protected", title, series, _protected, _("Protected"), "second")


def both_chart(series: TimeseriesReport) -> TrendChart:
    """Return at risk and protected as two lines, for the overview."""
    grid = grid_for(series.period, series.window)
    lines = (
        Series(_("At risk"), _steps(grid, series.points, _at_risk)),
        Series(_("Protected"), _steps(grid, series.points, _protected), "second"),
    )
    title = _("Revenue at risk and protected per %(step)s")
    return _money_chart("money", title, grid, Kind.LINE, lines, series.currency)


def _chart(
    key: str, title: str, series: TimeseriesReport, read: Read, name: str, look: str
) -> TrendChart:
    grid = grid_for(series.period, series.window)
    before = grid_for(series.period, series.previous)
    return _money_chart(
        key,
        title,
        grid,
        Kind.BAR,
        (Series(name, _steps(grid, series.points, read), look),),
        series.currency,
        Series(_("Period before"), _steps(before, series.previous_points, read)),
    )


def _money_chart(
    key: str,
    title: str,
    grid: Grid,
    kind: Kind,
    lines: tuple[Series, ...],
    currency: str,
    previous: Series | None = None,
) -> TrendChart:
    def write(value: Value) -> str:
        return exact_money(None if value is None else Decimal(value), currency)

    has_previous = previous is not None and any(
        value is not None for value in previous.values
    )
    return TrendChart(
        key=key,
        title=title % {"step": grid.name.lower()},
        kind=kind,
        buckets=grid.buckets(),
        series=lines,
        write=write,
        write_tick=lambda value: short_money(value, currency),
        grid=grid.key,
        bucket_name=grid.name,
        previous=previous if has_previous else None,
    )


def _per_step(series: TimeseriesReport, read: Read) -> tuple[Value, ...]:
    return _steps(grid_for(series.period, series.window), series.points, read)


def _steps(
    grid: Grid, points: Iterable[DayPoint], read: Read
) -> tuple[Decimal | None, ...]:
    known: Mapping[date, Decimal] = {
        point.day: value for point in points if (value := read(point)) is not None
    }
    return grid.sums(known)


def _at_risk(point: DayPoint) -> Decimal | None:
    return point.at_risk


def _protected(point: DayPoint) -> Decimal | None:
    return point.protected


def _range(figure: Figure, currency: str) -> str:
    if not figure.value or figure.low is None or figure.high is None:
        return ""
    return _("Between %(low)s and %(high)s") % {
        "low": _bound(figure.low, currency),
        "high": _bound(figure.high, currency),
    }


def _bound(amount: Decimal, currency: str) -> str:
    return money(amount, currency, estimated=True).removeprefix("≈")


def _basis(basis: Basis) -> str:
    return {
        Basis.PER_FAILURE: _("Failures × booking value × leakage"),
        Basis.BY_RATE: _("From measured error rates"),
        Basis.MIXED: _("By failures or by rates, as set per integration"),
        Basis.BENCHMARK: _("Compared with what an average channel loses"),
        Basis.BOOKINGS_PER_DAY_MISSING: _("Unknown: bookings per day are not set"),
        Basis.NO_COVERAGE: _("No data in this period"),
    }[basis]


def _address(report: ImpactReport, explained: str = "") -> str:
    query = {"period": report.period.value}
    if report.integration_id:
        query["integration"] = report.integration_id
    path = f"{PAGE}/explain/{explained}" if explained else PAGE
    return f"{path}?{urlencode(query)}"
