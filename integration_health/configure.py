"""What do administrators set up? Channels, rules, planned outages, marks on charts.

Every change is validated as a whole, audited, and followed by what depends on it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import models, transaction

from integration_health.models import (
    Annotation,
    EndpointRule,
    Integration,
    IntegrationHealth,
    MaintenanceWindow,
)
from integration_health.refresh.health_days import rebuild_health_days
from integration_health.refresh.maintenance import (
    is_long,
    reach_of,
    remark_maintenance,
)
from integration_health.refresh.statuses import note_correction
from qa_observability.audit import record
from qa_observability.lib.periods import Window, utc_day

Thing = TypeVar("Thing", bound=models.Model)
Later = Callable[[str | None, Window], None]


def save_integration(
    integration: Integration, *, by: User | None, now: datetime
) -> Integration:
    """Add or change a channel.

    Another expected interval lets snapshots hold longer or shorter: its days of health
    are written again. Stored statuses stay as they were judged at the time.
    Raises: Django's ``ValidationError``, by field.
    """
    with transaction.atomic():
        before = _stored(integration)
        _save(integration, before, by=by)
        if before and before["expected_interval"] != integration.expected_interval:
            _rebuild_all_days(integration, now)
            note_correction(integration, now)
    return integration


def save_rule(rule: EndpointRule, *, by: User | None) -> EndpointRule:
    """Add or change a rule; it counts from the next import on."""
    with transaction.atomic():
        _save(rule, _stored(rule), by=by)
    return rule


def plan_maintenance(
    window: MaintenanceWindow, *, by: User | None, now: datetime, later: Later
) -> MaintenanceWindow:
    """Add or move a planned outage; events inside are marked and leave what counts.

    A stretch too long to wait for goes to ``later``, with its integration or ``None``.
    """
    with transaction.atomic():
        before = MaintenanceWindow.objects.filter(pk=window.pk).first()
        if before is None:
            window.created_by = by.get_username() if by else ""
        _save(window, _stored(window), by=by)
        _mark_again(window.integration_id, reach_of(window), now, later)
        if before is not None:
            _mark_again(before.integration_id, reach_of(before), now, later)
    return window


def cancel_maintenance(
    window: MaintenanceWindow, *, by: User | None, now: datetime, later: Later
) -> None:
    """Take a planned outage back; the events inside count again, as after planning."""
    with transaction.atomic():
        slug, reach = window.integration_id, reach_of(window)
        remove(window, by=by)
        _mark_again(slug, reach, now, later)


def annotate(annotation: Annotation, *, by: User | None) -> Annotation:
    """Add or change a mark on the charts."""
    with transaction.atomic():
        before = _stored(annotation)
        if before is None:
            annotation.created_by = by.get_username() if by else ""
        _save(annotation, before, by=by)
    return annotation


def remove(thing: models.Model, *, by: User | None) -> None:
    """Delete a rule, window or mark, audited with what it was."""
    with transaction.atomic():
        record(by, f"{_kind(thing)}.removed", thing, before=_stored(thing))
        thing.delete()


def _save(
    thing: models.Model, before: Mapping[str, Any] | None, *, by: User | None
) -> None:
    thing.full_clean()
    thing.save()
    after = _stored(thing)
    if before is None:
        record(by, f"{_kind(thing)}.added", thing, after=after)
    elif before != after:
        record(by, f"{_kind(thing)}.changed", thing, before=before, after=after)


def _mark_again(slug: str | None, reach: Window, now: datetime, later: Later) -> None:
    if is_long(reach, now):
        later(slug, reach)
    else:
        remark_maintenance(slug, reach, now)


def _stored(thing: models.Model) -> dict[str, Any] | None:
    """Return the columns as they stand in the database; ``None`` when they do not."""
    manager: models.Manager[models.Model] = type(thing)._default_manager
    return manager.filter(pk=thing.pk).values().first()


def _kind(thing: models.Model) -> str:
    return str(thing._meta.verbose_name_raw).replace(" ", "_")


def _rebuild_all_days(integration: Integration, now: datetime) -> None:
    first = (
        IntegrationHealth.objects.filter(integration=integration)
        .order_by("last_checked")
        .first()
    )
    if first is not None:
        stretch = Window(first.window_start or first.last_checked, now)
        last = utc_day(now + integration.hold)
        rebuild_health_days([integration.slug], stretch.first_day, last)
