"""How is an import taken back? With everything that followed from it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from integration_health.enums import BatchState
from integration_health.imports.effects import refresh_around
from integration_health.imports.extent import window_of
from integration_health.models import (
    EndpointStat,
    ImportBatch,
    Integration,
    IntegrationEvent,
    IntegrationHealth,
)
from integration_health.refresh.statuses import note_correction
from qa_observability import audit
from qa_observability.lib.errors import Conflict, NotFound
from qa_observability.lib.periods import utc_day


def undo_import(batch_id: UUID, *, by: audit.Actor, now: datetime) -> ImportBatch:
    """Take a committed import back: its events, snapshots and counts by route go.

    Rollups, days of health, statuses and incidents follow. The import itself stays, as
    undone, with its summary and refused rows; the same file may be imported again.
    Raises: ``NotFound``; ``Conflict`` for one that is not committed.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().filter(pk=batch_id).first()
        if batch is None:
            raise NotFound(_("There is no import %(id)s.") % {"id": batch_id})
        if batch.state != BatchState.COMMITTED:
            raise Conflict(
                _("Only a committed import can be undone; this one is: %(state)s.")
                % {"state": batch.get_state_display()},
                code="import_not_committed",
            )
        take_back(batch, by=by, now=now)
        integrations = {each.slug: each for each in Integration.objects.in_order()}
        refresh_around(window_of(batch), integrations, now, days_of=integrations)
        locked = Integration.objects.select_for_update(no_key=True).order_by("slug")
        for integration in locked:
            note_correction(integration, now)
    return batch


def take_back(
    batch: ImportBatch, *, by: audit.Actor, now: datetime, reason: str = ""
) -> None:
    """Remove what a batch stored, and mark it undone; refreshing is the caller's."""
    window = window_of(batch)
    if window is not None:
        # The days let the database look only into the weeks concerned.
        IntegrationEvent.objects.filter(
            batch_id=batch.pk,
            occurred_on__gte=window.first_day,
            occurred_on__lte=utc_day(window.end),
        ).delete()
    IntegrationHealth.objects.filter(batch=batch).delete()
    EndpointStat.objects.filter(batch=batch).delete()
    batch.state = BatchState.UNDONE
    batch.undone_at = now
    batch.undone_by = by.get_username() if by is not None else ""
    batch.save(update_fields=["state", "undone_at", "undone_by"])
    audit.record(by, "import.undone", batch, reason=reason)
