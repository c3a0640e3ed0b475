"""What is one channel's course: its checks, its days, its failures, what was planned?"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from integration_health.enums import (
    AnnotationKind,
    HealthStatus,
    Source,
    StatusSource,
    SyncStatus,
)
from integration_health.models import (
    Annotation,
    EventDay,
    Integration,
    IntegrationHealth,
    StatusTransition,
)
from integration_health.reports.channels import known_integrations
from integration_health.reports.events import TypeCount
from integration_health.reports.explain import StatusExplanation
from integration_health.reports.overview import IntegrationState, integration_states
from integration_health.reports.strips import StripCell, status_strip
from integration_health.storage.maintenance import maintenance_spans
from qa_observability.lib.errors import NotFound
from qa_observability.lib.periods import Period, Window

MOST_SNAPSHOTS = 200  # newest of the period; the days hold the whole of it
MOST_CHANGES = 100


@dataclass(frozen=True, slots=True)
class SnapshotItem:
    """One recorded check. Rates are ratios from 0 to 1; ``None`` is not known."""

    id: UUID
    status: HealthStatus | None
    computed_status: HealthStatus | None
    status_source: StatusSource
    pricing_sync_status: SyncStatus | None
    fees_sync_status: SyncStatus | None
    booking_loss_rate: Decimal | None
    error_rate: Decimal | None
    last_checked: datetime
    window_start: datetime | None
    window_end: datetime | None
    source: Source
    actor: str


@dataclass(frozen=True, slots=True)
class FailureDay:
    """Events of one UTC day: rows, occurrences in them, failures by event type."""

    day: date
    rows: int
    occurrences: int
    failures: list[TypeCount]


@dataclass(frozen=True, slots=True)
class StatusChange:
    """When a status became another, and why; ``None`` is no data."""

    integration_id: str
    at: datetime
    from_status: HealthStatus | None
    to_status: HealthStatus | None
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A deploy or configuration change on the charts."""

    at: datetime
    kind: AnnotationKind
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class IntegrationDetail(IntegrationState):
    """A channel's state and its course over the period, newest first where it is a list.

    ``history`` holds at most the 200 newest checks of the period; ``strip`` one cell per
    hour for 7 days, else per day, oldest first; ``maintenance`` every planned outage.
    ``explain`` is what the status stands on, when that was asked for.
    """

    period: Period
    window: Window
    history: list[SnapshotItem]
    strip: list[StripCell]
    failures: list[FailureDay]
    changes: list[StatusChange]
    maintenance: list[Window]
    marks: list[Mark]
    generated_at: datetime
    explain: StatusExplanation | None = None


def integration_detail(
    slug: str, *, period: Period, now: datetime, with_history: bool = True
) -> IntegrationDetail:
    """Return one channel's detail, disabled ones included. At most thirteen queries.

    Pages show no single checks: without ``with_history`` none are read.
    Raises: ``NotFound`` for an unknown slug, naming the known ones.
    """
    integration = integration_named(slug)
    window = period.window(ending=now)
    [state] = integration_states([integration], period=period, now=now)
    own: dict[str, Any] = {
        each.name: getattr(state, each.name) for each in fields(state)
    }
    planned = maintenance_spans(window)
    return IntegrationDetail(
        **own,
        period=period,
        window=window,
        history=_history(integration, window) if with_history else [],
        strip=status_strip(integration, period=period, now=now),
        failures=failures_by_day(integration, window),
        changes=recent_changes(window, [integration]),
        maintenance=[span for of, span in planned if of in {None, slug}],
        marks=_marks(integration, window),
        generated_at=now,
    )


def integration_named(slug: str) -> Integration:
    """Return an integration. Raises: ``NotFound`` naming the known ones."""
    known = {each.slug: each for each in known_integrations()}
    if slug not in known:
        raise NotFound(
            _("There is no integration %(slug)s. Known: %(known)s.")
            % {"slug": slug, "known": ", ".join(known)},
            code="unknown_integration",
        )
    return known[slug]


def failures_by_day(integration: Integration, window: Window) -> list[FailureDay]:
    """Return the days of the window with events, oldest first. One query on rollups."""
    rows = (
        EventDay.objects.filter(
            integration=integration, day__gte=window.first_day, day__lte=window.last_day
        )
        .values_list("day", "event_type")
        .annotate(Sum("rows"), Sum("occurrences"), Sum("failures"))
        .order_by("day", "event_type")
    )
    days: dict[date, FailureDay] = {}
    for day, event_type, count, occurrences, failures in rows:
        before = days.get(day, FailureDay(day, 0, 0, []))
        days[day] = FailureDay(
            day,
            before.rows + int(count),
            before.occurrences + int(occurrences),
            before.failures
            + ([TypeCount(event_type, int(failures))] if failures else []),
        )
    return list(days.values())


def recent_changes(
    window: Window, integrations: Sequence[Integration] | None = None
) -> list[StatusChange]:
    """Return the newest 100 status changes of the window, newest first."""
    changes = StatusTransition.objects.filter(at__gte=window.start, at__lt=window.end)
    if integrations is not None:
        changes = changes.filter(integration__in=integrations)
    return [
        StatusChange(
            each.integration_id,
            each.at,
            HealthStatus(each.from_status) if each.from_status else None,
            HealthStatus(each.to_status) if each.to_status else None,
            each.reason,
        )
        for each in changes.order_by("-at", "-created_at")[:MOST_CHANGES]
    ]


def _history(integration: Integration, window: Window) -> list[SnapshotItem]:
    snapshots = integration.snapshots.filter(
        last_checked__gte=window.start, last_checked__lte=window.end
    ).order_by("-last_checked")
    return [snapshot_item(each) for each in snapshots[:MOST_SNAPSHOTS]]


def snapshot_item(snapshot: IntegrationHealth) -> SnapshotItem:
    """Return a snapshot as reports and answers show it."""
    return SnapshotItem(
        id=snapshot.pk,
        status=HealthStatus(snapshot.status) if snapshot.status else None,
        computed_status=(
            HealthStatus(snapshot.computed_status) if snapshot.computed_status else None
        ),
        status_source=StatusSource(snapshot.status_source),
        pricing_sync_status=snapshot.signals.pricing,
        fees_sync_status=snapshot.signals.fees,
        booking_loss_rate=snapshot.booking_loss_rate,
        error_rate=snapshot.error_rate,
        last_checked=snapshot.last_checked,
        window_start=snapshot.window_start,
        window_end=snapshot.window_end,
        source=Source(snapshot.source),
        actor=snapshot.actor,
    )


def _marks(integration: Integration, window: Window) -> list[Mark]:
    annotations = Annotation.objects.filter(
        Q(integration=integration) | Q(integration=None),
        at__gte=window.start,
        at__lt=window.end,
    )
    return [
        Mark(each.at, AnnotationKind(each.kind), each.text, each.url)
        for each in annotations.order_by("-at")
    ]
