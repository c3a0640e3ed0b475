"""How does each channel look on the overview? One card, worst first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from integration_health.enums import HealthStatus, SyncStatus
from integration_health.pages.addresses import integration_address
from integration_health.reports.overview import HealthOverview, IntegrationState
from qa_observability.lib.periods import Period
from qa_observability.web.charts.trend import Value
from qa_observability.web.formats import percent
from qa_observability.web.grids import Grid, grid_for
from qa_observability.web.statuses import status_words

_ORDER = {HealthStatus.CRITICAL: 0, HealthStatus.WARNING: 1, None: 2}
_HEALTHY_LAST = 3


@dataclass(frozen=True, slots=True)
class Money:
    """What each channel has at risk, for those who may see it; absent ones have nothing."""

    at_risk: Mapping[str, Decimal]
    currency: str


@dataclass(frozen=True, slots=True)
class ChannelCard:
    """One integration as the overview shows it.

    Small when healthy beside worse ones, or when there is nothing to show yet.

    ``at_risk`` is None without the right to see money; ``error_rates`` (0-1) per step.
    """

    slug: str
    name: str
    status: HealthStatus | None
    reason: str
    summary: str
    pricing: SyncStatus | None
    fees: SyncStatus | None
    booking_loss_rate: Decimal | None
    error_rate: Decimal | None
    error_rates: tuple[Value, ...]
    at_risk: Decimal | None
    currency: str
    last_checked: datetime | None
    source: str
    is_stale: bool
    is_small: bool

    @property
    def href(self) -> str:
        """The address of its page; empty while these are switched off."""
        return integration_address(self.slug)

    @property
    def label(self) -> str:
        """The accessible name of the card, which is one link."""
        return f"{self.name}, {status_words(self.status)}. {self.reason}"


def channel_cards(
    health: HealthOverview, money: Money | None
) -> tuple[ChannelCard, ...]:
    """Return the cards, worst first; ``money`` is None without the right to it."""
    ordered = sorted(
        health.integrations, key=lambda state: _ORDER.get(state.status, _HEALTHY_LAST)
    )
    calm = all(state.status == HealthStatus.HEALTHY for state in ordered)
    grid = grid_for(health.period, health.window)
    return tuple(
        _card(
            state,
            money,
            error_rates(state, grid),
            is_small=state.last_checked is None
            or (state.status == HealthStatus.HEALTHY and not calm),
        )
        for state in ordered
    )


def error_rates(state: IntegrationState, grid: Grid) -> tuple[Value, ...]:
    """Return a channel's error rate per step, weighted by the time under data."""
    return grid.means(
        {
            point.day: (point.error_rate, point.covered_seconds)
            for point in state.days
            if point.error_rate is not None
        }
    )


def period_of_steps(period: Period) -> str:
    """Return what one step of a period is called, for titles: "day" or "week"."""
    return _("week") if period is Period.YEAR else _("day")


def _card(
    state: IntegrationState,
    money: Money | None,
    rates: tuple[Value, ...],
    *,
    is_small: bool,
) -> ChannelCard:
    nothing = Decimal("0.00")
    slug = state.integration_id
    return ChannelCard(
        slug=slug,
        name=state.name,
        status=state.status,
        reason=state.reason,
        summary=_summary(state),
        pricing=state.pricing_sync_status,
        fees=state.fees_sync_status,
        booking_loss_rate=state.booking_loss_rate,
        error_rate=state.error_rate,
        error_rates=rates,
        at_risk=None if money is None else money.at_risk.get(slug, nothing),
        currency="" if money is None else money.currency,
        last_checked=state.last_checked,
        source="" if state.source is None else str(state.source.label),
        is_stale=state.stale,
        is_small=is_small,
    )


def _summary(state: IntegrationState) -> str:
    if state.last_checked is None:
        return state.reason
    if state.error_rate is None:
        return _("All known signals are fine.")
    return _("Errors %(rate)s, all signals fine.") % {"rate": percent(state.error_rate)}
