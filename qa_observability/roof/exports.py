"""What do the overview and the page of an integration give to take away?"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from correlation.pages.rows import LinkRow, link_cells, link_columns
from integration_health.enums import Severity
from integration_health.exports import each_event
from integration_health.pages.words import event_type_words
from integration_health.reports.events import EventFilters, EventItem
from qa_observability.lib.periods import Period
from qa_observability.roof.cards import ChannelCard
from qa_observability.roof.detail.events import filter_facts
from qa_observability.roof.detail.page import DetailPage
from qa_observability.roof.overview import OverviewPage
from qa_observability.web.charts.trend import TrendChart
from qa_observability.web.downloads import (
    Cell,
    Download,
    Fact,
    Table,
    days_of,
    filters_of,
    made_for,
)
from qa_observability.web.grids import grid_for
from qa_observability.web.statuses import status_words
from revenue.exports.tables import assumption_facts
from revenue.pages.breakdown import Breakdown
from revenue.reports import impact_report

_MONEY_IS_ESTIMATED: Final = "≈"


def overview_export(
    request: HttpRequest, page: OverviewPage, period: Period, now: datetime
) -> Download:
    """Return the overview's rows; money only where the page shows it."""
    return Download(
        page="overview",
        span=period.value,
        title=_("Overview"),
        sentence=page.sentence,
        header=(
            days_of(period, now),
            filters_of(()),
            *made_for(request, now),
            *(assumption_facts(page.report) if page.report else ()),
        ),
        tables=(
            _key_figures(page),
            _channels(page.cards, has_money=page.report is not None),
            *((_breakdown(page.breakdown),) if page.breakdown else ()),
            *_charts(page.charts, period, now),
            Table(
                _("What changed"),
                (_("Time"), _("Change")),
                tuple((change.at, change.text) for change in page.changes),
            ),
        ),
    )


def detail_export(
    request: HttpRequest,
    page: DetailPage,
    filters: EventFilters,
    period: Period,
    now: datetime,
) -> Download:
    """Return an integration's rows, every event that matches among them, as it is sent."""
    has_money = any(chart.key == "at-risk" for chart in page.charts)
    events = each_event(page.slug, period.window(ending=now), now=now, filters=filters)
    return Download(
        page=page.slug,
        span=period.value,
        title=page.name,
        sentence=page.sentence,
        header=(
            days_of(period, now),
            filters_of(filter_facts(filters)),
            *made_for(request, now),
            *page.settings,
            *(_assumptions(period, now, page.slug) if has_money else ()),
        ),
        tables=(
            *_charts(page.charts, period, now),
            _incidents(page),
            *((_tests(page.tests),) if page.tests is not None else ()),
            Table(
                _("Events"),
                (
                    _("Time"),
                    _("Severity"),
                    _("Type"),
                    _("Times"),
                    _("Message"),
                    _("Source"),
                ),
                _events(events),
            ),
        ),
    )


def _key_figures(page: OverviewPage) -> Table:
    """Return the figures on top of the page; those of money with their range."""
    report = page.report
    money = (
        ()
        if report is None
        else (
            (_("Revenue at risk"), report.revenue_at_risk),
            (_("Revenue protected"), report.revenue_protected),
        )
    )
    columns = (_("Figure"), _("Value"), _("Low"), _("High"), _("Change %"))
    return Table(
        f"{_('Key figures')}, {report.currency}" if report else _("Key figures"),
        columns,
        (
            (_("Overall health"), status_words(page.overall), None, None, None),
            (_("Open incidents"), page.open_incidents, None, None, None),
            *(
                (label, figure.value, figure.low, figure.high, figure.change)
                for label, figure in money
            ),
        ),
    )


def _channels(cards: tuple[ChannelCard, ...], *, has_money: bool) -> Table:
    columns = (
        _("Integration"),
        _("Status"),
        _("Reason"),
        _("Pricing"),
        _("Fees"),
        _("Bookings lost"),
        _("Error rate"),
        _("Updated"),
        _("Source"),
    )
    return Table(
        _("Integrations"),
        (*columns, f"{_('At risk')} {_MONEY_IS_ESTIMATED}") if has_money else columns,
        tuple(
            (*_channel(card), card.at_risk) if has_money else _channel(card)
            for card in cards
        ),
    )


def _channel(card: ChannelCard) -> tuple[Cell, ...]:
    return (
        card.name,
        status_words(card.status),
        card.reason,
        card.pricing and str(card.pricing.label),
        card.fees and str(card.fees.label),
        card.booking_loss_rate,
        card.error_rate,
        card.last_checked,
        card.source,
    )


def _breakdown(found: Breakdown) -> Table:
    return Table(
        f"{_('Where the money is at risk')}, {found.currency}",
        (
            _("Integration"),
            _("Type"),
            f"{_('Impact')} {_MONEY_IS_ESTIMATED}",
            _("Share"),
        ),
        (
            *(
                (row.integration, row.type_words, row.impact, row.share)
                for row in found.rows
            ),
            (found.total_label, None, found.total, None),
        ),
    )


def _charts(
    charts: tuple[TrendChart, ...], period: Period, now: datetime
) -> Iterator[Table]:
    """Yield a table per chart: the first day of each step, then its values."""
    first_days = [step[0] for step in grid_for(period, period.window(ending=now)).steps]
    for chart in charts:
        columns = (chart.bucket_name, *(series.name for series in chart.drawn()))
        values = zip(*(series.values for series in chart.drawn()), strict=True)
        yield Table(
            chart.title,
            columns,
            tuple((day, *row) for day, row in zip(first_days, values, strict=True)),
        )


def _incidents(page: DetailPage) -> Table:
    return Table(
        _("Incidents"),
        (
            _("Started"),
            _("Lasted"),
            _("Severity"),
            _("What failed"),
            _("Failures"),
            _("State"),
            _("Tickets"),
        ),
        tuple(
            (
                each.started_at,
                str(each.lasted),
                str(Severity(each.severity).label),
                each.what,
                each.occurrences,
                each.state_words,
                ", ".join(each.tickets),
            )
            for each in page.incidents
        ),
    )


def _tests(rows: tuple[LinkRow, ...]) -> Table:
    return Table(_("Related tests"), link_columns(), tuple(map(link_cells, rows)))


def _events(events: Iterator[EventItem]) -> Iterator[tuple[Cell, ...]]:
    for event in events:
        yield (
            event.occurred_at,
            str(Severity(event.severity).label),
            event_type_words(event.event_type),
            event.occurrences,
            event.message,
            str(event.source.label),
        )


def _assumptions(period: Period, now: datetime, slug: str) -> tuple[Fact, ...]:
    return assumption_facts(impact_report(period=period, now=now, integration_id=slug))
