"""Did a channel's status change, and who should hear of it?

The newest snapshot tells the status until it goes stale; then there is none. A change is
written once and never altered. A late snapshot that is not the newest changes no status.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from integration_health.alerts import settle_health_alerts
from integration_health.domain.status import is_stale
from integration_health.enums import HealthStatus, Source
from integration_health.models import (
    Integration,
    IntegrationHealth,
    StatusTransition,
)
from integration_health.reports.reasons import reason_of, stale_reason
from qa_observability.kept_words import in_the_house_language


@in_the_house_language
def note_new_snapshots(
    integration: Integration,
    before: IntegrationHealth | None,
    newer: Sequence[IntegrationHealth],
    now: datetime,
) -> None:
    """Write the changes that snapshots newer than ``before`` bring, oldest first.

    Where data went stale between two of them, that is written too. Alerts are settled by
    the last one. The caller holds the lock on the integration.
    """
    status = _last_status(integration)
    changes = []
    for snapshot in newer:
        if status and before and _stale_at(integration, before, snapshot.last_checked):
            changes.append(_went_stale(integration, before, status, now))
            status = None
        if snapshot.status != status:
            changes.append(
                StatusTransition(
                    integration=integration,
                    at=snapshot.last_checked,
                    from_status=status,
                    to_status=snapshot.status,
                    reason=reason_of(snapshot, integration),
                    sample=snapshot.source == Source.SAMPLE,
                )
            )
            status = snapshot.status
        before = snapshot
    StatusTransition.objects.bulk_create(changes)
    if before is not None and not _stale_at(integration, before, now):
        _settle_alerts(integration, before, now)


@in_the_house_language
def note_staleness(integration: Integration, now: datetime) -> bool:
    """Write that a channel's data went stale, if it did and nobody wrote it yet.

    The moment is when it became so, not when it was noticed. Idempotent.
    """
    newest = integration.snapshots.order_by("-last_checked").first()
    if newest is None or not _stale_at(integration, newest, now):
        return False
    status = _last_status(integration)
    if status is None:
        return False
    change = _went_stale(integration, newest, status, now)
    change.save()
    settle_health_alerts(
        integration, None, change.reason, now=now, sample=change.sample
    )
    return True


@in_the_house_language
def note_correction(integration: Integration, now: datetime) -> bool:
    """Write that snapshots edited or taken back leave another status than the last noted.

    The caller holds the lock on the integration. Idempotent.
    """
    newest = integration.snapshots.order_by("-last_checked").first()
    current = newest if newest and not _stale_at(integration, newest, now) else None
    status = current.status if current else None
    noted = _last_status(integration)
    if status == noted:
        return False
    StatusTransition.objects.create(
        integration=integration,
        at=now,
        from_status=noted,
        to_status=status,
        reason=_("Corrected: %(reason)s")
        % {"reason": reason_of(current, integration) if current else _("no data")},
    )
    if current:
        _settle_alerts(integration, current, now)
    return True


def _last_status(integration: Integration) -> str | None:
    return (
        integration.transitions.order_by("-created_at", "-at")
        .values_list("to_status", flat=True)
        .first()
    )


def _stale_at(
    integration: Integration, snapshot: IntegrationHealth, moment: datetime
) -> bool:
    return is_stale(snapshot.last_checked, integration.expected_interval, moment)


def _went_stale(
    integration: Integration, last: IntegrationHealth, status: str, now: datetime
) -> StatusTransition:
    return StatusTransition(
        integration=integration,
        at=last.last_checked + integration.hold,
        from_status=status,
        to_status=None,
        reason=stale_reason(last.last_checked, integration.expected_interval, now),
        sample=last.source == Source.SAMPLE,
    )


def _settle_alerts(
    integration: Integration, snapshot: IntegrationHealth, now: datetime
) -> None:
    if snapshot.status:
        settle_health_alerts(
            integration,
            HealthStatus(snapshot.status),
            reason_of(snapshot, integration),
            now=now,
            sample=snapshot.source == Source.SAMPLE,
        )
