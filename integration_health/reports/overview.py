"""Which channels are healthy now, why, and which way is each going?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.domain.status import Overall, is_stale, overall
from integration_health.enums import HealthStatus, Source, StatusSource, SyncStatus
from integration_health.models import Integration, IntegrationHealth
from integration_health.reports.channels import known_integrations
from integration_health.reports.courses import Totals
from integration_health.reports.days import totals_by_day
from integration_health.reports.reasons import (
    never_checked_reason,
    reason_of,
    stale_reason,
)
from qa_observability.lib.periods import Period, Window
from qa_observability.lib.trends import ChangeBasis, Trend, change

_SECOND = timedelta(seconds=1)
_FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where a rate is a warning, and from where it is critical; ratios, 0 to 1."""

    error_rate_warning: Decimal
    error_rate_critical: Decimal
    booking_loss_warning: Decimal
    booking_loss_critical: Decimal


@dataclass(frozen=True, slots=True)
class HealthPoint:
    """One UTC day of a channel for lines and strips; ``None`` is not known.

    ``status`` is the worst of the day; rates are ratios from 0 to 1, four decimals.
    """

    day: date
    status: HealthStatus | None
    error_rate: Decimal | None
    booking_loss_rate: Decimal | None
    pricing_error_rate: Decimal | None
    fees_error_rate: Decimal | None
    covered_seconds: int


@dataclass(frozen=True, slots=True)
class HealthItem:
    """One channel as it stands. Values of a stale one stay, its ``status`` is ``None``.

    Rates are ratios from 0 to 1; ``coverage`` is the share of the period under data.
    ``trend`` and ``change`` (percent) compare the mean error rate with the period before;
    ``change_basis`` says why there is no percentage.
    """

    integration_id: str
    name: str
    status: HealthStatus | None
    pricing_sync_status: SyncStatus | None
    fees_sync_status: SyncStatus | None
    booking_loss_rate: Decimal | None
    error_rate: Decimal | None
    last_checked: datetime | None
    trend: Trend
    change: Decimal | None
    change_basis: ChangeBasis | None
    reason: str
    stale: bool
    age_seconds: int | None
    status_source: StatusSource | None
    computed_status: HealthStatus | None
    source: Source | None
    actor: str
    expected_interval_seconds: int
    thresholds: Thresholds
    mean_error_rate: Decimal | None
    coverage: Decimal


@dataclass(frozen=True, slots=True)
class IntegrationState(HealthItem):
    """A channel as it stands, with the days of the period that have data."""

    days: list[HealthPoint]


@dataclass(frozen=True, slots=True)
class HealthOverview:
    """All enabled channels, in their order, and what they amount to.

    ``overall_health`` is ``None`` when nothing is known, or when the known are healthy
    and others are not known; ``driver`` is the channel that made it worse than healthy.
    """

    integrations: list[IntegrationState]
    overall_health: HealthStatus | None
    overall_reason: str
    driver: str | None
    unknown_count: int
    period: Period
    window: Window
    generated_at: datetime


def health_overview(*, period: Period, now: datetime) -> HealthOverview:
    """Return the health of all enabled channels. Seven queries, whatever the history."""
    integrations = [each for each in known_integrations() if each.enabled]
    states = integration_states(integrations, period=period, now=now)
    known = [(each.integration_id, each.status) for each in states]
    verdict = overall(known)
    return HealthOverview(
        integrations=states,
        overall_health=verdict.status,
        overall_reason=_overall_reason(states, verdict),
        driver=verdict.driver,
        unknown_count=verdict.unknown,
        period=period,
        window=period.window(ending=now),
        generated_at=now,
    )


