"""Which alerts are there, and which want reading?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q

from integration_health.enums import AlertKind, Severity
from integration_health.models import Alert

PageKey = tuple[datetime, UUID]


class AlertState(StrEnum):
    """Which alerts to list."""

    ALL = "all"
    UNREAD = "unread"
    SNOOZED = "snoozed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class AlertItem:
    """An alert with who read, snoozed or dismissed it, and when.

    ``closed_at`` is when its cause was gone; nothing is ever deleted.
    """

    id: UUID
    kind: AlertKind
    severity: Severity
    integration_id: str | None
    title: str
    body: str
    url: str
    raised_at: datetime
    last_raised_at: datetime
    closed_at: datetime | None
    read_at: datetime | None
    read_by: str
    dismissed_at: datetime | None
    dismissed_by: str
    snoozed_until: datetime | None
    snoozed_by: str
    snooze_reason: str
    sample: bool
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AlertFilters:
    """What to keep; an empty value keeps all."""

    state: AlertState = AlertState.ALL
    integration_id: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """A page of alerts, the newest first; ``unread`` counts all that want reading."""

    alerts: list[AlertItem]
    next_key: PageKey | None
    unread: int


def alerts_page(
    *,
    now: datetime,
    filters: AlertFilters = AlertFilters(),
    after: PageKey | None = None,
    limit: int = 100,
) -> AlertsPage:
    """Return alerts, newest first, a keyset page at a time. Two queries."""
    found = Alert.objects.filter(_in_state(filters.state, now))
    if filters.integration_id:
        found = found.filter(integration=filters.integration_id)
    if filters.severity:
        found = found.filter(severity=filters.severity)
    if after is not None:
        raised_at, last_id = after
        found = found.filter(
            Q(raised_at__lt=raised_at) | Q(raised_at=raised_at, id__lt=last_id)
        )
    rows = list(found.order_by("-raised_at", "-id")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return AlertsPage(
        alerts=[alert_item(row) for row in rows[:limit]],
        next_key=(last.raised_at, last.pk) if last else None,
        unread=unread_alerts(now),
    )


def unread_alerts(now: datetime, *, severity: str = "") -> int:
    """Return how many alerts are neither read nor dismissed nor snoozed. One query."""
    found = Alert.objects.filter(_in_state(AlertState.UNREAD, now))
    return (found.filter(severity=severity) if severity else found).count()


def alert_item(alert: Alert) -> AlertItem:
    """Return an alert as reports and answers show it."""
    return AlertItem(
        id=alert.pk,
        kind=AlertKind(alert.kind),
        severity=Severity(alert.severity),
        integration_id=alert.integration_id,
        title=alert.title,
        body=alert.body,
        url=alert.url,
        raised_at=alert.raised_at,
        last_raised_at=alert.last_raised_at,
        closed_at=alert.closed_at,
        read_at=alert.read_at,
        read_by=alert.read_by,
        dismissed_at=alert.dismissed_at,
        dismissed_by=alert.dismissed_by,
        snoozed_until=alert.snoozed_until,
        snoozed_by=alert.snoozed_by,
        snooze_reason=alert.snooze_reason,
        sample=alert.sample,
        metadata=alert.details,
    )


def _in_state(state: AlertState, now: datetime) -> Q:
    dismissed = Q(dismissed_at__isnull=False)
    snoozed = Q(snoozed_until__gt=now) & ~dismissed
    match state:
        case AlertState.UNREAD:
            return Q(read_at=None) & ~dismissed & ~snoozed
        case AlertState.SNOOZED:
            return snoozed
        case AlertState.DISMISSED:
            return dismissed
        case AlertState.ALL:
            return Q()
