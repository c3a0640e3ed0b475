"""How does an incident read as a row? The same wherever incidents are listed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.urls import reverse

from integration_health.enums import IncidentState
from integration_health.pages.words import event_type_words
from integration_health.reports.incidents import IncidentItem
from revenue.reports.incidents import IncidentCost


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident as a row; ``so_far`` and ``per_hour`` are None when nobody can say.

    ``who`` resolved it, acknowledged it, or has it assigned, in this order.
    """

    id: UUID
    href: str
    integration: str
    integration_id: str
    started_at: datetime
    lasted: timedelta
    severity: str
    what: str
    occurrences: int
    state: IncidentState
    state_words: str
    who: str
    tickets: tuple[str, ...]
    so_far: Decimal | None
    per_hour: Decimal | None


def incident_rows(
    items: Iterable[IncidentItem], costs: Mapping[UUID, IncidentCost]
) -> tuple[IncidentRow, ...]:
    """Return incidents as rows, in their order; ``costs`` is empty without the right."""
    return tuple(_row(item, costs.get(item.id)) for item in items)


def incident_address(incident_id: UUID) -> str:
    """Return the address of an incident's page."""
    return reverse("incident-page", args=[incident_id])


def what_failed(item: IncidentItem) -> list[str]:
    """Return the kinds of failure in words, the most frequent first."""
    worst_first = sorted(item.event_types, key=lambda kind: -kind.count)
    return [event_type_words(kind.event_type) for kind in worst_first]


def _row(item: IncidentItem, cost: IncidentCost | None) -> IncidentRow:
    so_far = cost.so_far if cost else None
    return IncidentRow(
        id=item.id,
        href=incident_address(item.id),
        integration=item.integration_name,
        integration_id=item.integration_id,
        started_at=item.started_at,
        lasted=timedelta(seconds=item.duration_seconds),
        severity=item.severity,
        what=", ".join(what_failed(item)),
        occurrences=item.occurrences,
        state=item.state,
        state_words=str(item.state.label),
        who=item.resolved_by or item.acknowledged_by or item.assigned_to or "",
        tickets=tuple(item.tickets),
        so_far=so_far.base if so_far else None,
        per_hour=cost.per_hour if cost else None,
    )
