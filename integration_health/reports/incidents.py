"""Which incidents are there, which first, and how fast are they found and over?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    IntegerField,
    Q,
    Value,
    When,
)
from django.utils.translation import gettext as _

from integration_health.enums import (
    IncidentAction,
    IncidentOrigin,
    IncidentState,
    Severity,
    Source,
)
from integration_health.models import Incident
from integration_health.models.incidents import IncidentQuerySet
from integration_health.reports.events import TypeCount
from integration_health.reports.incident_filters import (
    ALL_STANDING,
    IncidentFilters,
    chosen_incidents,
)
from integration_health.reports.incident_times import IncidentTimes, incident_times
from qa_observability.lib.errors import NotFound
from qa_observability.lib.periods import Window

PageKey = tuple[int, datetime, UUID]

# Open before acknowledged before over; critical before high; then the newest.
_STATES = (
    IncidentState.OPEN,
    IncidentState.ACKNOWLEDGED,
    IncidentState.RESOLVED,
    IncidentState.WITHDRAWN,
)
_URGENCY = Case(
    *(
        When(state=state, severity=severity, then=Value(2 * rank + worse))
        for rank, state in enumerate(_STATES)
        for worse, severity in enumerate((Severity.CRITICAL, Severity.HIGH))
    ),
    default=Value(2 * len(_STATES)),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class IncidentItem:
    """One failure episode: first to last hot event, who acted, what it repeats.

    ``detected_by`` is the source of its first event, ``detected_at`` when this system
    found it; ``duration_seconds`` runs from the first to the last failure.
    """

    id: UUID
    integration_id: str
    integration_name: str
    state: IncidentState
    severity: Severity
    origin: IncidentOrigin
    started_at: datetime
    ended_at: datetime
    duration_seconds: int
    occurrences: int
    event_types: list[TypeCount]
    detected_at: datetime
    detected_by: Source
    acknowledged_at: datetime | None
    acknowledged_by: str
    resolved_at: datetime | None
    resolved_by: str
    assigned_to: str | None
    previous_id: UUID | None
    tickets: list[str]
    sample: bool


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Who did what, when; an empty actor is this system."""

    at: datetime
    actor: str
    action: IncidentAction
    text: str


@dataclass(frozen=True, slots=True)
class TicketLink:
    """A ticket elsewhere."""

    key: str
    url: str
    added_by: str


@dataclass(frozen=True, slots=True)
class IncidentDetail(IncidentItem):
    """An incident with its timeline, oldest first, its tickets and its recurrences."""

    timeline: list[TimelineEntry]
    ticket_links: list[TicketLink]
    recurrences: list[UUID]


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    """A page of incidents, most urgent first, and the times of the whole window."""

    incidents: list[IncidentItem]
    next_key: PageKey | None
    times: IncidentTimes
    window: Window


def incidents_page(
    window: Window,
    *,
    filters: IncidentFilters = ALL_STANDING,
    after: PageKey | None = None,
    limit: int = 100,
) -> IncidentsPage:
    """Return incidents with a moment in the window, and those still open from before.

    Open before acknowledged before resolved, then by severity, then the newest. Keyset
    page. Four queries.
    """
    page = _most_urgent_first(_filtered(window, filters))
    if after is not None:
        urgency, started_at, last_id = after
        page = page.filter(
            Q(urgency__gt=urgency)
            | Q(urgency=urgency, started_at__lt=started_at)
            | Q(urgency=urgency, started_at=started_at, id__gt=last_id)
        )
    rows = list(page[: limit + 1])
    return IncidentsPage(
        incidents=[incident_item(row) for row in rows[:limit]],
        next_key=_key(rows[limit - 1]) if len(rows) > limit else None,
        times=incident_times(window, filters),
        window=window,
    )


def open_incidents(integration_ids: Iterable[str] | None = None) -> list[IncidentItem]:
    """Return what is open or acknowledged, most urgent first. Two queries."""
    found = Incident.objects.unresolved()
    if integration_ids is not None:
        found = found.filter(integration__in=list(integration_ids))
    return [incident_item(row) for row in _most_urgent_first(found)]


