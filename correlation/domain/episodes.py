"""When was a channel failing, and when did the whole platform fail at once?"""

from dataclasses import dataclass

import numpy as np

from correlation.domain.arrays import Flags, Index, Seconds
from correlation.domain.spans import Spans

STORM_SECONDS = 600
STORM_INTEGRATIONS = 3
STORM_PERCENT = 60
_TOGETHER = 2  # where there is one channel only, its trouble is no storm


@dataclass(frozen=True, slots=True, eq=False)
class Episodes:
    """Incidents ascending by start; ``ends`` belong to them.

    ``integrations`` are column numbers below ``integration_count``.
    """

    integrations: Index
    starts: Seconds
    ends: Seconds
    integration_count: int

    @classmethod
    def sorted(
        cls, integrations: Index, starts: Seconds, ends: Seconds, integration_count: int
    ) -> "Episodes":
        """Return episodes given in any order."""
        order = np.argsort(starts, kind="stable")
        return cls(integrations[order], starts[order], ends[order], integration_count)

    def chosen(self, flags: Flags) -> "Episodes":
        """Return the flagged ones."""
        return Episodes(
            self.integrations[flags],
            self.starts[flags],
            self.ends[flags],
            self.integration_count,
        )


def storm_size(integration_count: int) -> int:
    """Return how many integrations of so many make a storm, at least two."""
    share = -(-STORM_PERCENT * integration_count // 100)
    return max(_TOGETHER, min(STORM_INTEGRATIONS, integration_count), share)


def storm_flags(episodes: Episodes) -> Flags:
    """Mark the episodes that belong to a platform-wide storm.

    A storm is some 10 minutes (closed) in which at least 60 % of the integrations, and
    at least three, start an episode; all that start in those minutes belong to it. Where
    there are only two, both at once are one: what hits everything announces nothing.
    Source: DESIGN section 6, step 3.
    """
    needed = storm_size(episodes.integration_count)
    flags = np.zeros(len(episodes.starts), dtype=bool)
    reach = np.searchsorted(
        episodes.starts, episodes.starts + STORM_SECONDS, side="right"
    )
    crowded = np.flatnonzero(reach - np.arange(len(reach)) >= needed)
    for first in crowded.tolist():
        together = slice(first, reach[first])
        if len(np.unique(episodes.integrations[together])) >= needed:
            flags[together] = True
    return flags


def storm_spans(storms: Episodes, window_seconds: int) -> Spans:
    """Return the seconds that a storm spoils, for every integration.

    From one window before each start, because what follows an alarm there says nothing
    about one channel, to the last second of each of its episodes.
    """
    return Spans.covering(storms.starts - window_seconds, storms.ends + 1)
