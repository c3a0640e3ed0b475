"""What wants taking up, and what is over? The incidents as the inbox shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Avg, Count, F, Q

from integration_health.enums import IncidentState
from integration_health.models import Incident
from integration_health.models.incidents import IncidentQuerySet
from integration_health.reports.incidents import (
    IncidentFilters,
    IncidentItem,
    incident_item,
)
from qa_observability.lib.periods import Window

PageKey = tuple[datetime, UUID]
MOST_UNRESOLVED: Final = 200
UNRESOLVED: Final = frozenset({IncidentState.OPEN, IncidentState.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class MeanTimes:
    """How fast the incidents begun in a window were found and over, on average.

    As ``IncidentTimes`` counts them; a mean is ``None`` without a case.
    """

    found: int
    to_detect: timedelta | None
    resolved: int
    to_recover: timedelta | None


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


def mean_times(
    windows: Sequence[Window], filters: IncidentFilters
) -> tuple[MeanTimes, ...]:
    """Return the mean times of each window's incidents. One query."""
    means: dict[str, Any] = {}
    for n, window in enumerate(windows):
        begun = Q(started_at__gte=window.start, started_at__lt=window.end)
        means |= {
            f"found_{n}": Count("id", filter=begun),
            f"to_detect_{n}": Avg(F("detected_at") - F("started_at"), filter=begun),
            f"resolved_{n}": Count("resolved_at", filter=begun),
            f"to_recover_{n}": Avg(F("resolved_at") - F("started_at"), filter=begun),
        }
    found = _chosen(filters, _listed(filters)).aggregate(**means)
    return tuple(
        MeanTimes(
            **{each.name: found[f"{each.name}_{n}"] for each in fields(MeanTimes)}
        )
        for n in range(len(windows))
    )


def _unresolved(filters: IncidentFilters) -> tuple[tuple[IncidentItem, ...], int]:
    if filters.state and filters.state not in UNRESOLVED:
        return (), 0
    found = _chosen(filters, Incident.objects.unresolved())
    rows = _with_people(found).order_by("-started_at", "id")[:MOST_UNRESOLVED]
    items = tuple(incident_item(row) for row in rows)
    return items, len(items) if len(items) < MOST_UNRESOLVED else found.count()


def _over(
    window: Window, filters: IncidentFilters, after: PageKey | None, limit: int
) -> list[Incident]:
    if filters.state in UNRESOLVED:
        return []
    state = filters.state or IncidentState.RESOLVED
    found = _chosen(filters, Incident.objects.filter(state=state).touching(window))
    if after is not None:
        started_at, last_id = after
        found = found.filter(
            Q(started_at__lt=started_at) | Q(started_at=started_at, id__gt=last_id)
        )
    return list(_with_people(found).order_by("-started_at", "id")[: limit + 1])


def _listed(filters: IncidentFilters) -> IncidentQuerySet:
    """Return all incidents when a state is asked for, else what still stands."""
    return Incident.objects.all() if filters.state else Incident.objects.standing()


def _chosen(filters: IncidentFilters, found: IncidentQuerySet) -> IncidentQuerySet:
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.integration_id:
        found = found.filter(integration=filters.integration_id)
    if filters.severity:
        found = found.filter(severity=filters.severity)
    return found


def _with_people(found: IncidentQuerySet) -> IncidentQuerySet:
    return found.select_related("integration", "assigned_to").prefetch_related(
        "tickets"
    )


def _key(incident: Incident) -> PageKey:
    return incident.started_at, incident.pk
