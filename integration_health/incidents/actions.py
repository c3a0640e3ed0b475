"""What do people do about an incident? Each deed is a line of its timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from integration_health.enums import IncidentAction, IncidentState
from integration_health.models import Incident, IncidentEntry, IncidentTicket
from qa_observability.lib.errors import Conflict, NotFound

_UNDONE_AS: Final[Mapping[str, IncidentAction]] = {
    IncidentAction.ACKNOWLEDGED: IncidentAction.UNACKNOWLEDGED,
    IncidentAction.RESOLVED: IncidentAction.UNRESOLVED,
}
_CHANGES_OF_STATE: Final = (
    *_UNDONE_AS,
    *_UNDONE_AS.values(),
    IncidentAction.REOPENED,
    IncidentAction.WITHDRAWN,
    IncidentAction.REINSTATED,
)


def acknowledge(incident_id: UUID, *, by: str, now: datetime) -> Incident:
    """Say that somebody looks after it; again changes nothing.

    Raises: ``NotFound``; ``Conflict`` when it is resolved or withdrawn.
    """
    with transaction.atomic():
        incident = _standing(incident_id)
        if incident.state == IncidentState.ACKNOWLEDGED:
            return incident
        if incident.state == IncidentState.RESOLVED:
            raise Conflict(
                _("This incident is resolved already."), code="incident_resolved"
            )
        incident.state = IncidentState.ACKNOWLEDGED
        incident.acknowledged_at, incident.acknowledged_by = now, by
        incident.save()
        _tell(incident, IncidentAction.ACKNOWLEDGED, by=by, now=now)
    return incident


def resolve(incident_id: UUID, *, by: str, now: datetime, text: str = "") -> Incident:
    """Say that it is over, and why; again changes nothing.

    Events that go on failing within 15 minutes of its last one open it again.
    Raises: ``NotFound``; ``Conflict`` when it is withdrawn.
    """
    with transaction.atomic():
        incident = _standing(incident_id)
        if incident.state == IncidentState.RESOLVED:
            return incident
        incident.state = IncidentState.RESOLVED
        incident.resolved_at, incident.resolved_by = now, by
        incident.save()
        _tell(incident, IncidentAction.RESOLVED, by=by, now=now, text=text)
    return incident


def undo(incident_id: UUID, entry_id: UUID, *, by: str, now: datetime) -> Incident:
    """Take back an acknowledgement or a resolution, while nothing has followed it.

    ``entry_id`` is its line of the timeline, which stays; undoing adds another.
    Raises: ``NotFound``; ``Conflict`` when the incident's state has changed since.
    """
    with transaction.atomic():
        incident = _locked(incident_id)
        newest = (
            incident.entries.filter(action__in=_CHANGES_OF_STATE)
            .order_by("-at", "-id")
            .first()
        )
        if newest is None or newest.pk != entry_id or newest.action not in _UNDONE_AS:
            raise Conflict(
                _("The incident was changed since; nothing was undone."),
                code="changed_since",
            )
        if newest.action == IncidentAction.RESOLVED:
            incident.resolved_at, incident.resolved_by = None, ""
        else:
            incident.acknowledged_at, incident.acknowledged_by = None, ""
        incident.stand_as_its_moments_say()
        incident.save()
        _tell(incident, _UNDONE_AS[newest.action], by=by, now=now)
    return incident


def assign(incident_id: UUID, *, to: User | None, by: str, now: datetime) -> Incident:
    """Give it to a person, or to nobody. Raises: ``NotFound``, ``Conflict`` if withdrawn."""
    with transaction.atomic():
        incident = _standing(incident_id)
        incident.assigned_to = to
        incident.save()
        name = to.get_username() if to else _("nobody")
        _tell(incident, IncidentAction.ASSIGNED, by=by, now=now, text=name)
    return incident


def add_note(incident_id: UUID, *, text: str, by: str, now: datetime) -> IncidentEntry:
    """Add a note to the timeline. Raises: ``NotFound``."""
    with transaction.atomic():
        incident = _locked(incident_id)
        return _tell(incident, IncidentAction.NOTED, by=by, now=now, text=text)


def link_ticket(
    incident_id: UUID, *, key: str, url: str, by: str, now: datetime
) -> tuple[IncidentTicket, bool]:
    """Link a ticket by its key; return it and whether it is new.

    Raises: ``NotFound``; ``Conflict`` when the key is linked with another address.
    """
    with transaction.atomic():
        incident = _locked(incident_id)
        ticket, is_new = IncidentTicket.objects.get_or_create(
            incident=incident, key=key, defaults={"url": url, "added_by": by}
        )
        if is_new:
            _tell(incident, IncidentAction.TICKET_LINKED, by=by, now=now, text=key)
        elif ticket.url != url:
            raise Conflict(
                _("%(key)s is linked already, with another address: %(url)s.")
                % {"key": key, "url": ticket.url},
                code="ticket_linked",
            )
    return ticket, is_new


def _locked(incident_id: UUID) -> Incident:
    incident = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if incident is None:
        raise NotFound(_("There is no incident %(id)s.") % {"id": incident_id})
    return incident


def _standing(incident_id: UUID) -> Incident:
    incident = _locked(incident_id)
    if incident.state == IncidentState.WITHDRAWN:
        raise Conflict(
            _("This incident was withdrawn: late data took its evidence away."),
            code="incident_withdrawn",
        )
    return incident


def _tell(
    incident: Incident,
    action: IncidentAction,
    *,
    by: str,
    now: datetime,
    text: str = "",
) -> IncidentEntry:
    return IncidentEntry.objects.create(
        incident=incident, at=now, actor=by, action=action, text=text
    )
