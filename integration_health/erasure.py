"""Where may this app name a person? Events and refused rows go, what people did is masked."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from integration_health.incidents import recompute_at_once
from integration_health.models import (
    Alert,
    Annotation,
    EndpointRule,
    EndpointStat,
    EndpointTraffic,
    ImportBatch,
    Incident,
    IncidentEntry,
    IncidentTicket,
    Integration,
    IntegrationEvent,
    IntegrationHealth,
    MaintenanceWindow,
    RejectedRow,
)
from qa_observability.erasure import Fate, Place, delete_rows


def places() -> list[Place]:
    """Return every column of this app that holds text from outside, or names who acted."""
    return [*_what_came_in(), *_what_people_did()]


def _what_came_in() -> list[Place]:
    return [
        Place(
            _("Events"),
            IntegrationEvent.objects.all(),
            ("message", "metadata", "dedup_key"),
            Fate.DELETE,
            delete_events,
        ),
        Place(
            _("Refused rows of imports"),
            RejectedRow.objects.all(),
            ("excerpt", "reason"),
            Fate.DELETE,
            delete_rows,
        ),
        Place(
            _("Routes in imports"),
            EndpointStat.objects.all(),
            ("route", "channel_hint"),
            Fate.DELETE,
            delete_rows,
        ),
        Place(
            _("Lines of logs in imports"),
            EndpointTraffic.objects.all(),
            ("message", "metadata"),
            Fate.DELETE,
            delete_rows,
        ),
        Place(
            _("Tickets"),
            IncidentTicket.objects.all(),
            ("key", "url"),
            Fate.DELETE,
            delete_rows,
        ),
        Place(
            _("Imports"),
            ImportBatch.objects.all(),
            ("file_name", "options", "summary", "error", "actor", "undone_by"),
            Fate.MASK,
        ),
    ]


def _what_people_did() -> list[Place]:
    return [
        Place(
            _("Who sent events"),
            IntegrationEvent.objects.all(),
            ("actor",),
            Fate.MASK,
        ),
        Place(
            _("Who sent health checks"),
            IntegrationHealth.objects.all(),
            ("actor",),
            Fate.MASK,
        ),
        Place(
            _("Who took up incidents"),
            Incident.objects.all(),
            ("acknowledged_by", "resolved_by"),
            Fate.MASK,
        ),
        Place(
            _("Incident notes"),
            IncidentEntry.objects.all(),
            ("text", "actor"),
            Fate.MASK,
        ),
        Place(
            _("Who linked tickets"),
            IncidentTicket.objects.all(),
            ("added_by",),
            Fate.MASK,
        ),
        Place(
            _("Annotations"),
            Annotation.objects.all(),
            ("text", "url", "created_by"),
            Fate.MASK,
        ),
        Place(
            _("Maintenance windows"),
            MaintenanceWindow.objects.all(),
            ("title", "created_by"),
            Fate.MASK,
        ),
        Place(
            _("Alerts"),
            Alert.objects.all(),
            (
                *("title", "body", "url", "group", "details", "snooze_reason"),
                *("read_by", "dismissed_by", "snoozed_by"),
            ),
            Fate.MASK,
        ),
        Place(_("Integrations"), Integration.objects.all(), ("name",), Fate.MASK),
        Place(_("Endpoint rules"), EndpointRule.objects.all(), ("note",), Fate.MASK),
    ]


def delete_events(events: QuerySet[IntegrationEvent], now: datetime) -> int:
    """Delete events; rollups follow by trigger, incidents are looked for anew.

    Unlike a correction by hand, it leaves no copy of them in the audit trail.
    """
    found = list(events.values_list("pk", "integration_id", "occurred_on"))
    days = {(slug, day) for _id, slug, day in found}
    IntegrationEvent.objects.filter(
        pk__in=[pk for pk, _slug, _day in found],
        occurred_on__in={day for _slug, day in days},  # so that partitions are pruned
    ).delete()
    recompute_at_once(days, now)
    return len(found)
