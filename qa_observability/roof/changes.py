"""What changed lately? Status transitions, deploys and configuration, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from integration_health.enums import HealthStatus
from integration_health.models import Annotation, Incident, StatusTransition
from integration_health.pages.addresses import integration_address
from qa_observability.lib.periods import Window
from qa_observability.web.statuses import status_words

MOST_CHANGES: Final = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed; ``status`` is what a channel became, if that is it.

    ``letter`` marks a deploy or a configuration change, as on the charts.
    """

    at: datetime
    text: str
    href: str
    status: HealthStatus | None
    is_transition: bool
    letter: str = ""


@dataclass(frozen=True, slots=True)
class IncidentCounts:
    """How many incidents are open now, and how many began in two windows."""

    unresolved: int
    started: int
    started_before: int


def recent_changes(window: Window) -> tuple[Change, ...]:
    """Return the newest ten changes of the window. Two queries."""
    transitions = StatusTransition.objects.filter(
        at__gte=window.start, at__lt=window.end
    ).select_related("integration")
    annotations = Annotation.objects.filter(
        at__gte=window.start, at__lt=window.end
    ).select_related("integration")
    found = [
        *(_transition(each) for each in transitions[:MOST_CHANGES]),
        *(_annotation(each) for each in annotations[:MOST_CHANGES]),
    ]
    return tuple(sorted(found, key=lambda c: c.at, reverse=True)[:MOST_CHANGES])


def state_since(slug: str | None) -> datetime | None:
    """Return when a channel took its present state; None when nobody knows."""
    newest = StatusTransition.objects.filter(integration_id=slug).first()
    return None if newest is None else newest.at


def incident_counts(window: Window, previous: Window) -> IncidentCounts:
    """Return the counts of standing incidents. One query."""
    found = Incident.objects.standing().aggregate(
        unresolved=Count("pk", filter=Q(state__in=["open", "acknowledged"])),
        started=Count("pk", filter=_started_in(window)),
        started_before=Count("pk", filter=_started_in(previous)),
    )
    return IncidentCounts(**found)


def _started_in(window: Window) -> Q:
    return Q(started_at__gte=window.start, started_at__lt=window.end)


def _transition(each: StatusTransition) -> Change:
    status = HealthStatus(each.to_status) if each.to_status else None
    became = (
        _("%(name)s: no data any more")
        if status is None
        else _("%(name)s became %(status)s")
    )
    text = became % {
        "name": each.integration.name,
        "status": status_words(status).lower(),
    }
    return Change(
        at=each.at,
        text=text,
        href=integration_address(each.integration_id),
        status=status,
        is_transition=True,
    )


def _annotation(each: Annotation) -> Change:
    name = each.integration.name if each.integration else _("All integrations")
    return Change(
        at=each.at,
        text=f"{each.get_kind_display()}: {each.text} ({name})",
        href=each.url,
        status=None,
        is_transition=False,
        letter=each.get_kind_display()[:1],
    )