def incidents_begun(window: Window) -> list[IncidentItem]:
    """Return the standing incidents that began in a window. Two queries."""
    begun = Incident.objects.standing().filter(
        started_at__gte=window.start, started_at__lt=window.end
    )
    return [incident_item(row) for row in begun.with_people()]


def most_urgent(
    window: Window, filters: IncidentFilters, *, limit: int
) -> list[IncidentItem]:
    """Return the first incidents of :func:`incidents_page` alone. Two queries."""
    rows = _most_urgent_first(_filtered(window, filters))
    return [incident_item(row) for row in rows[:limit]]


def incident_detail(incident_id: UUID) -> IncidentDetail:
    """Return one incident whole. Three queries. Raises: ``NotFound``."""
    detail, _relatives = incident_with_relatives(incident_id)
    return detail


def incident_with_relatives(
    incident_id: UUID,
) -> tuple[IncidentDetail, list[IncidentItem]]:
    """Return one incident, and those it repeats or that repeat it, newest first.

    Three queries. Raises: ``NotFound``.
    """
    repeated = Incident.objects.filter(pk=incident_id).values("previous")
    rows = list(
        Incident.objects.filter(
            Q(pk=incident_id) | Q(previous=incident_id) | Q(pk__in=repeated)
        )
        .with_people()
        .order_by("-started_at", "id")
    )
    incident = next((row for row in rows if row.pk == incident_id), None)
    if incident is None:
        raise NotFound(_("There is no incident %(id)s.") % {"id": incident_id})
    relatives = [row for row in rows if row is not incident]
    detail = IncidentDetail(
        **_columns(incident),
        timeline=[
            TimelineEntry(each.at, each.actor, IncidentAction(each.action), each.text)
            for each in incident.entries.all()
        ],
        ticket_links=[
            TicketLink(each.key, each.url, each.added_by)
            for each in incident.tickets.all()
        ],
        recurrences=[row.pk for row in relatives if row.previous_id == incident_id],
    )
    return detail, [incident_item(row) for row in relatives]


def incident_item(incident: Incident) -> IncidentItem:
    """Return an incident as reports and answers show it."""
    return IncidentItem(**_columns(incident))


def _columns(incident: Incident) -> dict[str, Any]:
    assigned = incident.assigned_to
    return {
        "id": incident.pk,
        "integration_id": incident.integration_id,
        "integration_name": incident.integration.name,
        "state": IncidentState(incident.state),
        "severity": Severity(incident.severity),
        "origin": IncidentOrigin(incident.origin),
        "started_at": incident.started_at,
        "ended_at": incident.ended_at,
        "duration_seconds": (incident.ended_at - incident.started_at)
        // timedelta(seconds=1),
        "occurrences": incident.occurrences,
        "event_types": [
            TypeCount(event_type, count)
            for event_type, count in sorted(incident.event_types.items())
        ],
        "detected_at": incident.detected_at,
        "detected_by": Source(incident.detected_by),
        "acknowledged_at": incident.acknowledged_at,
        "acknowledged_by": incident.acknowledged_by,
        "resolved_at": incident.resolved_at,
        "resolved_by": incident.resolved_by,
        "assigned_to": assigned.get_username() if assigned else None,
        "previous_id": incident.previous_id,
        "tickets": [each.key for each in incident.tickets.all()],
        "sample": incident.sample,
    }


def _most_urgent_first(found: IncidentQuerySet) -> IncidentQuerySet:
    return (
        found.with_people()
        .annotate(urgency=_URGENCY)
        .order_by("urgency", "-started_at", "id")
    )


def _filtered(window: Window, filters: IncidentFilters) -> IncidentQuerySet:
    touching = Q(started_at__lt=window.end, ended_at__gte=window.start)
    unresolved = Q(state__in=[IncidentState.OPEN, IncidentState.ACKNOWLEDGED])
    return chosen_incidents(filters).filter(touching | unresolved)


def _key(incident: Incident) -> PageKey:
    urgency: int = getattr(incident, "urgency")  # noqa: B009  annotated above
    return urgency, incident.started_at, incident.pk
