"""Is any channel broken, what does it cost, what changed? The overview, put together."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from integration_health.enums import HealthStatus
from integration_health.pages.addresses import integration_address
from integration_health.reports.overview import HealthOverview, health_overview
from integration_health.reports.stamps import facts_stamp, states_stamp
from qa_observability.features import is_enabled
from qa_observability.lib.periods import Period, Window
from qa_observability.recent import recent
from qa_observability.roof.cards import (
    ChannelCard,
    Money,
    channel_cards,
    error_rates,
    period_of_steps,
)
from qa_observability.roof.changes import (
    Change,
    IncidentCounts,
    incident_counts,
    recent_changes,
    state_since,
)
from qa_observability.roof.sentences import overview_sentence
from qa_observability.web import statuses
from qa_observability.web.cards import Kpi
from qa_observability.web.charts.svg import join
from qa_observability.web.charts.trend import MOST_LINES, Kind, Series, TrendChart
from qa_observability.web.formats import number, percent, percent_tick
from qa_observability.web.grids import grid_for
from revenue.errors import AssumptionUnreadable
from revenue.pages.breakdown import Breakdown, breakdown
from revenue.pages.figures import at_risk_card, both_chart, protected_card
from revenue.pages.reading import read_money
from revenue.reports.impact import ImpactReport
from revenue.reports.recent import assumptions_stamp

MOST_ROWS: Final = 5


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Everything the overview prints; parts about money are absent without the right.

    ``report`` is what its money was read from, for what else tells it.
    """

    overall: HealthStatus | None
    open_incidents: int
    sentence: str
    kpis: tuple[Kpi, ...]
    cards: tuple[ChannelCard, ...]
    charts: tuple[TrendChart, ...]
    changes: tuple[Change, ...]
    breakdown: Breakdown | None
    report: ImpactReport | None
    definitions: tuple[tuple[str, str], ...]
    money_problem: str


@dataclass(frozen=True, slots=True)
class _MoneyParts:
    kpis: tuple[Kpi, ...]
    chart: TrendChart
    breakdown: Breakdown
    report: ImpactReport
    money: Money


@dataclass(frozen=True, slots=True)
class _HealthParts:
    """What no count of failures and no assumption changes."""

    health: HealthOverview
    counts: IncidentCounts
    sentence: str
    chart: TrendChart
    changes: tuple[Change, ...]


def overview_page(*, period: Period, now: datetime, with_money: bool) -> OverviewPage:
    """Return the overview, put together at most a minute ago from what still holds.

    Three queries where the last one stands, else under thirty, whatever the history.
    """
    window = Window(period.previous(ending=now).start, now)
    facts = facts_stamp(window)
    assumed = assumptions_stamp() if with_money else ""
    states = f"{states_stamp(window)};{facts.rates}"
    reader = (period, is_enabled("integration_health"), get_language())
    zone = timezone.get_current_timezone_name()

    def put_together() -> OverviewPage:
        parts = recent(
            ("overview, health", *reader, zone),
            lambda: _health_parts(period, now),
            stamp=states,
            now=now,
        )
        return _page(parts, period, now, with_money=with_money)

    return recent(
        ("overview", *reader, zone, with_money),
        put_together,
        stamp=f"{states};{facts.counts};{assumed}",
        now=now,
    )


def _health_parts(period: Period, now: datetime) -> _HealthParts:
    health = health_overview(period=period, now=now)
    return _HealthParts(
        health,
        incident_counts(health.window, period.previous(ending=now)),
        overview_sentence(health, state_since(health.driver)),
        error_rate_chart(health),
        recent_changes(health.window),
    )


def _page(
    known: _HealthParts, period: Period, now: datetime, *, with_money: bool
) -> OverviewPage:
    parts, problem = _money_parts(period, now) if with_money else (None, "")
    return OverviewPage(
        overall=known.health.overall_health,
        open_incidents=known.counts.unresolved,
        sentence=known.sentence,
        kpis=(
            _health_card(known.health),
            *(parts.kpis if parts else ()),
            _incidents_card(known.counts, period),
        ),
        cards=channel_cards(known.health, parts.money if parts else None),
        charts=(*([parts.chart] if parts else []), known.chart),
        changes=known.changes,
        breakdown=parts.breakdown if parts else None,
        report=parts.report if parts else None,
        definitions=_definitions(with_money=with_money),
        money_problem=problem,
    )


def error_rate_chart(health: HealthOverview) -> TrendChart:
    """Return the error rate of up to four channels, each in its own line."""
    grid = grid_for(health.period, health.window)
    return TrendChart(
        key="errors",
        title=_("Error rate per %(step)s") % {"step": period_of_steps(health.period)},
        kind=Kind.LINE,
        buckets=grid.buckets(),
        series=tuple(
            Series(state.name, error_rates(state, grid), f"channel-{place}")
            for place, state in enumerate(health.integrations[:MOST_LINES], start=1)
        )
        or (Series(_("Error rate"), tuple(None for _step in grid.steps)),),
        write=percent,
        write_tick=percent_tick,
        grid=grid.key,
        bucket_name=grid.name,
    )


def _money_parts(period: Period, now: datetime) -> tuple[_MoneyParts | None, str]:
    """Return the parts, or why there are none: the rest of the page stands."""
    try:
        read = read_money(period=period, now=now)
    except AssumptionUnreadable as unreadable:
        return None, unreadable.detail
    report, series = read.report, read.series
    parts = _MoneyParts(
        kpis=(at_risk_card(report, series), protected_card(report, series)),
        chart=both_chart(series),
        breakdown=breakdown(report, most=MOST_ROWS),
        report=report,
        money=Money(_by_channel(report), report.currency),
    )
    return parts, ""


def _by_channel(report: ImpactReport) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in report.breakdown:
        found[row.integration_id] += row.impact
    return found


def _health_card(health: HealthOverview) -> Kpi:
    status = health.overall_health
    words = statuses.status_words(status)
    return Kpi(
        label=_("Overall health"),
        value=join(statuses.shape(status, large=True), words),
        note=health.overall_reason,
        href=integration_address(health.driver, period=health.period.value)
        if health.driver
        else "",
    )


def _incidents_card(counts: IncidentCounts, period: Period) -> Kpi:
    started = _(
        "%(now)d started in the last %(days)d days, %(before)d in those before"
    ) % {
        "now": counts.started,
        "days": period.days,
        "before": counts.started_before,
    }
    return Kpi(
        label=_("Open incidents"),
        value=number(counts.unresolved),
        note=started,
        href=f"/dashboard/incidents?period={period.value}"
        if is_enabled("integration_health")
        else "",
    )


def _definitions(*, with_money: bool) -> tuple[tuple[str, str], ...]:
    about_health = (
        (
            _("Status"),
            _(
                "The worst of pricing sync, fees sync, error rate and booking loss at the "
                "newest check. No data when that check is older than twice the expected "
                "interval: never healthy by absence."
            ),
        ),
        (
            _("Incident"),
            _(
                "A burst of failures that is unlikely to be chance on this channel; "
                "failures at most 15 minutes apart belong together."
            ),
        ),
    )
    about_money = (
        (
            _("Revenue at risk"),
            _(
                "What failures may have cost, an estimate from assumptions that the "
                "revenue page shows."
            ),
        ),
        (
            _("Revenue protected"),
            _(
                "What an average channel would have lost on days with data, minus what "
                "was at risk."
            ),
        ),
    )
    return (*about_health, *(about_money if with_money else ()))
