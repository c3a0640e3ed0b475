"""Which events happened, newest first, a page at a time?"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from integration_health.enums import Severity, Source
from integration_health.models import EventDay, IntegrationEvent
from integration_health.models.events import IntegrationEventQuerySet
from qa_observability.lib.periods import Window

PageKey = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class TypeCount:
    """How many of one event type."""

    event_type: str
    count: int


@dataclass(frozen=True, slots=True)
class EventFilters:
    """What to keep; an empty value keeps all. ``text`` is sought in messages."""

    event_type: str = ""
    severity: str = ""
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class EventItem:
    """One event as stored, with who said so."""

    id: UUID
    integration_id: str
    event_type: str
    severity: Severity
    message: str
    metadata: dict[str, Any]
    occurred_at: datetime
    created_at: datetime
    occurrences: int
    window_start: datetime | None
    window_end: datetime | None
    in_maintenance: bool
    source: Source
    actor: str
    batch_id: UUID | None


@dataclass(frozen=True, slots=True)
class EventsPage:
    """A page of events, newest first; ``next_key`` is where the following one starts.

    ``approximate_total`` counts the rows of the window's whole days from the rollups;
    ``None`` when filtered by what they do not know (source, text).
    """

    events: list[EventItem] = field(default_factory=list)
    next_key: PageKey | None = None
    approximate_total: int | None = None


def events_page(
    slug: str,
    window: Window,
    *,
    now: datetime,
    filters: EventFilters = EventFilters(),
    after: PageKey | None = None,
    limit: int = 100,
    with_total: bool = True,
) -> EventsPage:
    """Return up to ``limit`` events of a channel, of the last 90 days exactly.

    A keyset page: its cost does not grow with its depth, but a rare ``text`` is sought
    through the window. Two queries; one without the total, which is of whole days and
    says little of a shorter window.
    """
    found = _filtered(slug, window, now, filters)
    if after is not None:
        moment, last_id = after
        found = found.filter(
            Q(occurred_at__lt=moment) | Q(occurred_at=moment, id__gt=last_id),
            occurred_at__lte=moment,
            occurred_on__lte=moment.date(),
        )
    rows = list(found.newest_first()[: limit + 1])
    return EventsPage(
        events=[event_item(row) for row in rows[:limit]],
        next_key=_key(rows[limit - 1]) if len(rows) > limit else None,
        approximate_total=_approximate_total(slug, window, filters)
        if with_total
        else None,
    )


def event_item(event: IntegrationEvent) -> EventItem:
    """Return an event as reports and answers show it."""
    return EventItem(
        id=event.pk,
        integration_id=event.integration_id,
        event_type=event.event_type,
        severity=Severity(event.severity),
        message=event.message,
        metadata=event.metadata,
        occurred_at=event.occurred_at,
        created_at=event.created_at,
        occurrences=event.occurrences,
        window_start=event.window_start,
        window_end=event.window_end,
        in_maintenance=event.in_maintenance,
        source=Source(event.source),
        actor=event.actor,
        batch_id=event.batch_id,
    )


def _filtered(
    slug: str, window: Window, now: datetime, filters: EventFilters
) -> IntegrationEventQuerySet:
    found = (
        IntegrationEvent.objects.in_window(window).kept(now).filter(integration=slug)
    )
    if filters.event_type:
        found = found.filter(event_type=filters.event_type)
    if filters.severity:
        found = found.filter(severity=filters.severity)
    if filters.source:
        found = found.filter(source=filters.source)
    if filters.text:
        found = found.filter(message__icontains=filters.text)
    return found


def _approximate_total(slug: str, window: Window, filters: EventFilters) -> int | None:
    if filters.source or filters.text:
        return None
    days = EventDay.objects.filter(
        integration=slug, day__gte=window.first_day, day__lte=window.last_day
    )
    if filters.event_type:
        days = days.filter(event_type=filters.event_type)
    if filters.severity:
        days = days.filter(severity=filters.severity)
    return int(days.aggregate(total=Sum("rows"))["total"] or 0)


def _key(event: IntegrationEvent) -> PageKey:
    return event.occurred_at, event.pk
