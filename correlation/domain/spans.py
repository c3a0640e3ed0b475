"""At which seconds does something hold? Sets of seconds as disjoint half-open spans."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from correlation.domain.arrays import Index, Seconds

_EARLIEST = np.iinfo(np.int64).min
_LATEST = np.iinfo(np.int64).max
_BOTH = 2


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Seconds from each ``starts`` up to, not including, its ``ends``.

    Both are int64 of one length, ascending, disjoint and not touching; :meth:`covering`
    makes such arrays from any. Units: seconds since the Unix epoch.
    """

    starts: Seconds
    ends: Seconds

    @classmethod
    def covering(cls, starts: Seconds, ends: Seconds) -> Self:
        """Return the union of half-open spans, in any order; empty ones add nothing."""
        real = ends > starts
        starts, ends = starts[real], ends[real]
        order = np.argsort(starts, kind="stable")
        starts, reach = starts[order], np.maximum.accumulate(ends[order])
        opens = np.ones(len(starts), dtype=bool)
        opens[1:] = starts[1:] > reach[:-1]
        closes = np.ones(len(starts), dtype=bool)
        closes[:-1] = opens[1:]
        return cls(starts[opens], reach[closes])

    @classmethod
    def between(cls, start: int, end: int) -> Self:
        """Return the seconds from ``start`` up to ``end``; none when not later."""
        return cls.covering(
            np.array([start], dtype=np.int64), np.array([end], dtype=np.int64)
        )

    def union(self, other: Self) -> Self:
        """Return the seconds in either."""
        return self.covering(
            np.concatenate([self.starts, other.starts]),
            np.concatenate([self.ends, other.ends]),
        )

    def intersection(self, other: Self) -> Self:
        """Return the seconds in both."""
        edges = np.concatenate([self.starts, other.starts, self.ends, other.ends])
        steps = np.ones(len(edges), dtype=np.int64)
        steps[len(edges) // 2 :] = -1
        order = np.argsort(edges, kind="stable")
        edges, depth = edges[order], np.cumsum(steps[order])
        both = (depth[:-1] == _BOTH) & (edges[1:] > edges[:-1])
        return type(self)(edges[:-1][both], edges[1:][both])

    def without(self, other: Self) -> Self:
        """Return the seconds in this set and not in the other."""
        outside = type(self)(
            np.concatenate([[_EARLIEST], other.ends]),
            np.concatenate([other.starts, [_LATEST]]),
        )
        return self.intersection(outside)

    def seconds_before(self, moments: Seconds) -> Seconds:
        """Return how many seconds of the set lie before each moment."""
        lengths = np.concatenate([[0], np.cumsum(self.ends - self.starts)])
        begun = np.searchsorted(self.starts, moments, side="right")
        last_end = np.concatenate([[0], self.ends])[begun]
        unfinished = np.where(begun > 0, np.maximum(last_end - moments, 0), 0)
        return np.asarray(lengths[begun] - unfinished, dtype=np.int64)

    def positions(self, moments: Seconds) -> Index:
        """Return the indices of those of the ascending ``moments`` that lie inside.

        Cost: two binary searches per span and one step per moment inside, so moments
        outside the set are never touched.
        """
        first = np.searchsorted(moments, self.starts)
        last = np.searchsorted(moments, self.ends)
        lengths = last - first
        shift = first - np.concatenate([[0], np.cumsum(lengths)[:-1]])
        inside = np.arange(lengths.sum(), dtype=np.intp) + np.repeat(shift, lengths)
        return np.asarray(inside, dtype=np.intp)
