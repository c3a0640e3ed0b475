"""What wants taking up, and what is over? The incidents as the inbox shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from integration_health.enums import IncidentState
from integration_health.models import Incident
from integration_health.reports.incident_filters import (
    IncidentFilters,
    chosen_incidents,
)
from integration_health.reports.incidents import IncidentItem, incident_item
from qa_observability.lib.periods import Window

PageKey = tuple[datetime, UUID]
MOST_UNRESOLVED: Final = 200
UNRESOLVED: Final = frozenset({IncidentState.OPEN, IncidentState.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class Inbox:
    """Unresolved incidents, at most 200, and a page of those that are over.

    ``unresolved_total`` counts all that match, ``over`` is newest first and ``next_key``
    where its following page starts.
    """

    unresolved: tuple[IncidentItem, ...]
    unresolved_total: int
    over: tuple[IncidentItem, ...]
    next_key: PageKey | None


def inbox(
    window: Window,
    *,
    filters: IncidentFilters,
    after: PageKey | None = None,
    limit: int = 50,
) -> Inbox:
    """Return the inbox. Five queries at most.

    Unresolved ones are shown whatever the window, newest first; those that are over when
    they touch it. Without a state asked for, withdrawn ones are left out.
    """
    unresolved, total = _unresolved(filters)
    over = _over(window, filters, after, limit)
    return Inbox(
        unresolved=unresolved,
        unresolved_total=total,
        over=tuple(incident_item(row) for row in over[:limit]),
        next_key=_key(over[limit - 1]) if len(over) > limit else None,
    )


def _unresolved(filters: IncidentFilters) -> tuple[tuple[IncidentItem, ...], int]:
    if filters.state and filters.state not in UNRESOLVED:
        return (), 0
    found = chosen_incidents(filters).unresolved()
    rows = found.with_people().order_by("-started_at", "id")[:MOST_UNRESOLVED]
    items = tuple(incident_item(row) for row in rows)
    return items, len(items) if len(items) < MOST_UNRESOLVED else found.count()


def _over(
    window: Window, filters: IncidentFilters, after: PageKey | None, limit: int
) -> list[Incident]:
    if filters.state in UNRESOLVED:
        return []
    state = filters.state or IncidentState.RESOLVED
    found = chosen_incidents(filters).filter(state=state).touching(window)
    if after is not None:
        started_at, last_id = after
        found = found.filter(
            Q(started_at__lt=started_at) | Q(started_at=started_at, id__gt=last_id)
        )
    return list(found.with_people().order_by("-started_at", "id")[: limit + 1])


def _key(incident: Incident) -> PageKey:
    return incident.started_at, incident.pk
