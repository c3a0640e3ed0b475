"""Which bursts of severe events are incidents, and which known one is each?

The hot-burst rule (DESIGN section 4). An event of severity high or above is *hot* when
some 5-minute interval around it holds at least k occurrences of such events of its
integration; hot events at most 15 minutes apart form one incident. k adapts to the
channel's own noise: the smallest number, at least 3, that a Poisson process of the
channel's usual rate reaches with probability 1e-4 or less. The rate is the mean
5-minute count over 28 days, each count capped at the 80th percentile, so that bursts do
not raise the bar they are measured by.

Moments are int64 microseconds since the epoch, UTC; arrays are numpy's, so that a quarter
of events is judged in milliseconds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Moments = NDArray[np.int64]
Counts = NDArray[np.int64]

SECOND = 1_000_000
BURST = 300 * SECOND
GAP = 900 * SECOND
DAY = 86_400 * SECOND
HISTORY_DAYS = 28
COUNTS_PER_DAY = DAY // BURST
SMALLEST_BURST = 3
RARE = 1e-4
CAP_PERCENTILE = 80


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last moment of an episode, both included; microseconds, UTC."""

    start: int
    end: int

    def overlap(self, other: "Span") -> int:
        """Return the shared time; 0 when they only touch, negative when apart."""
        return min(self.end, other.end) - max(self.start, other.start)


def usual_rate(counts: Counts) -> float:
    """Return the mean 5-minute count, each count capped at the 80th percentile of all.

    ``counts`` holds one number per 5-minute interval of the history, zeros included;
    the percentile is interpolated linearly. No history gives 0.
    """
    if counts.size == 0:
        return 0.0
    cap = np.percentile(counts, CAP_PERCENTILE)
    return float(np.minimum(counts, cap).mean())


def burst_size(rate: float) -> int:
    """Return k: the smallest number >= 3 with P(Poisson(rate) >= k) <= 1e-4.

    Raises: ``ValueError`` for a negative or infinite rate.
    """
    if not 0 <= rate < math.inf:
        raise ValueError("a rate is a finite number, zero or above")
    size = max(SMALLEST_BURST, math.floor(rate) + 1)
    while _poisson_tail(size, rate) > RARE:
        size += 1
    return size


def _poisson_tail(size: int, rate: float) -> float:
    """Return P(Poisson(rate) >= size) for ``size`` above ``rate``.

    Summed from its largest term down, so nothing cancels and nothing overflows.
    """
    if rate == 0:
        return 0.0
    term = math.exp(size * math.log(rate) - rate - math.lgamma(size + 1))
    total, step = 0.0, size
    while term > total * 1e-17:
        total += term
        step += 1
        term *= rate / step
    return total


def hot(moments: Moments, occurrences: Counts, sizes: Counts) -> NDArray[np.bool_]:
    """Tell for each event whether some 5-minute interval around it holds a burst.

    ``moments`` ascend; ``sizes`` is each event's k, that of its own day. An interval is
    half-open and may start anywhere: two events exactly 5 minutes apart share none.
    Every best interval can be slid right until it starts at an event, so only those are
    tried.
    """
    before = np.concatenate(([0], np.cumsum(occurrences)))
    ends = np.searchsorted(moments, moments + BURST, side="left")
    held = before[ends] - before[:-1]
    first = np.searchsorted(moments, moments - BURST, side="right")
    last = np.searchsorted(moments, moments, side="right")
    found = np.zeros(moments.size, dtype=np.bool_)
    for size in np.unique(sizes):
        bursts = np.concatenate(([0], np.cumsum(held >= size)))
        found |= (sizes == size) & (bursts[last] > bursts[first])
    return found


def episodes(hot_moments: Moments) -> list[Span]:
    """Return the incidents of ascending hot moments: gaps of 15 minutes at most."""
    if hot_moments.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(hot_moments) > GAP)
    starts = hot_moments[np.concatenate(([0], breaks + 1))]
    ends = hot_moments[np.concatenate((breaks, [hot_moments.size - 1]))]
    return [
        Span(start, end)
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def same_incidents(known: Sequence[Span], found: Sequence[Span]) -> dict[int, int]:
    """Return which known incident each found one is.

    Maps the index in ``found`` to the index in ``known``. Greatest overlap first, then
    the earlier; each is used once. Spans that share no moment are never the same.
    """
    pairs = sorted(
        (-overlap, new.start, old.start, new_index, old_index)
        for new_index, new in enumerate(found)
        for old_index, old in enumerate(known)
        if (overlap := new.overlap(old)) >= 0
    )
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for *_, new_index, old_index in pairs:
        if new_index not in matched and old_index not in taken:
            matched[new_index] = old_index
            taken.add(old_index)
    return matched
