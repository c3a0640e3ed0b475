"""Is sample data loaded here, and how does it leave?"""

from datetime import datetime

from django.db import models, transaction

from integration_health.enums import Source
from integration_health.incidents import recompute
from integration_health.models import (
    Alert,
    Annotation,
    BurstDay,
    EventDay,
    EventHour,
    Failure,
    HealthDay,
    ImportBatch,
    Incident,
    Integration,
    IntegrationEvent,
    IntegrationHealth,
    MaintenanceWindow,
    StatusTransition,
)
from integration_health.models.events import KEPT
from integration_health.refresh.health_days import rebuild_health_days
from integration_health.refresh.maintenance import reach_of, remark_maintenance
from integration_health.refresh.statuses import note_correction
from qa_observability.lib.periods import utc_day

_OF_SOURCE = (IntegrationEvent, IntegrationHealth, ImportBatch)
_FLAGGED = (StatusTransition, Alert, Annotation)


def sample_loaded() -> bool:
    """Return whether any sample import or snapshot is stored. One query."""
    imports = ImportBatch.objects.filter(source=Source.SAMPLE).values("pk")
    checks = IntegrationHealth.objects.filter(source=Source.SAMPLE).values("pk")
    return imports.union(checks, all=True).exists()


def purge_sample(now: datetime) -> dict[str, int]:
    """Remove the sample in the caller's transaction; return rows by table.

    Rollups follow by trigger; days of health, incidents and statuses here. Incidents that
    real events carry stay.
    """
    with transaction.atomic():
        integrations = list(
            Integration.objects.order_by("slug").select_for_update(no_key=True)
        )
        removed = {
            kind._meta.db_table: _delete(kind.objects.filter(source=Source.SAMPLE))
            for kind in _OF_SOURCE
        } | {
            kind._meta.db_table: _delete(kind.objects.filter(sample=True))
            for kind in _FLAGGED
        }
        removed[MaintenanceWindow._meta.db_table] = _call_off_maintenance(now)
        if any(removed.values()):
            _forget_days_of_nothing()
            _settle(integrations, now)
        removed[Incident._meta.db_table] = _delete(Incident.objects.filter(sample=True))
    return removed


def _delete(rows: "models.QuerySet[models.Model]") -> int:
    """Return how many rows went, not counting those that went with them."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _call_off_maintenance(now: datetime) -> int:
    windows = list(MaintenanceWindow.objects.filter(sample=True))
    for window in windows:
        window.delete()
        remark_maintenance(window.integration_id, reach_of(window), now)
    return len(windows)


def _forget_days_of_nothing() -> None:
    """Drop every rollup when neither events nor imports are left.

    A sample older than 90 days has lost its events by age; its days added up would stay.
    """
    if IntegrationEvent.objects.exists() or ImportBatch.objects.exists():
        return
    for rollup in (EventDay, EventHour, Failure, BurstDay):
        rollup.objects.all().delete()


def _settle(integrations: list[Integration], now: datetime) -> None:
    slugs = [each.slug for each in integrations]
    days = HealthDay.objects.order_by("day").values_list("day", flat=True)
    if first := days.first():
        rebuild_health_days(slugs, first, days.reverse()[0])
    recompute(slugs, utc_day(now - KEPT), utc_day(now), now)
    for integration in integrations:
        note_correction(integration, now)
