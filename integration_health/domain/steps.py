"""What did a rate look like between two snapshots? A step function of time.

A snapshot's value holds from its moment until the next snapshot of the same signal, at
most for the hold (twice the expected interval). A snapshot taken over a window, as an
import's is, also speaks for that window, and there outweighs whatever was held before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from qa_observability.lib.periods import Window


@dataclass(frozen=True, slots=True)
class Reading:
    """One signal of one snapshot; ``since`` starts the window it was taken over."""

    checked_at: datetime
    value: Decimal
    since: datetime | None = None

    @property
    def start(self) -> datetime:
        return self.checked_at if self.since is None else self.since


@dataclass(frozen=True, slots=True)
class Step:
    """A value that held from ``start`` up to, not including, ``end``."""

    start: datetime
    end: datetime
    value: Decimal


def steps(readings: Iterable[Reading], hold: timedelta) -> list[Step]:
    """Return what held when, oldest first, never two at once; gaps are left out.

    ``hold`` is how long a reading is good for after its moment. Order of the readings
    does not matter; of two that speak for one moment the later checked wins.
    """
    newest_first = sorted(
        readings, key=lambda reading: reading.checked_at, reverse=True
    )
    found: list[Step] = []
    limit: datetime | None = None
    for reading in newest_first:
        end = reading.checked_at + hold
        if limit is not None:
            end = min(end, limit)
        if end > reading.start:
            found.append(Step(reading.start, end, reading.value))
        limit = reading.start if limit is None else min(limit, reading.start)
    return found[::-1]


def mean_over(held: Sequence[Step], window: Window) -> Decimal | None:
    """Return the time-weighted mean inside the window; ``None`` if nothing held."""
    total, weight = Decimal(0), 0
    for step in held:
        microseconds = _overlap(step, window) // timedelta(microseconds=1)
        total += step.value * microseconds
        weight += microseconds
    return total / weight if weight else None


def covered(spans: Iterable[Window], window: Window) -> timedelta:
    """Return how much of the window lies under at least one span."""
    total, reached = timedelta(), window.start
    for span in sorted(spans, key=lambda span: span.start):
        start, end = max(span.start, reached), min(span.end, window.end)
        if end > start:
            total += end - start
            reached = end
    return total


def _overlap(step: Step, window: Window) -> timedelta:
    start, end = max(step.start, window.start), min(step.end, window.end)
    return max(end - start, timedelta())
