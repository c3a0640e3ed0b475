"""Where may an alarm lie relative to a channel's failures: before, at, after, nearby?"""

from enum import IntEnum

import numpy as np

from correlation.domain.episodes import Episodes
from correlation.domain.spans import Spans

SKEW_SECONDS = 120
DEFAULT_WINDOW_SECONDS = 3600
SHORTEST_WINDOW_SECONDS = 300
LONGEST_WINDOW_SECONDS = 259_200


class Zone(IntEnum):
    """Where an alarm may lie; also the first axis of every array of counts.

    Three of them are places a link may show in. ``NEARBY``, more than one window and at
    most two from a failure, is a control: no link reaches it, but trouble that makes both
    sides fail does.
    """

    BEFORE = 0
    SIMULTANEOUS = 1
    AFTER = 2
    NEARBY = 3


LINKING = (Zone.BEFORE, Zone.SIMULTANEOUS, Zone.AFTER)
WHILE_HEALTHY = (Zone.BEFORE, Zone.NEARBY)  # no trial while the channel fails


class ZoneSpans:
    """At which seconds an alarm is a trial of each zone, and at which a hit.

    ``trials`` and ``hits`` are indexed by :class:`Zone`; hits lie within trials.
    ``failing`` are the seconds inside an episode, its last one included.
    Source: DESIGN section 6, step 4, for the closed and open ends.
    """

    __slots__ = ("failing", "hits", "trials")

    def __init__(
        self, episodes: Episodes, observed: Spans, window_seconds: int
    ) -> None:
        starts, ends = episodes.starts, episodes.ends
        ahead = Spans.covering(starts - window_seconds, starts - SKEW_SECONDS)
        around = Spans.covering(starts - SKEW_SECONDS, starts + SKEW_SECONDS + 1)
        behind = Spans.covering(starts + SKEW_SECONDS + 1, starts + window_seconds + 1)
        failing = Spans.covering(starts, ends + 1)
        nearby = Spans.covering(
            starts - 2 * window_seconds, starts - window_seconds
        ).union(
            Spans.covering(starts + window_seconds + 1, starts + 2 * window_seconds + 1)
        )
        healthy = observed.without(failing)
        self.failing = observed.intersection(failing)
        self.trials = (healthy, observed, observed, healthy)
        self.hits = (
            healthy.intersection(ahead),
            observed.intersection(around),
            observed.intersection(behind.union(failing)),
            healthy.intersection(nearby),
        )


def of_integration(episodes: Episodes, integration: int) -> Episodes:
    """Return the episodes of one column, still ascending by start."""
    return episodes.chosen(np.equal(episodes.integrations, integration))
