"""How did a channel go? Its strip and its charts, with what was planned and deployed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.enums import AnnotationKind
from integration_health.reports.detail import IntegrationDetail
from integration_health.reports.strips import StripCell
from qa_observability.lib.periods import Period, Window, utc_day
from qa_observability.roof.cards import period_of_steps
from qa_observability.roof.detail.tiles import rates
from qa_observability.web.charts.strip import Cell, draw_strip
from qa_observability.web.charts.trend import (
    Band,
    Kind,
    Mark,
    Series,
    Threshold,
    TrendChart,
    Value,
)
from qa_observability.web.formats import number, percent, percent_tick
from qa_observability.web.grids import Grid
from qa_observability.web.statuses import status_words
from qa_observability.web.times import long_day, short_moment

_LETTERS: Final = {AnnotationKind.DEPLOY: "D", AnnotationKind.CONFIG: "C"}


@dataclass(frozen=True, slots=True)
class StatusStrip:
    """The strip and the cells of its table, oldest first."""

    title: str
    step: str
    drawing: SafeString
    cells: tuple[Cell, ...]


def strip(detail: IntegrationDetail) -> StatusStrip:
    """Return status over the period: a cell per hour for a week, else per day."""
    hourly = detail.period is Period.WEEK
    step = _("Hour") if hourly else _("Day")
    cells = tuple(_cell(cell, hourly=hourly) for cell in detail.strip)
    title = _("Worst status per %(step)s") % {"step": step.lower()}
    return StatusStrip(
        title, step, draw_strip("strip", title, cells, _in_words(detail.strip)), cells
    )


def course_charts(detail: IntegrationDetail, grid: Grid) -> tuple[TrendChart, ...]:
    """Return error rate, booking loss and failures per step.

    Rates are lines with their limits; failures are bars. Failures of a day without any
    event and without data are unknown, not zero.
    """
    limits = detail.thresholds
    step = {"step": period_of_steps(detail.period)}
    return (
        _rate_chart(
            detail,
            grid,
            "errors",
            _("Error rate per %(step)s") % step,
            Series(_("Error rate"), rates(detail, grid, lambda p: p.error_rate)),
            (limits.error_rate_warning, limits.error_rate_critical),
        ),
        _rate_chart(
            detail,
            grid,
            "loss",
            _("Bookings lost per %(step)s") % step,
            Series(_("Lost"), rates(detail, grid, lambda p: p.booking_loss_rate)),
            (limits.booking_loss_warning, limits.booking_loss_critical),
        ),
        TrendChart(
            key="failures",
            title=_("Failures per %(step)s") % step,
            kind=Kind.BAR,
            buckets=grid.buckets(),
            series=(Series(_("Failures"), _failures(detail, grid)),),
            write=number,
            write_tick=number,
            grid=grid.key,
            bucket_name=grid.name,
            bands=_bands(detail.maintenance, grid),
            marks=_marks(detail, grid),
            whole=True,
        ),
    )


def _rate_chart(
    detail: IntegrationDetail,
    grid: Grid,
    key: str,
    title: str,
    series: Series,
    limits: tuple[Decimal, Decimal],
) -> TrendChart:
    warning, critical = limits
    return TrendChart(
        key=key,
        title=title,
        kind=Kind.LINE,
        buckets=grid.buckets(),
        series=(series,),
        write=percent,
        write_tick=percent_tick,
        grid=grid.key,
        bucket_name=grid.name,
        bands=_bands(detail.maintenance, grid),
        marks=_marks(detail, grid),
        thresholds=(
            Threshold(float(warning), _("warning from %s") % percent(warning)),
            Threshold(
                float(critical), _("critical from %s") % percent(critical), "critical"
            ),
        ),
    )


def _failures(detail: IntegrationDetail, grid: Grid) -> tuple[Value, ...]:
    known: dict[date, Decimal | int] = {
        point.day: 0 for point in detail.days if point.covered_seconds
    }
    known |= {
        each.day: sum(kind.count for kind in each.failures) for each in detail.failures
    }
    return grid.sums(known)


def _bands(planned: Sequence[Window], grid: Grid) -> tuple[Band, ...]:
    found = (_steps_of(window, grid) for window in planned)
    touched = sorted({steps for steps in found if steps is not None})
    return tuple(Band(first, last, _("Maintenance")) for first, last in touched)


def _steps_of(window: Window, grid: Grid) -> tuple[int, int] | None:
    days = set(window.days())
    steps = [n for n, step in enumerate(grid.steps) if days.intersection(step)]
    return (steps[0], steps[-1]) if steps else None


def _marks(detail: IntegrationDetail, grid: Grid) -> tuple[Mark, ...]:
    return tuple(_marks_in(detail, grid))


def _marks_in(detail: IntegrationDetail, grid: Grid) -> Iterator[Mark]:
    for mark in reversed(detail.marks):
        day = utc_day(mark.at)
        step = next((n for n, days in enumerate(grid.steps) if day in days), None)
        if step is not None:
            yield Mark(step, _LETTERS[mark.kind], f"{mark.text}, {_local(mark.at)}")


def _local(moment: datetime) -> str:
    return short_moment(moment.astimezone(timezone.get_current_timezone()))


def _cell(cell: StripCell, *, hourly: bool) -> Cell:
    name = _local(cell.start) if hourly else long_day(utc_day(cell.start))
    return Cell(name, cell.status, status_words(cell.status))


def _in_words(cells: Sequence[StripCell]) -> str:
    bad = sum(cell.status not in {None, "healthy"} for cell in cells)
    unknown = sum(cell.status is None for cell in cells)
    return " ".join(
        (
            ngettext(
                "%(bad)d of %(all)d cells is warning or critical.",
                "%(bad)d of %(all)d cells are warning or critical.",
                bad,
            )
            % {"bad": bad, "all": len(cells)},
            ngettext("%(unknown)d has no data.", "%(unknown)d have no data.", unknown)
            % {"unknown": unknown},
        )
    )
