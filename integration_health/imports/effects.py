"""What follows from a committed import? Events, snapshots, days of health, incidents."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from integration_health.enums import BatchKind
from integration_health.imports.extent import Extent
from integration_health.imports.facts import aggregate_events, log_events, snapshots
from integration_health.imports.summary import Notice
from integration_health.incidents import recompute
from integration_health.ingest.events import ingest_events
from integration_health.ingest.snapshots import SnapshotInput, record_snapshots
from integration_health.models import ImportBatch, Integration, IntegrationHealth
from integration_health.refresh.health_days import rebuild_health_days
from qa_observability.lib.periods import Window, utc_day

LONGEST_FOR_INCIDENTS = timedelta(minutes=10)


def add_effects(batch: ImportBatch, extent: Extent, now: datetime) -> Iterator[Notice]:
    """Store what the staged rows say about each integration; yield what to tell.

    Runs in the caller's transaction; the batch is stored and committed.
    """
    integrations = {each.slug: each for each in Integration.objects.in_order()}
    accepted = add_events(batch, extent, integrations, now)
    yield from _coarse(extent, accepted)
    checks = checks_of(batch, extent, integrations)
    fresh = add_snapshots(batch, checks, now)
    yield from _kept_instead(len(checks) - len(fresh))
    refreshed = {each.integration_id for each in fresh}
    refresh_around(
        extent.window, integrations, now, days_of=refreshed ^ integrations.keys()
    )


def add_events(
    batch: ImportBatch,
    extent: Extent,
    integrations: Mapping[str, Integration],
    now: datetime,
) -> int:
    """Store the events that the staged rows of the channels come to; return how many."""
    events = (
        log_events(integrations)
        if extent.kind == BatchKind.RAW_EVENTS
        else aggregate_events(extent, integrations)
    )
    return ingest_events(events, **_provenance(batch, now)).accepted


def checks_of(
    batch: ImportBatch, extent: Extent, integrations: Mapping[str, Integration]
) -> list[SnapshotInput]:
    """Return what the staged rows measured; nothing where only failures were exported."""
    if extent.kind == BatchKind.RAW_EVENTS and not batch.complete:
        return []
    return list(snapshots(extent, integrations))


def add_snapshots(
    batch: ImportBatch, checks: list[SnapshotInput], now: datetime
) -> list[SnapshotInput]:
    """Record checks where no other snapshot stands; return those."""
    fresh = _not_recorded(checks)
    record_snapshots(fresh, **_provenance(batch, now))
    return fresh


def refresh_around(
    window: Window | None,
    integrations: Mapping[str, Integration],
    now: datetime,
    *,
    days_of: Collection[str],
) -> None:
    """Write days of health and incidents again where an import came or went.

    An import covers its window for every channel, also for those without traffic in it.
    ``days_of`` are the channels whose days were not written by their new snapshots.
    """
    if window is None:
        return
    held = max((each.hold for each in integrations.values()), default=timedelta())
    rebuild_health_days(days_of, window.first_day, utc_day(window.end + held))
    recompute(integrations, window.first_day, utc_day(window.end), now)


def _provenance(batch: ImportBatch, now: datetime) -> dict[str, Any]:
    return {
        "source": batch.source,
        "actor": batch.actor,
        "now": now,
        "batch_id": batch.pk,
    }


def _not_recorded(checks: list[SnapshotInput]) -> list[SnapshotInput]:
    """Leave out checks of moments at which another snapshot stands."""
    moments = {each.window_end for each in checks if each.window_end}
    standing = set(
        IntegrationHealth.objects.filter(last_checked__in=moments).values_list(
            "integration_id", "last_checked"
        )
    )
    return [
        each
        for each in checks
        if (each.integration_id, each.window_end) not in standing
    ]


def _coarse(extent: Extent, events: int) -> Iterator[Notice]:
    if extent.kind != BatchKind.ENDPOINT_STATS or not events or extent.window is None:
        return
    length = extent.span or extent.window.duration
    if length > LONGEST_FOR_INCIDENTS:
        yield Notice(
            "too_coarse",
            _(
                "These counts cover %(minutes)d minutes each, too coarse to tell when "
                "something failed: they give rates and money, but no incidents and no "
                "correlation. Export with | bin _time span=5m | stats ... by _time "
                "endpoint"
            )
            % {"minutes": length // timedelta(minutes=1)},
        )


def _kept_instead(skipped: int) -> Iterator[Notice]:
    if skipped:
        yield Notice(
            "snapshot_exists",
            _(
                "%(count)s snapshots were not written: another check of the same "
                "channel and moment stands."
            )
            % {"count": skipped},
        )