def integration_states(
    integrations: Sequence[Integration], *, period: Period, now: datetime
) -> list[IntegrationState]:
    """Return each channel as it stands, in the order given. Six queries."""
    window, previous = period.window(ending=now), period.previous(ending=now)
    newest = IntegrationHealth.objects.filter(integration__in=integrations).current()
    snapshots = {each.integration_id: each for each in newest}
    totals = totals_by_day(integrations, Window(previous.start, window.end))
    return [
        _state(
            each,
            snapshots.get(each.slug),
            _stretch(each.slug, window, totals),
            _stretch(each.slug, previous, totals),
            now,
        )
        for each in integrations
    ]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The days of one channel in one window."""

    window: Window
    days: list[tuple[date, Totals]]

    @property
    def mean_error_rate(self) -> Decimal | None:
        seconds = sum(each.error_rate_seconds for _, each in self.days)
        weighted = sum(
            (each.error_rate or Decimal(0)) * each.error_rate_seconds
            for _, each in self.days
        )
        return Decimal(weighted) / seconds if seconds else None

    @property
    def coverage(self) -> Decimal:
        seconds = self.window.duration // _SECOND
        covered = sum(each.covered_seconds for _, each in self.days)
        return Decimal(covered) / seconds if seconds else Decimal(0)


def _stretch(
    slug: str, window: Window, totals: dict[tuple[str, date], Totals]
) -> _Stretch:
    days = ((day, totals.get((slug, day))) for day in window.days())
    return _Stretch(window, [(day, each) for day, each in days if each is not None])


def _state(
    integration: Integration,
    snapshot: IntegrationHealth | None,
    stretch: _Stretch,
    before: _Stretch,
    now: datetime,
) -> IntegrationState:
    stale = snapshot is not None and is_stale(
        snapshot.last_checked, integration.expected_interval, now
    )
    compared = change(
        stretch.mean_error_rate,
        before.mean_error_rate,
        previous_coverage=before.coverage,
    )
    last = snapshot or IntegrationHealth()
    return IntegrationState(
        integration_id=integration.slug,
        name=integration.name,
        status=None if stale else _status(last.status),
        pricing_sync_status=last.signals.pricing,
        fees_sync_status=last.signals.fees,
        booking_loss_rate=last.booking_loss_rate,
        error_rate=last.error_rate,
        last_checked=snapshot.last_checked if snapshot else None,
        trend=compared.trend,
        change=compared.percent,
        change_basis=compared.basis,
        reason=_reason(integration, snapshot, now, stale=stale),
        stale=stale,
        age_seconds=(now - snapshot.last_checked) // _SECOND if snapshot else None,
        status_source=StatusSource(last.status_source) if snapshot else None,
        computed_status=_status(last.computed_status),
        source=Source(last.source) if snapshot else None,
        actor=last.actor,
        expected_interval_seconds=integration.expected_interval // _SECOND,
        thresholds=_thresholds(integration),
        mean_error_rate=_four_places(stretch.mean_error_rate),
        coverage=stretch.coverage.quantize(_FOUR_PLACES),
        days=[_point(day, each) for day, each in stretch.days],
    )


def _reason(
    integration: Integration,
    snapshot: IntegrationHealth | None,
    now: datetime,
    *,
    stale: bool,
) -> str:
    if snapshot is None:
        return never_checked_reason()
    if stale:
        return stale_reason(snapshot.last_checked, integration.expected_interval, now)
    return reason_of(snapshot, integration)


def _overall_reason(states: Sequence[IntegrationState], verdict: Overall) -> str:
    names = {each.integration_id: each for each in states}
    if verdict.driver is not None:
        driver = names[verdict.driver]
        return f"{driver.name}: {driver.reason}"
    if verdict.unknown == 0:
        return _("All channels are healthy.") if states else _("No channel is enabled.")
    unknown = [each.name for each in states if each.status is None]
    return ngettext(
        "No data on %(names)s.",
        "No data on %(count)s channels: %(names)s.",
        verdict.unknown,
    ) % {"names": ", ".join(unknown), "count": verdict.unknown}


def _thresholds(integration: Integration) -> Thresholds:
    return Thresholds(
        integration.error_rate_warning,
        integration.error_rate_critical,
        integration.booking_loss_warning,
        integration.booking_loss_critical,
    )


def _point(day: date, totals: Totals) -> HealthPoint:
    return HealthPoint(
        day=day,
        status=totals.worst_status,
        error_rate=_four_places(totals.error_rate),
        booking_loss_rate=_four_places(totals.booking_loss_rate),
        pricing_error_rate=_four_places(totals.pricing_error_rate),
        fees_error_rate=_four_places(totals.fees_error_rate),
        covered_seconds=totals.covered_seconds,
    )


def _status(value: str | None) -> HealthStatus | None:
    return HealthStatus(value) if value else None


def _four_places(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else rate.quantize(_FOUR_PLACES, ROUND_HALF_UP)
