"""Which events and snapshots does staged traffic come to?"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import groupby

import msgspec

from integration_health.domain.traffic import (
    Traffic,
    TrafficSignals,
    severity_of,
    signals_of,
)
from integration_health.enums import EVENT_TYPE_OF_ASPECT, Aspect
from integration_health.imports.extent import Extent
from integration_health.imports.staging import (
    EVENT_KEY_PREFIX,
    AspectTraffic,
    FailingRoute,
    failing_events,
    failing_routes,
    traffic_by_slot,
)
from integration_health.ingest.events import EventInput
from integration_health.ingest.snapshots import SnapshotInput
from integration_health.models import Integration
from qa_observability.lib.periods import Window

_SEPARATOR = "\x1f"
_SIGNALS = tuple(field.name for field in fields(TrafficSignals))


def aggregate_events(
    extent: Extent, integrations: Mapping[str, Integration]
) -> Iterator[EventInput]:
    """Yield one event per failing route, aspect and bin, or per window without bins.

    Its severity follows from its error rate in the integration's bands.
    """
    if extent.window is None:
        return
    for number, route in enumerate(failing_routes(list(integrations)), start=1):
        band = integrations[route.integration_key].bands.error_rate
        window = _of_bin(route.bin_start, extent.span, extent.window)
        yield EventInput(
            line=number,
            integration_id=route.integration_key,
            event_type=EVENT_TYPE_OF_ASPECT[Aspect(route.aspect)],
            severity=severity_of(Traffic(route.requests, route.errors), band),
            message=_message(route),
            metadata=_metadata(route),
            occurrences=route.errors,
            dedup_key=_key(route, window),
            window_start=window.start,
            window_end=window.end,
        )


def log_events(slugs: Iterable[str]) -> Iterator[EventInput]:
    """Yield one event per failing line of the log."""
    for line, slug, aspect, severity, message, metadata, moment, key in failing_events(
        list(slugs)
    ):
        yield EventInput(
            line=line,
            integration_id=slug,
            event_type=EVENT_TYPE_OF_ASPECT[Aspect(aspect)],
            severity=severity,
            message=message,
            metadata=msgspec.json.decode(metadata),
            occurred_at=moment,
            dedup_key=f"{EVENT_KEY_PREFIX}{key}",
        )


def snapshots(
    extent: Extent, integrations: Mapping[str, Integration]
) -> Iterator[SnapshotInput]:
    """Yield one snapshot per integration and stretch of time, in order of time."""
    if extent.window is None:
        return
    slots = extent.slots
    length = slots.length if slots else None
    rows = traffic_by_slot(list(integrations), slots)
    for (slot, slug), group in groupby(
        rows, lambda row: (row.slot, row.integration_key)
    ):
        window = _of_bin(slot, length, extent.window)
        yield _snapshot(integrations[slug], window, group)


def _snapshot(
    integration: Integration, window: Window, group: Iterable[AspectTraffic]
) -> SnapshotInput:
    by_aspect = {row.aspect: row.traffic for row in group}
    signals = signals_of(by_aspect, integration.bands)
    return SnapshotInput(
        integration_id=integration.slug,
        window_start=window.start,
        window_end=window.end,
        **{name: getattr(signals, name) for name in _SIGNALS},
    )


def _of_bin(start: datetime | None, length: timedelta | None, whole: Window) -> Window:
    """Return the part of the whole window that a bin covers."""
    if start is None or length is None:
        return whole
    return Window(max(start, whole.start), min(start + length, whole.end))


def _message(route: FailingRoute) -> str:
    """Return a text that equal failures share once its digits are masked."""
    return (
        f"{route.route}: {route.errors} of {route.requests} requests failed"
        f" (4xx {route.client_errors}, 5xx {route.server_errors})"
    )


def _metadata(route: FailingRoute) -> dict[str, object]:
    return {
        "route": route.route,
        "aspect": route.aspect,
        "requests": route.requests,
        "errors": route.errors,
        "clientErrors": route.client_errors,
        "serverErrors": route.server_errors,
    }


def _key(route: FailingRoute, window: Window) -> str:
    parts = (
        route.route,
        route.aspect,
        route.channel_hint,
        window.start.isoformat(),
        window.end.isoformat(),
    )
    digest = hashlib.blake2b(_SEPARATOR.join(parts).encode(), digest_size=16)
    return f"{EVENT_KEY_PREFIX}{digest.hexdigest()}"
