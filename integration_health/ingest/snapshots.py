"""How is a check of a channel recorded? One verb for people, the API, imports, pollers."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from integration_health.enums import StatusSource
from integration_health.ingest.snapshot_rows import (
    ASPECT_RATES,
    SIGNALS,
    SnapshotInput,
    checked_at,
    refuse_wrong,
    snapshot_of,
)
from integration_health.models import Integration, IntegrationHealth
from integration_health.refresh.health_days import rebuild_health_days
from integration_health.refresh.statuses import note_new_snapshots
from integration_health.storage.copied_rows import copy_rows
from qa_observability.lib.errors import Conflict, FieldError
from qa_observability.lib.periods import utc_day

__all__ = ["SnapshotInput", "record_snapshot", "record_snapshots"]


def record_snapshot(
    given: SnapshotInput,
    *,
    source: str,
    actor: str,
    now: datetime,
    batch_id: UUID | None = None,
) -> tuple[IntegrationHealth, bool]:
    """Record one check; return its snapshot and whether it is new.

    The identical check again is not new. Days of health, status changes and alerts
    follow in the same transaction.
    Raises: ``InvalidField`` naming each wrong field; ``Conflict`` when a different check
        of the same moment is there.
    """
    [result] = record_snapshots(
        [given], source=source, actor=actor, now=now, batch_id=batch_id
    )
    return result


def record_snapshots(
    given: Sequence[SnapshotInput],
    *,
    source: str,
    actor: str,
    now: datetime,
    batch_id: UUID | None = None,
) -> list[tuple[IntegrationHealth, bool]]:
    """Record checks in one transaction, all or none; as :func:`record_snapshot`, in order.

    Queries grow with the number of integrations, not of checks.
    """
    with transaction.atomic():
        integrations = _locked(given)
        by_slug: dict[str, list[IntegrationHealth]] = defaultdict(list)
        for each in given:
            refuse_wrong(each, integrations, now)
            snapshot = snapshot_of(each, integrations[each.integration_id], now)
            snapshot.source, snapshot.actor = source, actor
            snapshot.batch_id = batch_id
            by_slug[each.integration_id].append(snapshot)
        stored = {
            slug: _store(integrations[slug], snapshots, now)
            for slug, snapshots in sorted(by_slug.items())
        }
    return [stored[each.integration_id][checked_at(each, now)] for each in given]


def _locked(given: Sequence[SnapshotInput]) -> dict[str, Integration]:
    """Return every integration by slug, those concerned locked, in one order."""
    concerned = {each.integration_id for each in given}
    locked = (
        Integration.objects.filter(slug__in=concerned)
        .order_by("slug")
        .select_for_update(no_key=True)
    )
    found = {each.slug: each for each in locked}
    if concerned <= found.keys():
        return found
    return Integration.objects.in_bulk() | found


def _store(
    integration: Integration, snapshots: list[IntegrationHealth], now: datetime
) -> dict[datetime, tuple[IntegrationHealth, bool]]:
    """Store what is new; return by moment what stands now, and whether it is new."""
    newest = integration.snapshots.order_by("-last_checked").first()
    moments = [each.last_checked for each in snapshots]
    standing = {
        each.last_checked: (each, False)
        for each in integration.snapshots.filter(last_checked__in=moments)
    }
    for snapshot in snapshots:
        same_moment, _is_new = standing.setdefault(
            snapshot.last_checked, (snapshot, True)
        )
        if _content(same_moment) != _content(snapshot):
            raise _conflict(snapshot)
    fresh = [snapshot for snapshot, is_new in standing.values() if is_new]
    if fresh:
        _add(integration, newest, sorted(fresh, key=_moment), now)
    return standing


def _add(
    integration: Integration,
    newest: IntegrationHealth | None,
    fresh: list[IntegrationHealth],
    now: datetime,
) -> None:
    copy_rows(fresh)
    first = min(each.window_start or each.last_checked for each in fresh)
    last = fresh[-1].last_checked + integration.hold
    rebuild_health_days([integration.slug], utc_day(first), utc_day(last))
    newer = [
        each
        for each in fresh
        if newest is None or each.last_checked > newest.last_checked
    ]
    if newer:
        note_new_snapshots(integration, newest, newer, now)


def _content(snapshot: IntegrationHealth) -> tuple[object, ...]:
    typed = snapshot.status if snapshot.status_source == StatusSource.MANUAL else None
    signals = tuple(getattr(snapshot, name) for name in (*SIGNALS, *ASPECT_RATES))
    return (typed, snapshot.window_start, snapshot.window_end, *signals)


def _moment(snapshot: IntegrationHealth) -> datetime:
    return snapshot.last_checked


def _conflict(snapshot: IntegrationHealth) -> Conflict:
    detail = _(
        "A different check of %(slug)s at %(moment)s is recorded already. "
        "Edit that one, or give another moment."
    ) % {
        "slug": snapshot.integration_id,
        "moment": snapshot.last_checked.isoformat(),
    }
    return Conflict(
        detail,
        code="snapshot_exists",
        errors=[FieldError("last_checked", "snapshot_exists", detail)],
    )
