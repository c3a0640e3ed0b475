"""How likely is a hit by chance alone, at this hour of this week?"""

import numpy as np

from correlation.domain.arrays import Floats, Index, Seconds
from correlation.domain.spans import Spans

HOUR = 3600
CELLS = 48
HIGHEST_CHANCE = 0.95
CELL_PRIOR_SECONDS = 600
WEEK_PRIOR_SECONDS = 172_800
_HOURS_A_DAY = 24
_HOURS_A_WEEK = 168
_HOURS_OF_WORKDAYS = 120
_FIRST_MONDAY_HOUR = 96  # 1970-01-05 00:00 UTC


class Calendar:
    """Numbers the hours of a stretch of time by week (from Monday, UTC) and cell.

    A cell is an hour of day on weekdays (0-23) or at weekends (24-47). A slot is
    ``week * 48 + cell``, with weeks counted from the one that holds ``start``; there
    are ``slot_count`` up to the week that holds the last second before ``end``.
    """

    __slots__ = ("_edges", "_first_week", "_slots", "slot_count", "week_count")

    def __init__(self, start: int, end: int) -> None:
        first = start // HOUR
        last = max(first + 1, -(-end // HOUR))
        self._first_week = (first - _FIRST_MONDAY_HOUR) // _HOURS_A_WEEK
        self.week_count = (
            (last - 1 - _FIRST_MONDAY_HOUR) // _HOURS_A_WEEK - self._first_week + 1
        )
        self.slot_count = self.week_count * CELLS
        self._edges = np.arange(first, last + 1, dtype=np.int64) * HOUR
        self._slots = self.slots(self._edges[:-1])

    def slots(self, moments: Seconds) -> Index:
        """Return the slot of each moment, which must lie in the stretch's weeks."""
        hours = moments // HOUR - _FIRST_MONDAY_HOUR
        weeks, hour_of_week = np.divmod(hours, _HOURS_A_WEEK)
        weekend = hour_of_week >= _HOURS_OF_WORKDAYS
        cells = hour_of_week % _HOURS_A_DAY + np.where(weekend, _HOURS_A_DAY, 0)
        return np.asarray((weeks - self._first_week) * CELLS + cells, dtype=np.intp)

    def seconds(self, spans: Spans) -> Floats:
        """Return the seconds of a set by week and cell, shaped (weeks, 48).

        Additive: the seconds of a union of disjoint sets are the sum of theirs.
        """
        per_hour = np.diff(spans.seconds_before(self._edges))
        per_slot = np.bincount(self._slots, weights=per_hour, minlength=self.slot_count)
        return per_slot.reshape(self.week_count, CELLS).astype(np.float64)


def chance_table(trial_seconds: Floats, hit_seconds: Floats) -> Floats:
    """Return the chance of a hit for an alarm in each week and cell.

    Takes seconds shaped (weeks, 48), hits within trials. Range: 0 to 0.95. A cell's
    share is drawn towards the overall share by 600 seconds, a week's factor towards 1
    by two days; with no hit anywhere every chance is 0.
    Source: DESIGN section 6, step 5.
    """
    trials = trial_seconds.sum()
    overall = hit_seconds.sum() / trials if trials else 0.0
    if not overall:
        return np.zeros_like(trial_seconds)
    cell_share = (hit_seconds.sum(axis=0) + CELL_PRIOR_SECONDS * overall) / (
        trial_seconds.sum(axis=0) + CELL_PRIOR_SECONDS
    )
    prior = WEEK_PRIOR_SECONDS * overall
    week_factor = (hit_seconds.sum(axis=1) + prior) / (
        trial_seconds @ cell_share + prior
    )
    return np.minimum(np.outer(week_factor, cell_share), HIGHEST_CHANCE)
