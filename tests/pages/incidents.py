"""Short ways to have incidents, and where their pages are."""

from datetime import timedelta

from django.utils import timezone

from integration_health.models import Incident
from tests.pages.world import fail

PAGE = "/dashboard/incidents"
HOUR = timedelta(hours=1)


def incident(slug="airbnb", ago=3 * HOUR, lasted=HOUR, severity="high", **changes):
    start = timezone.now() - ago
    given = {
        "state": "open",
        "event_types": {"pricing_sync_error": 5},
        "occurrences": 5,
        "detected_at": start + timedelta(minutes=4, seconds=30),
    } | changes
    return Incident.objects.create(
        integration_id=slug,
        started_at=start,
        ended_at=start + lasted,
        severity=severity,
        **given,
    )


def resolved(**changes):
    now = timezone.now()
    given = {"state": "resolved", "resolved_at": now, "resolved_by": "ana"}
    return incident(**given | changes)


def costly(slug, failures, **changes):
    """Return an incident of an hour with so many failures in it."""
    found = incident(slug, **changes)
    ago = timezone.now() - found.ended_at + timedelta(minutes=1)
    for n in range(failures):
        fail(slug, message=f"kind {chr(ord('a') + n)}", ago=ago)
    return found


def address(found):
    return f"{PAGE}/{found.pk}"
