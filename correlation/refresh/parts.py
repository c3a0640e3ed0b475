"""Which days of which channels must be counted, and what do they all add up to?"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from django.db import transaction

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Index
from correlation.domain.chance import Calendar
from correlation.domain.counts import Counts, evidence_of
from correlation.domain.days import (
    Marker,
    Marks,
    fingerprints,
    tally_of,
)
from correlation.domain.observation import Observation
from correlation.models import TestSource
from correlation.storage.evidence import Evidence, read_channels
from correlation.storage.evidence_days import (
    ALL_ALARMS,
    CountedPart,
    Part,
    Stamp,
    alarm_revisions,
    free_parts,
    read_alarms,
    stored_marks,
    stored_stamps,
    write_parts,
)

DAYS_AT_ONCE = 92  # whose alarms are in memory together
CHANNELS_AT_ONCE = 10  # whose marks are


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What is watched with one window, and the parts that must be known to judge it."""

    window_seconds: int
    observation: Observation
    parts: Mapping[Part, Stamp]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What was known of the channels, the layout of each window, and what is stale.

    A part is stale when it was never counted, or its day's alarms or what was watched
    on it have changed since. ``stale`` ascends by day.
    """

    channels: Evidence
    layouts: tuple[Layout, ...]
    stale: tuple[Part, ...]


class Sum(NamedTuple):
    """The numbers of a window's tests, how many alarms count, and a row per test."""

    numbers: Index
    alarms: int
    counts: Counts


def plan_refresh(until: datetime) -> Plan:
    """Return what a refresh as of ``until`` has to count. Eight queries."""
    revisions = alarm_revisions()
    channels = read_channels(until)
    layouts = tuple(
        _layout(channels, window, sources, revisions)
        for window, sources in _sources_by_window().items()
    )
    known = stored_stamps()
    stale = [
        part
        for layout in layouts
        for part, stamp in layout.parts.items()
        if known.get(part) != stamp
    ]
    return Plan(channels, layouts, tuple(sorted(stale, key=lambda part: part.day)))


def count_parts(plan: Plan, parts: Collection[Part]) -> None:
    """Count parts of a plan and store them; again changes nothing."""
    days = sorted({part.day for part in parts})
    for first in range(0, len(days), DAYS_AT_ONCE):
        some = set(days[first : first + DAYS_AT_ONCE])
        wanted = {part for part in parts if part.day in some}
        alarms = read_alarms(some)
        for layout in plan.layouts:
            own = wanted & layout.parts.keys()
            every = alarms.get(layout.window_seconds, Alarms.none())
            write_parts(own, _counted(plan.channels.integrations, layout, every, own))


def count_free_parts(plan: Plan, parts: Collection[Part]) -> int:
    """Count those of the parts that are stale and in nobody else's hands; return how many.

    Any number of workers may do so at the same time, with the same parts or others.
    """
    with transaction.atomic():
        free = free_parts(set(parts).intersection(plan.stale))
        count_parts(plan, free)
    return len(free)


def added_up(plan: Plan, layout: Layout) -> Sum:
    """Return what the stored parts of a window add up to."""
    observation = layout.observation
    calendar = Calendar(observation.start, observation.end)
    (every,) = stored_marks(layout.window_seconds, [ALL_ALARMS], layout.parts)
    channels = _stored_channels(layout, plan.channels.integrations)
    numbers, tally = tally_of(every, channels, calendar)
    counts = evidence_of(tally, observation, calendar)
    return Sum(numbers, len(tally.alarms.tests), counts)


def _stored_channels(layout: Layout, integrations: Sequence[str]) -> Iterator[Marks]:
    """Yield the marks of each channel, reading some channels at a time."""
    for first in range(0, len(integrations), CHANNELS_AT_ONCE):
        some = integrations[first : first + CHANNELS_AT_ONCE]
        yield from stored_marks(layout.window_seconds, some, layout.parts)


def _sources_by_window() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = TestSource.objects.order_by("window_seconds", "name")
    for name, window in rows.values_list("name", "window_seconds"):
        found.setdefault(window, []).append(name)
    return found


def _layout(
    channels: Evidence,
    window_seconds: int,
    sources: list[str],
    revisions: Mapping[int, int],
) -> Layout:
    observation = channels.observe(window_seconds)
    watched = {ALL_ALARMS: [observation.observed]} | {
        slug: [*zones.hits, zones.failing]
        for slug, zones in zip(channels.integrations, observation.zones, strict=True)
    }
    parts = {
        Part(window_seconds, slug, day): Stamp(revisions.get(day, 0), fingerprint)
        for slug, spans in watched.items()
        for day, fingerprint in fingerprints(spans, sources).items()
    }
    return Layout(window_seconds, observation, parts)


def _counted(
    integrations: tuple[str, ...], layout: Layout, alarms: Alarms, own: Collection[Part]
) -> Iterator[tuple[Part, CountedPart]]:
    """Yield the wanted parts, those of one integration after another's."""
    observation = layout.observation
    marker = Marker(alarms.counting(observation.observed))
    wanted: dict[str, list[Part]] = defaultdict(list)
    for part in own:
        wanted[part.integration_id].append(part)
    of_channels = zip(integrations, observation.zones, strict=True)
    marks = chain(
        [(ALL_ALARMS, marker.of_alarms())],
        (
            (slug, marker.of_channel(zones))
            for slug, zones in of_channels
            if slug in wanted
        ),
    )
    for integration, by_day in marks:
        for part in wanted[integration]:
            yield part, CountedPart(layout.parts[part], by_day.get(part.day, b""))
