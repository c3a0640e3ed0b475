"""Which failure of the channel goes with which alarm of the test, and how far apart?"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from correlation.domain.arrays import Flags, Index, Seconds
from correlation.domain.episodes import Episodes
from correlation.domain.spans import Spans
from correlation.domain.zones import SKEW_SECONDS, Zone, ZoneSpans


class Outcome(StrEnum):
    """What became of an alarm; only hits and misses are cases."""

    HIT = "hit"
    MISS = "miss"
    ALREADY_FAILING = "already_failing"
    STORM = "storm"
    STILL_OPEN = "still_open"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """One row per alarm, ascending: what became of it, and of a hit the other side.

    ``starts`` are the starts of the matched episodes and ``lags`` the seconds from alarm
    to start, negative where the channel failed first; both are 0 unless ``hits``.
    """

    moments: Seconds
    outcomes: tuple[Outcome, ...]
    hits: Flags
    starts: Seconds
    lags: Seconds

    @property
    def median_lag_seconds(self) -> int | None:
        """The median distance of the hits, without direction; None without a hit."""
        if not self.hits.any():
            return None
        return round(float(np.median(np.abs(self.lags[self.hits]))))


def matches(
    moments: Seconds,
    single: Episodes,
    observed: Spans,
    *,
    zone: Zone,
    start: int,
    end: int,
    window_seconds: int,
) -> Matches:
    """Return what became of the ascending alarms of one test at one integration.

    ``single`` are that integration's episodes outside storms, ``observed`` the seconds
    that may count, both from :func:`correlation.domain.counts.observed_spans` between
    ``start`` and ``end``. The hits are those that :func:`count` counts.
    """
    zones = ZoneSpans(single, observed, window_seconds)
    hits = _flags(zones.hits[zone], moments)
    trials = _flags(zones.trials[zone], moments)
    seen = _flags(observed, moments)
    reasons = [
        (hits, Outcome.HIT),
        (trials, Outcome.MISS),
        (seen, Outcome.ALREADY_FAILING),
        (moments < start, Outcome.NO_DATA),
        (moments > end - window_seconds, Outcome.STILL_OPEN),
    ]
    outcomes = tuple(
        next((reason for flags, reason in reasons if flags[row]), Outcome.STORM)
        for row in range(len(moments))
    )
    starts = np.zeros(len(moments), dtype=np.int64)
    starts[hits] = single.starts[_partners(moments[hits], single.starts, zone)]
    return Matches(moments, outcomes, hits, starts, np.where(hits, starts - moments, 0))


def _flags(spans: Spans, moments: Seconds) -> Flags:
    flags = np.zeros(len(moments), dtype=bool)
    flags[spans.positions(moments)] = True
    return flags


def _partners(moments: Seconds, starts: Seconds, zone: Zone) -> Index:
    """Return which start each hit goes with: next, nearest or last."""
    if zone == Zone.BEFORE:
        return np.searchsorted(starts, moments + SKEW_SECONDS, side="right")
    last = np.searchsorted(starts, moments, side="right") - 1
    if zone == Zone.AFTER:
        return last
    following = np.minimum(last + 1, len(starts) - 1)
    preceding = np.maximum(last, 0)
    nearer = np.abs(starts[following] - moments) < np.abs(starts[preceding] - moments)
    return np.where(nearer, following, preceding)
