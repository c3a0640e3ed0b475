"""What would today's rules make of the last 90 days, and how is that put in force?"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from integration_health.enums import Aspect, BatchState, StatusSource
from integration_health.imports.batches import one_at_a_time
from integration_health.imports.effects import (
    add_events,
    add_snapshots,
    checks_of,
    refresh_around,
)
from integration_health.imports.extent import extent_of
from integration_health.imports.intake import NO_PATH
from integration_health.imports.kept import restage
from integration_health.ingest.snapshot_rows import (
    SnapshotInput,
    checked_at,
    snapshot_of,
)
from integration_health.models import (
    EndpointStat,
    EndpointTraffic,
    ImportBatch,
    Integration,
    IntegrationEvent,
    IntegrationHealth,
)
from integration_health.models.events import KEPT
from integration_health.refresh.statuses import note_correction
from integration_health.rules import StoredRules
from integration_health.storage.copied_rows import copy_rows
from qa_observability import audit
from qa_observability.lib.periods import ONE_DAY, start_of_day, utc_day

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PendingMoves:
    """How many counts by route, in how many imports, today's rules would map elsewhere."""

    routes: int
    imports: int


def imports_in_reach(now: datetime) -> QuerySet[ImportBatch]:
    """Return the committed imports of the last 90 days whose rows were kept."""
    kept = EndpointTraffic.objects.filter(endpoint__batch=OuterRef("pk"))
    return ImportBatch.objects.filter(
        Exists(kept), state=BatchState.COMMITTED, created_at__gte=now - KEPT
    )


def pending_moves(now: datetime) -> PendingMoves:
    """Return what a re-map would move. Reads each kept count by route once."""
    rules = StoredRules()
    moved = [
        stat.batch_id
        for stat in _counts(imports_in_reach(now)).iterator()
        if _is_moved(stat, rules)
    ]
    return PendingMoves(len(moved), len(set(moved)))


def remap_imports(*, by: audit.Actor, now: datetime, told: Told) -> dict[str, int]:
    """Map the imports of the last 90 days by today's rules; return what was done.

    Import by import, each in a transaction of its own, so that a run that was cut goes on
    where it ended. ``told`` hears how many of how many are done. Idempotent.
    """
    rules = StoredRules()
    batches = list(
        imports_in_reach(now).order_by("created_at", "id").values_list("pk", flat=True)
    )
    counts = {"imports": len(batches), "changed": 0, "routes": 0}
    for done, batch_id in enumerate(batches):
        told(done, len(batches))
        moved = remap_import(batch_id, rules, by=by, now=now)
        counts["changed"] += moved > 0
        counts["routes"] += moved
    told(len(batches), len(batches))
    return counts


def remap_import(
    batch_id: UUID, rules: StoredRules, *, by: audit.Actor, now: datetime
) -> int:
    """Map one import's routes anew; return how many counts by route moved.

    Of the channels that lost or gained any, the import's events and checks are made
    again from its kept rows, and rollups, days of health, status and incidents follow.
    Checks with a typed status stay; other corrections by hand to what the import brought
    these channels are replaced. Days of which events no longer are kept stay as they are.
    An import undone meanwhile moves nothing.
    """
    with transaction.atomic():
        one_at_a_time()
        batch = (
            ImportBatch.objects.select_for_update()
            .filter(pk=batch_id, state=BatchState.COMMITTED)
            .first()
        )
        if batch is None:
            return 0
        moved = list(_moved(batch, rules))
        if not moved:
            return 0
        keys = {key for _stat, key in moved} | {
            stat.integration_key for stat, _key in moved
        }
        EndpointStat.objects.bulk_update(
            [stat for stat, _key in moved], ["integration_key", "aspect"]
        )
        integrations = {
            each.slug: each
            for each in Integration.objects.filter(slug__in=keys)
            .order_by("slug")
            .select_for_update(no_key=True)
        }
        if integrations:
            _rebuild(batch, integrations, now)
        audit.record(
            by,
            "import.remapped",
            batch,
            after={"routes": len(moved), "integrations": sorted(integrations)},
        )
    return len(moved)


def _counts(batches: QuerySet[ImportBatch]) -> QuerySet[EndpointStat]:
    """Return the counts whose route the rules decide; log lines without one stay."""
    return EndpointStat.objects.filter(batch__in=batches).exclude(route=NO_PATH)


def _is_moved(stat: EndpointStat, rules: StoredRules) -> bool:
    mapped = rules.resolve(stat.route, stat.channel_hint)
    return (mapped.integration_key, mapped.aspect) != (
        stat.integration_key,
        stat.aspect,
    )


def _moved(
    batch: ImportBatch, rules: StoredRules
) -> Iterator[tuple[EndpointStat, str]]:
    """Yield the counts that move, mapped anew, with the key they had."""
    for stat in _counts(ImportBatch.objects.filter(pk=batch.pk)):
        if _is_moved(stat, rules):
            before = stat.integration_key
            mapped = rules.resolve(stat.route, stat.channel_hint)
            stat.integration_key = mapped.integration_key
            stat.aspect = Aspect(mapped.aspect)
            yield stat, before


def _rebuild(
    batch: ImportBatch, integrations: dict[str, Integration], now: datetime
) -> None:
    extent = extent_of(batch)
    since = start_of_day(utc_day(now - KEPT) + ONE_DAY)
    restage(batch, integrations, since)
    _remove_events(batch, integrations, since)
    add_events(batch, extent, integrations, now)
    _renew_snapshots(
        batch, checks_of(batch, extent, integrations), integrations, since, now
    )
    refresh_around(extent.window, integrations, now, days_of=integrations)
    for integration in integrations.values():
        note_correction(integration, now)


def _remove_events(batch: ImportBatch, slugs: Collection[str], since: datetime) -> None:
    """Remove the batch's events of the channels whose traffic began at ``since`` or later."""
    own = IntegrationEvent.objects.filter(
        batch_id=batch.pk,
        integration__in=slugs,
        occurred_on__gte=utc_day(since),
        occurred_on__lte=utc_day(batch.window_end or since),
    )
    own.filter(window_start__gte=since).delete()
    own.filter(window_start=None).delete()


def _renew_snapshots(
    batch: ImportBatch,
    checks: list[SnapshotInput],
    integrations: dict[str, Integration],
    since: datetime,
    now: datetime,
) -> None:
    """Put new checks in the place of the batch's own; add and remove the others.

    A moment's check keeps its identity, and no change of status is told twice: only
    checks of new moments bring news.
    """
    own = IntegrationHealth.objects.filter(
        batch=batch, integration__in=integrations, window_start__gte=since
    ).exclude(status_source=StatusSource.MANUAL)
    before = {(each.integration_id, each.last_checked): each for each in own}
    own.delete()
    renewed = []
    for check in checks:
        old = before.get((check.integration_id, checked_at(check, now)))
        if old is not None:
            new = snapshot_of(check, integrations[check.integration_id], now)
            new.pk, new.batch_id = old.pk, batch.pk
            new.source, new.actor = old.source, old.actor
            renewed.append(new)
    copy_rows(renewed)
    add_snapshots(batch, checks, now)
