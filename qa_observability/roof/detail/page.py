"""How is this channel, since when, and what goes with it? Put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from correlation.pages.rows import LinkRow, link_rows
from correlation.reports import correlations_report
from integration_health.enums import HealthStatus
from integration_health.reports.detail import IntegrationDetail, integration_detail
from integration_health.reports.events import EventFilters, events_page
from integration_health.reports.incident_filters import IncidentFilters
from integration_health.reports.incidents import most_urgent
from qa_observability.lib.periods import Period
from qa_observability.roof.detail.charts import StatusStrip, course_charts, strip
from qa_observability.roof.detail.events import (
    EventsBlock,
    events_block,
)
from qa_observability.roof.detail.tiles import Tile, signal_tiles
from qa_observability.roof.incidents.rows import IncidentRow, incident_rows
from qa_observability.roof.seen import Seen
from qa_observability.roof.sentences import since_words
from qa_observability.web.charts.trend import TrendChart
from qa_observability.web.formats import exact_money, percent
from qa_observability.web.grids import grid_for
from qa_observability.web.keyset import read_key
from qa_observability.web.times import duration, relative
from revenue.errors import AssumptionUnreadable
from revenue.pages.figures import at_risk_chart
from revenue.pages.reading import read_money

MOST_INCIDENTS = 10
MOST_TESTS = 5


@dataclass(frozen=True, slots=True)
class DetailPage:
    """Everything the page of an integration prints; ``tests`` is None when switched off."""

    slug: str
    name: str
    status: HealthStatus | None
    reason: str
    sentence: str
    freshness: str
    is_stale: bool
    last_checked: datetime | None
    tiles: tuple[Tile, ...]
    strip: StatusStrip
    charts: tuple[TrendChart, ...]
    incidents: tuple[IncidentRow, ...]
    events: EventsBlock
    tests: tuple[LinkRow, ...] | None
    settings: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        """Where the page is, without what it was asked for."""
        return f"/dashboard/integrations/{self.slug}"


def detail_page(slug: str, *, period: Period, now: datetime, seen: Seen) -> DetailPage:
    """Return the page of one integration. Under thirty queries, whatever the history.

    Raises: ``NotFound`` for an unknown slug.
    """
    detail = integration_detail(slug, period=period, now=now, with_history=False)
    grid = grid_for(period, detail.window)
    money_charts, money_settings = _money(slug, period, now) if seen.money else ((), ())
    incidents = most_urgent(detail.window, IncidentFilters(slug), limit=MOST_INCIDENTS)
    return DetailPage(
        slug=slug,
        name=detail.name,
        status=detail.status,
        reason=detail.reason,
        sentence=_sentence(detail),
        freshness=_freshness(detail),
        is_stale=detail.stale,
        last_checked=detail.last_checked,
        tiles=signal_tiles(detail, grid),
        strip=strip(detail),
        charts=(*course_charts(detail, grid), *money_charts),
        incidents=incident_rows(incidents, {}),
        events=_events(detail, seen.query),
        tests=_tests(slug, period, now) if seen.tests else None,
        settings=(*_settings(detail), *money_settings),
    )


def _sentence(detail: IntegrationDetail) -> str:
    reason = detail.reason.removesuffix(".")
    current = detail.changes[0] if detail.changes else None
    if current is None or detail.status is None or current.to_status != detail.status:
        return f"{reason}."
    return f"{reason}, {since_words(current.at, detail.generated_at)}."


def _freshness(detail: IntegrationDetail) -> str:
    if detail.last_checked is None or detail.source is None:
        return _("Never checked")
    return _("Last data %(age)s · %(source)s") % {
        "age": relative(detail.last_checked, detail.generated_at),
        "source": detail.source.label,
    }


def _money(
    slug: str, period: Period, now: datetime
) -> tuple[tuple[TrendChart, ...], tuple[tuple[str, str], ...]]:
    try:
        read = read_money(period=period, now=now, integration_id=slug)
    except AssumptionUnreadable as unreadable:
        return (), ((_("Revenue"), unreadable.detail),)
    report = read.report
    used = [each for each in report.assumptions if each.integration_id == slug]
    settings = (
        (
            (
                _("Booking value"),
                exact_money(used[-1].avg_booking_value, report.currency),
            ),
            (_("Leakage"), percent(used[-1].leakage_percentage)),
        )
        if used
        else ()
    )
    return (at_risk_chart(read.series),), settings


def filters_in(query: Mapping[str, str]) -> EventFilters:
    """Return which events a page's address asks for."""
    return EventFilters(
        query["type"], query["severity"], query["source"], query["text"]
    )


def _events(detail: IntegrationDetail, query: Mapping[str, str]) -> EventsBlock:
    filters = filters_in(query)
    after = read_key(query["page_key"])
    page = events_page(
        detail.integration_id,
        detail.window,
        now=detail.generated_at,
        filters=filters,
        after=after,
    )
    return events_block(page, filters, query, first=after is None)


def _tests(slug: str, period: Period, now: datetime) -> tuple[LinkRow, ...]:
    report = correlations_report(
        period=period, now=now, integration_id=slug, with_money=False
    )
    return link_rows(report.correlations[:MOST_TESTS], period)


def _settings(detail: IntegrationDetail) -> tuple[tuple[str, str], ...]:
    limits = detail.thresholds
    return (
        (
            _("Error rate"),
            _("%(warning)s warning, %(critical)s critical")
            % {
                "warning": percent(limits.error_rate_warning),
                "critical": percent(limits.error_rate_critical),
            },
        ),
        (
            _("Booking loss"),
            _("%(warning)s warning, %(critical)s critical (assumed)")
            % {
                "warning": percent(limits.booking_loss_warning),
                "critical": percent(limits.booking_loss_critical),
            },
        ),
        (
            _("Data expected every"),
            duration(timedelta(seconds=detail.expected_interval_seconds)),
        ),
        (_("Data covers"), percent(detail.coverage, 0)),
    )
