"""Which events happened? Newest first, by day, equal ones in a row as one run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.domain.failures import fingerprint
from integration_health.enums import EventType, Severity, Source
from integration_health.pages.words import event_type_words
from integration_health.reports.events import (
    EventFilters,
    EventItem,
    EventsPage,
)
from qa_observability.web.formats import number
from qa_observability.web.keyset import written_key


@dataclass(frozen=True, slots=True)
class Run:
    """Equal events one after another: the newest stands for all."""

    time_words: str
    severity: str
    type_words: str
    count: int
    message: str
    metadata: tuple[tuple[str, str], ...]
    source_words: str
    in_maintenance: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class EventsBlock:
    """The block of events: its filters, a page of runs by day, where the next starts."""

    type: str
    severity: str
    source: str
    text: str
    types: tuple[Choice, ...]
    severities: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    days: tuple[tuple[date, tuple[Run, ...]], ...]
    total_words: str
    filter_words: str
    newest: str
    older: str


def events_block(
    page: EventsPage, filters: EventFilters, query: Mapping[str, str], *, first: bool
) -> EventsBlock:
    """Return a page of events as shown; ``query`` is the address it was asked by.

    ``first`` tells whether this is the newest page. Days are those of the reader's zone,
    as the times beside them.
    """
    kept = {
        name: value for name, value in query.items() if name != "page_key" and value
    }
    older = urlencode(kept | {"page_key": written_key(page.next_key)})
    return EventsBlock(
        type=filters.event_type,
        severity=filters.severity,
        source=filters.source,
        text=filters.text,
        types=_types(filters.event_type),
        severities=tuple(Choice(s.value, str(s.label)) for s in Severity),
        sources=tuple(Choice(s.value, str(s.label)) for s in Source),
        days=tuple(_days(page.events)),
        total_words=_total(page.approximate_total),
        filter_words=_filter_words(filters),
        newest="" if first else f"?{urlencode(kept)}",
        older=f"?{older}" if page.next_key else "",
    )


def _types(chosen: str) -> tuple[Choice, ...]:
    known = [*EventType.values, *({chosen} - {*EventType.values, ""})]
    return tuple(Choice(name, event_type_words(name)) for name in known)


def _days(events: Sequence[EventItem]) -> Iterator[tuple[date, tuple[Run, ...]]]:
    zone = timezone.get_current_timezone()
    by_day = groupby(
        events, key=lambda event: event.occurred_at.astimezone(zone).date()
    )
    for day, of_day in by_day:
        same = groupby(of_day, key=_likeness)
        yield day, tuple(_run(list(run), zone) for _key, run in same)


def _likeness(event: EventItem) -> tuple[object, ...]:
    print_of = fingerprint(
        event.integration_id, event.event_type, event.severity, event.message
    )
    return print_of, event.source, event.in_maintenance


def _run(events: list[EventItem], zone: tzinfo) -> Run:
    newest, oldest = events[0], events[-1]
    return Run(
        time_words=_times(newest, oldest, zone),
        severity=newest.severity,
        type_words=event_type_words(newest.event_type),
        count=sum(event.occurrences for event in events),
        message=newest.message,
        metadata=_pairs(newest.metadata),
        source_words=str(newest.source.label),
        in_maintenance=newest.in_maintenance,
    )


def _times(newest: EventItem, oldest: EventItem, zone: tzinfo) -> str:
    start = (oldest.window_start or oldest.occurred_at).astimezone(zone)
    end = newest.occurred_at.astimezone(zone)
    if (start.date(), f"{start:%H:%M}") == (end.date(), f"{end:%H:%M}"):
        return f"{end:%H:%M}"
    if start.date() != end.date():
        return _("until %(time)s") % {"time": f"{end:%H:%M}"}
    return f"{start:%H:%M}–{end:%H:%M}"


def _pairs(metadata: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in metadata.items())


def _total(total: int | None) -> str:
    if total is None:
        return ""
    return ngettext(
        "About %(total)s event in this period",
        "About %(total)s events in this period",
        total,
    ) % {"total": number(total)}


def filter_facts(filters: EventFilters) -> tuple[tuple[str, str], ...]:
    """Return each filter's name and value in words; an empty value is no filter."""
    return (
        (_("type"), filters.event_type and event_type_words(filters.event_type)),
        (_("severity"), filters.severity and str(Severity(filters.severity).label)),
        (_("source"), filters.source and str(Source(filters.source).label)),
        (_("text"), filters.text),
    )


def _filter_words(filters: EventFilters) -> str:
    given = ", ".join(
        f"{name} {value}" for name, value in filter_facts(filters) if value
    )
    return _("No events match: %(filters)s.") % {"filters": given} if given else ""
