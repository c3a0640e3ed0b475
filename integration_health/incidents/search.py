"""Where are incidents? Looked for again wherever severe events changed.

A change of events can only change what is hot within five minutes of its day, and on days
whose k it moves. Around those, incidents are formed anew and matched with the known ones,
so that each keeps its id while late data moves its edges. Searching twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection, transaction
from django.db.models import Sum

from integration_health.domain.incidents import (
    DAY,
    HISTORY_DAYS,
    Counts,
    Moments,
    Span,
    episodes,
    hot,
    same_incidents,
)
from integration_health.enums import Source
from integration_health.incidents.bursts import burst_sizes, refresh_bursts
from integration_health.incidents.writing import Found, Writing, resolve_quiet
from integration_health.models import BurstDay, EventDay, Incident
from integration_health.models.events import HOT
from integration_health.storage.burst_events import (
    SevereEvents,
    severe_events,
    to_microseconds,
)
from qa_observability.lib.periods import ONE_DAY, Window, start_of_day

BURST = timedelta(minutes=5)
GAP = timedelta(minutes=15)
MOST_AT_ONCE = 100_000  # severe events, which are searched within a second or two
_SEARCHING = 5203  # class of the advisory lock: one search per integration at a time
_MICROSECOND = timedelta(microseconds=1)


def sweep(now: datetime) -> dict[str, int]:
    """Look for incidents on every day whose severe events changed since the last search.

    Then close what has been quiet for a week. Returns what was done, for the log.
    """
    touched: dict[str, set[date]] = defaultdict(set)
    for slug, day in BurstDay.objects.unjudged().values_list("integration_id", "day"):
        touched[slug].add(day)
    counts = {"integrations": len(touched), "days": sum(map(len, touched.values()))}
    found = Writing(now)
    for slug, days in sorted(touched.items()):
        _search(slug, days, found)
    return counts | found.counts | {"resolved": resolve_quiet(now)}


def recompute(
    integration_ids: Iterable[str], first_day: date, last_day: date, now: datetime
) -> dict[str, int]:
    """Look for incidents on given days, both included, whether they changed or not.

    For callers whose people wait for the answer. Returns what was done.
    """
    days = {first_day + n * ONE_DAY for n in range((last_day - first_day).days + 1)}
    found = Writing(now)
    for slug in sorted(set(integration_ids)):
        _search(slug, days, found)
    return found.counts


def recompute_at_once(touched: Iterable[tuple[str, date]], now: datetime) -> None:
    """Look for incidents on days of integrations while a person waits, where that is short.

    Severe events of a day bear on the 27 days after it. Where those have more than
    ``MOST_AT_ONCE`` together, the next sweep looks, which the triggers have told of it.
    """
    for slug, day in sorted(set(touched)):
        severe = EventDay.objects.filter(
            integration=slug,
            day__gte=day,
            day__lt=day + HISTORY_DAYS * ONE_DAY,
            severity__in=HOT,
        )
        if (severe.aggregate(total=Sum("rows"))["total"] or 0) <= MOST_AT_ONCE:
            recompute([slug], day, day, now)


def _search(slug: str, days: Collection[date], writing: Writing) -> None:
    with transaction.atomic():
        _lock(slug)
        seen = dict(
            BurstDay.objects.filter(integration_id=slug, day__in=days).values_list(
                "day", "revision"
            )
        )
        changed = refresh_bursts(slug, days)
        for region in _regions(slug, {*days, *changed}):
            _search_region(slug, region, writing)
        for day, revision in seen.items():
            # Writers that came meanwhile raised the revision: the day stays unjudged.
            BurstDay.objects.filter(integration_id=slug, day=day).update(
                judged=revision
            )


def _lock(slug: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_SEARCHING, slug]
        )


def _regions(slug: str, days: Collection[date]) -> list[Window]:
    """Return the stretches to search: the days, what borders on them, never overlapping.

    Widened to the whole of every known incident within a gap's reach, because its edges
    may move. Outside, nothing that is hot can have changed.
    """
    stretches = _merged(
        Window(start_of_day(day) - BURST, start_of_day(day + ONE_DAY) + BURST)
        for day in days
    )
    for stretch in list(stretches):
        near = Window(stretch.start - GAP, stretch.end + GAP)
        spans = Incident.objects.filter(integration_id=slug).touching(near)
        stretches += [
            Window(start, end + _MICROSECOND)
            for start, end in spans.values_list("started_at", "ended_at")
        ]
    return _merged(stretches)


def _merged(stretches: Iterable[Window]) -> list[Window]:
    merged: list[Window] = []
    for stretch in sorted(stretches, key=lambda each: each.start):
        if merged and stretch.start <= merged[-1].end + GAP:
            end = max(merged[-1].end, stretch.end)
            merged[-1] = Window(merged[-1].start, end)
        else:
            merged.append(stretch)
    return merged


def _search_region(slug: str, region: Window, writing: Writing) -> None:
    around = Window(region.start - BURST, region.end + BURST)
    events = severe_events(slug, around)
    sizes = burst_sizes(slug, around)
    bursting = hot(events.moments, events.occurrences, _size_of_each(events, sizes))
    alone = events.critical & (events.sources == Source.MANUAL.value)
    inside = (events.moments >= to_microseconds(region.start)) & (
        events.moments < to_microseconds(region.end)
    )
    counted = events.where((bursting | alone) & inside)
    spans = episodes(counted.moments)
    bursts = events.moments[bursting & inside]
    found = [
        Found.of(span, counted.between(span.start, span.end), _bursts_in(bursts, span))
        for span in spans
    ]
    known = list(Incident.objects.filter(integration_id=slug).touching(region))
    matched = same_incidents([_span(each) for each in known], spans)
    writing.write(slug, found, known, matched)


def _size_of_each(events: SevereEvents, sizes: dict[date, int]) -> Counts:
    """Return each event's k; out of reach on a day that was never judged."""
    days = events.moments // DAY
    size_of = {
        to_microseconds(start_of_day(day)) // DAY: size for day, size in sizes.items()
    }
    found = np.full(days.size, np.iinfo(np.int64).max)
    for day in np.unique(days):
        found[days == day] = size_of.get(int(day), np.iinfo(np.int64).max)
    return found


def _bursts_in(bursts: Moments, span: Span) -> bool:
    first = np.searchsorted(bursts, span.start, side="left")
    return bool(first < bursts.size and bursts[first] <= span.end)


def _span(incident: Incident) -> Span:
    return Span(
        to_microseconds(incident.started_at), to_microseconds(incident.ended_at)
    )
