"""What did a rate look like between two snapshots? A step function of time.

A snapshot's value holds from its moment until the next snapshot with the same signal, at
most for the hold (twice the expected interval). A snapshot taken over a window, as an
import's is, also speaks for that window, and there outweighs whatever was held before.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from qa_observability.lib.periods import Window

Value = TypeVar("Value")
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """One signal of one snapshot; ``since`` starts the window it was taken over."""

    checked_at: datetime
    value: Value
    since: datetime | None = None

    @property
    def start(self) -> datetime:
        return self.checked_at if self.since is None else self.since


@dataclass(frozen=True, slots=True)
class Step(Generic[Value]):
    """A value and the half-open window in which it held."""

    window: Window
    value: Value


def steps(
    readings: Iterable[Reading[Value]],
    hold: timedelta,
    *,
    since: datetime | None = None,
) -> list[Step[Value]]:
    """Return what held when, oldest first, never two at once; gaps are left out.

    ``hold`` is how long a reading is good for after its moment. Order of the readings
    does not matter; of two that speak for one moment the later checked wins. Steps that
    ended before ``since`` may be left out, which spares the work for a long history.
    """
    found: list[Step[Value]] = []
    limit: datetime | None = None
    for reading in sorted(readings, key=lambda each: each.checked_at, reverse=True):
        if since is not None and limit is not None and limit <= since:
            break  # whatever is older was outweighed by then
        end = reading.checked_at + hold
        if limit is not None:
            end = min(end, limit)
        if end > reading.start:
            found.append(Step(Window(reading.start, end), reading.value))
        limit = reading.start if limit is None else min(limit, reading.start)
    return found[::-1]


def within(held: Sequence[Step[Value]], window: Window) -> list[Step[Value]]:
    """Return the steps cut to the window; those outside are left out.

    The steps are in order and apart, as :func:`steps` gives them, so that a day is found
    among a quarter's without a look at every one.
    """
    first = bisect_right(held, window.start, key=lambda step: step.window.end)
    past = bisect_left(held, window.end, key=lambda step: step.window.start)
    return [
        Step(part, step.value)
        for step in held[first:past]
        if (part := _shared(step.window, window)) is not None
    ]


def without(held: Iterable[Step[Value]], spans: Sequence[Window]) -> list[Step[Value]]:
    """Return the steps with every moment inside ``spans`` cut out."""
    remaining = list(held)
    for span in spans:
        remaining = [part for step in remaining for part in _around(step, span)]
    return remaining


def mean(held: Iterable[Step[Decimal]]) -> Decimal | None:
    """Return the time-weighted mean; ``None`` when nothing held."""
    total, weight = Decimal(0), 0
    for step in held:
        microseconds = step.window.duration // _MICROSECOND
        total += step.value * microseconds
        weight += microseconds
    return total / weight if weight else None


def held_for(held: Iterable[Step[Value]]) -> timedelta:
    """Return how long any value held."""
    return sum((step.window.duration for step in held), timedelta())


def merged(spans: Iterable[Window]) -> list[Window]:
    """Return the same moments as windows apart from each other, in order."""
    found: list[Window] = []
    for span in sorted(spans, key=lambda each: each.start):
        if found and span.start <= found[-1].end:
            if span.end > found[-1].end:
                found[-1] = Window(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def covered(spans: Iterable[Window], window: Window) -> timedelta:
    """Return how much of the window lies under at least one of the spans."""
    total, reached = timedelta(), window.start
    for span in sorted(spans, key=lambda each: each.start):
        start, end = max(span.start, reached), min(span.end, window.end)
        if end > start:
            total += end - start
            reached = end
    return total


def _shared(one: Window, other: Window) -> Window | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Window(start, end) if end > start else None


def _around(step: Step[Value], span: Window) -> list[Step[Value]]:
    if _shared(step.window, span) is None:
        return [step]
    parts = []
    if step.window.start < span.start:
        parts.append(Step(Window(step.window.start, span.start), step.value))
    if span.end < step.window.end:
        parts.append(Step(Window(span.end, step.window.end), step.value))
    return parts
