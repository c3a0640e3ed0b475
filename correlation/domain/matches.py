"""Which failure of the channel goes with which alarm of the test, and how far apart?"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from correlation.domain.arrays import Flags, Index, Seconds
from correlation.domain.observation import Observation
from correlation.domain.spans import Spans
from correlation.domain.zones import SKEW_SECONDS, Zone


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
    moments: Seconds, observation: Observation, integration: int, zone: Zone
) -> Matches:
    """Return what became of the ascending alarms of one test at one integration.

    The hits and cases are those that :func:`correlation.domain.counts.count` counts.
    """
    zones = observation.zones[integration]
    hits = _flags(zones.hits[zone], moments)
    outcomes = np.full(len(moments), Outcome.STORM, dtype=object)
    outcomes[moments > observation.end - observation.window_seconds] = (
        Outcome.STILL_OPEN
    )
    outcomes[moments < observation.start] = Outcome.NO_DATA
    outcomes[_flags(observation.observed, moments)] = Outcome.ALREADY_FAILING
    outcomes[_flags(zones.trials[zone], moments)] = Outcome.MISS
    outcomes[hits] = Outcome.HIT
    starts = np.zeros(len(moments), dtype=np.int64)
    starts[hits] = matched_starts(moments[hits], observation.starts[integration], zone)
    return Matches(
        moments,
        tuple(outcomes.tolist()),
        hits,
        starts,
        np.where(hits, starts - moments, 0),
    )


def matched_starts(hits: Seconds, starts: Seconds, zone: Zone) -> Seconds:
    """Return the start that each hit of a zone goes with, out of ascending ``starts``.

    Before a failure the next one, around it the nearest, after it the last.
    """
    return starts[_partners(hits, starts, zone)]


def _flags(spans: Spans, moments: Seconds) -> Flags:
    flags = np.zeros(len(moments), dtype=bool)
    flags[spans.positions(moments)] = True
    return flags


def _partners(moments: Seconds, starts: Seconds, zone: Zone) -> Index:
    if zone == Zone.BEFORE:
        return np.searchsorted(starts, moments + SKEW_SECONDS, side="right")
    last = np.searchsorted(starts, moments, side="right") - 1
    if zone == Zone.AFTER:
        return last
    following = np.minimum(last + 1, len(starts) - 1)
    preceding = np.maximum(last, 0)
    nearer = np.abs(starts[following] - moments) < np.abs(starts[preceding] - moments)
    return np.where(nearer, following, preceding)
