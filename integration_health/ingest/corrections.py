"""How is something recorded put right, or taken back, by a person? Audited, all follows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from integration_health.domain.failures import fingerprint
from integration_health.enums import StatusSource
from integration_health.incidents import recompute_at_once
from integration_health.ingest.snapshot_rows import judge
from integration_health.models import (
    Integration,
    IntegrationEvent,
    IntegrationHealth,
)
from integration_health.models.events import HOT
from integration_health.refresh.health_days import rebuild_health_days
from integration_health.refresh.statuses import note_correction
from integration_health.storage.maintenance import is_in_maintenance
from integration_health.storage.partitions import ensure_partitions
from qa_observability.audit import record
from qa_observability.lib.periods import utc_day
from qa_observability.lib.scrub import scrub_metadata, scrub_text

_SNAPSHOT_FACTS = (
    "last_checked",
    "status",
    "pricing_sync_status",
    "fees_sync_status",
    "booking_loss_rate",
    "error_rate",
)
_EVENT_FACTS = (
    "event_type",
    "severity",
    "message",
    "metadata",
    "occurred_at",
    "occurrences",
)


def amend_snapshot(
    snapshot: IntegrationHealth, *, by: User | None, now: datetime
) -> IntegrationHealth:
    """Store a check whose fields were changed; its status is judged again.

    ``snapshot.status`` counts as typed where ``status_source`` is manual. Days of health
    follow, on both sides when it moved; a changed status now is noted.
    """
    with transaction.atomic():
        integration = _locked(snapshot.integration_id)
        stored = IntegrationHealth.objects.get(pk=snapshot.pk)
        is_typed = snapshot.status_source == StatusSource.MANUAL
        judge(snapshot, integration, typed=snapshot.status if is_typed else None)
        snapshot.save()
        record(
            by,
            "snapshot.changed",
            snapshot,
            before=_facts(stored, _SNAPSHOT_FACTS),
            after=_facts(snapshot, _SNAPSHOT_FACTS),
        )
        _refresh_days(integration, [stored, snapshot])
        note_correction(integration, now)
    return snapshot


def remove_snapshots(
    snapshots: Iterable[IntegrationHealth], *, by: User | None, now: datetime
) -> int:
    """Delete checks; days of health and the status now follow. Returns how many went."""
    with transaction.atomic():
        by_slug: dict[str, list[IntegrationHealth]] = {}
        for snapshot in snapshots:
            by_slug.setdefault(snapshot.integration_id, []).append(snapshot)
        for slug, own in sorted(by_slug.items()):
            integration = _locked(slug)
            for snapshot in own:
                before = _facts(snapshot, _SNAPSHOT_FACTS)
                record(by, "snapshot.removed", snapshot, before=before)
                IntegrationHealth.objects.filter(pk=snapshot.pk).delete()
            _refresh_days(integration, own)
            note_correction(integration, now)
    return sum(map(len, by_slug.values()))


def amend_event(
    event: IntegrationEvent, *, by: User | None, now: datetime
) -> IntegrationEvent:
    """Store an event whose fields were changed; rollups follow at once, incidents soon.

    What was typed is scrubbed. Its identity stays: the original sent again is still known.
    """
    with transaction.atomic():
        stored = IntegrationEvent.objects.get(pk=event.pk)
        event.message = scrub_text(event.message)
        event.metadata = scrub_metadata(event.metadata)
        event.occurred_on = utc_day(event.occurred_at)
        if event.window_start is not None:
            event.window_end = event.occurred_at
        event.fingerprint = fingerprint(
            event.integration_id, event.event_type, event.severity, event.message
        )
        event.in_maintenance = is_in_maintenance(
            event.integration_id, event.occurred_at, event.window_start
        )
        ensure_partitions([event.occurred_on])
        event.save()
        record(
            by,
            "event.changed",
            event,
            before=_facts(stored, _EVENT_FACTS),
            after=_facts(event, _EVENT_FACTS),
        )
        _find_incidents([stored, event], now)
    return event


def remove_events(
    events: Iterable[IntegrationEvent], *, by: User | None, now: datetime
) -> int:
    """Delete events; rollups follow at once, incidents soon. Returns how many went."""
    gone = list(events)
    with transaction.atomic():
        for event in gone:
            record(by, "event.removed", event, before=_facts(event, _EVENT_FACTS))
        IntegrationEvent.objects.filter(
            pk__in=[event.pk for event in gone],
            occurred_on__in={event.occurred_on for event in gone},
        ).delete()
        _find_incidents(gone, now)
    return len(gone)


def _locked(slug: str) -> Integration:
    return Integration.objects.select_for_update(no_key=True).get(pk=slug)


def _facts(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _refresh_days(
    integration: Integration, snapshots: Iterable[IntegrationHealth]
) -> None:
    reached = list(snapshots)
    first = min(each.window_start or each.last_checked for each in reached)
    last = max(each.last_checked for each in reached) + integration.hold
    rebuild_health_days([integration.slug], utc_day(first), utc_day(last))


def _find_incidents(events: Iterable[IntegrationEvent], now: datetime) -> None:
    touched = [each for each in events if each.severity in HOT]
    recompute_at_once(
        ((each.integration_id, each.occurred_on) for each in touched), now
    )
