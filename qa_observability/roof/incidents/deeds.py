"""What may people do about an incident on its page? Five deeds, each a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from integration_health.enums import IncidentAction
from integration_health.incident_forms import (
    AcknowledgeForm,
    AssignForm,
    NoteForm,
    ResolveForm,
    TicketForm,
)
from integration_health.incidents.actions import (
    acknowledge,
    add_note,
    assign,
    link_ticket,
    resolve,
)
from integration_health.models import Incident


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a deed, in words; ``changed`` is False when it was done already.

    ``undo`` is the address that takes it back, empty where nothing does.
    """

    words: str
    changed: bool = True
    undo: str = ""


Do = Callable[[UUID, Mapping[str, Any], str, datetime], Done]


@dataclass(frozen=True, slots=True)
class Deed:
    """A form and what it does. ``do`` raises: ``NotFound``, ``Conflict``."""

    form: type[forms.Form]
    do: Do


def _acknowledge(
    incident_id: UUID, _given: Mapping[str, Any], by: str, now: datetime
) -> Done:
    found = acknowledge(incident_id, by=by, now=now)
    if found.acknowledged_at != now:
        words = _("%(who)s has acknowledged it already.")
        return Done(words % {"who": found.acknowledged_by}, changed=False)
    undo = _undo_address(found, IncidentAction.ACKNOWLEDGED, now)
    return Done(_("Acknowledged: you look after it."), undo=undo)


def _resolve(
    incident_id: UUID, given: Mapping[str, Any], by: str, now: datetime
) -> Done:
    found = resolve(incident_id, by=by, now=now, text=given["text"])
    if found.resolved_at == now:
        undo = _undo_address(found, IncidentAction.RESOLVED, now)
        return Done(_("Resolved. It opens again if it goes on failing."), undo=undo)
    if not found.resolved_by:
        return Done(_("It is resolved already, by itself."), changed=False)
    words = _("%(who)s has resolved it already. Your words were not kept; add a note.")
    return Done(words % {"who": found.resolved_by}, changed=False)


def _assign(
    incident_id: UUID, given: Mapping[str, Any], by: str, now: datetime
) -> Done:
    person = given["person"]
    assign(incident_id, to=person, by=by, now=now)
    if person is None:
        return Done(_("Assigned to nobody."))
    return Done(_("Assigned to %(who)s.") % {"who": person.get_username()})


def _note(incident_id: UUID, given: Mapping[str, Any], by: str, now: datetime) -> Done:
    add_note(incident_id, text=given["text"], by=by, now=now)
    return Done(_("Your note is on the timeline."))


def _ticket(
    incident_id: UUID, given: Mapping[str, Any], by: str, now: datetime
) -> Done:
    key = given["key"]
    _row, is_new = link_ticket(incident_id, key=key, url=given["url"], by=by, now=now)
    if not is_new:
        return Done(_("%(key)s is linked already.") % {"key": key}, changed=False)
    return Done(_("%(key)s is linked.") % {"key": key})


DEEDS: Final[Mapping[str, Deed]] = {
    "acknowledge": Deed(AcknowledgeForm, _acknowledge),
    "resolve": Deed(ResolveForm, _resolve),
    "assign": Deed(AssignForm, _assign),
    "note": Deed(NoteForm, _note),
    "ticket": Deed(TicketForm, _ticket),
}


def _undo_address(found: Incident, action: IncidentAction, now: datetime) -> str:
    entry = found.entries.get(action=action, at=now)
    return reverse("undo-incident-deed", args=[found.pk, entry.pk])


def form_of(name: str, data: Mapping[str, Any] | None = None) -> forms.Form:
    """Return a deed's form, its fields' ids beginning with the deed's name."""
    return DEEDS[name].form(data, auto_id=f"{name}-%s")


def empty_forms(assigned_to: str | None) -> dict[str, forms.Form]:
    """Return every form as first shown."""
    found = {name: form_of(name) for name in DEEDS}
    found["assign"].initial = {"person": assigned_to}
    return found
