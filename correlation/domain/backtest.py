"""Would the links known in the morning have announced what failed during the day?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Floats, Index, Seconds
from correlation.domain.episodes import Episodes
from correlation.domain.spans import Spans
from correlation.domain.verdicts import Direction, Verdicts
from correlation.domain.zones import SKEW_SECONDS, of_integration

WEEK_SECONDS = 604_800
THRESHOLDS = (0.0, 0.3, 0.6, 0.8)


@dataclass(frozen=True, slots=True, eq=False)
class Announcements:
    """Alarms on known links while the channel was healthy, in any order.

    ``scores`` are those of the links as then known. ``starts`` are the starts of the
    announced episodes, 0 where none followed within the window.
    """

    integrations: Index
    moments: Seconds
    scores: Floats
    starts: Seconds

    @classmethod
    def joined(cls, parts: Sequence["Announcements"]) -> "Announcements":
        """Return all announcements of several; none of none."""
        empty = np.array([], dtype=np.int64)
        every = [cls(empty, empty, np.array([]), empty), *parts]
        return cls(
            np.concatenate([part.integrations for part in every]),
            np.concatenate([part.moments for part in every]),
            np.concatenate([part.scores for part in every]),
            np.concatenate([part.starts for part in every]),
        )


@dataclass(frozen=True, slots=True)
class Performance:
    """What links from one score up would have been worth.

    ``announced`` of ``incidents`` were; ``alarms`` announced something, ``false_alarms``
    did not. ``median_lead_seconds`` runs from the first alarm to the incident; None
    without any announced.
    """

    threshold: float
    incidents: int
    announced: int
    alarms: int
    false_alarms: int
    median_lead_seconds: int | None
    weeks: float


def announcements(
    alarms: Alarms, known: Verdicts, episodes: Episodes, window_seconds: int
) -> Announcements:
    """Return what these alarms announced by the links ``known`` before them.

    ``episodes`` are all of them, later ones too: they tell what came true.
    """
    parts = []
    for column in range(episodes.integration_count):
        own = of_integration(episodes, column)
        leads = known.direction[:, column] == Direction.PRECEDES
        heard = np.flatnonzero(leads[alarms.tests])
        failing = Spans.covering(own.starts, own.ends + 1)
        healthy = np.ones(len(heard), dtype=bool)
        healthy[failing.positions(alarms.moments[heard])] = False
        heard = heard[healthy]
        moments = alarms.moments[heard]
        upcoming = np.append(own.starts, np.iinfo(np.int64).max)
        following = upcoming[
            np.searchsorted(own.starts, moments + SKEW_SECONDS, side="right")
        ]
        parts.append(
            Announcements(
                np.full(len(heard), column),
                moments,
                known.score[alarms.tests[heard], column],
                np.where(following <= moments + window_seconds, following, 0),
            )
        )
    return Announcements.joined(parts)


def performances(
    said: Announcements, episodes: Episodes, *, start: int, end: int
) -> tuple[Performance, ...]:
    """Return how good the announcements of ``start`` to ``end`` were, per threshold.

    An alarm is right also when its incident begins after ``end``; that incident is
    counted among neither the announced nor all.
    """
    incidents = int(((episodes.starts >= start) & (episodes.starts < end)).sum())
    weeks = (end - start) / WEEK_SECONDS
    return tuple(
        _performance(said, threshold, incidents, end, weeks) for threshold in THRESHOLDS
    )


def _performance(
    said: Announcements, threshold: float, incidents: int, end: int, weeks: float
) -> Performance:
    loud = said.scores >= threshold
    right = loud & (said.starts > 0)
    lead_of: dict[tuple[int, int], int] = {}
    for integration, begin, moment in zip(
        said.integrations[right].tolist(),
        said.starts[right].tolist(),
        said.moments[right].tolist(),
        strict=True,
    ):
        if begin < end:
            key = (integration, begin)
            lead_of[key] = max(lead_of.get(key, 0), begin - moment)
    leads = list(lead_of.values())
    return Performance(
        threshold,
        incidents,
        len(leads),
        int(loud.sum()),
        int((loud & ~right).sum()),
        round(float(np.median(leads))) if leads else None,
        weeks,
    )
