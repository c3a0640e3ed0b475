"""How likely is a hit by chance alone, at this hour of this week?"""

import numpy as np

from correlation.domain.arrays import Floats, Index, Seconds
from correlation.domain.spans import Spans

HOUR = 3600
HOURS_A_WEEK = 168
HIGHEST_CHANCE = 0.95
HOUR_PRIOR_SECONDS = 600
HOUR_OF_WEEK_PRIOR_SECONDS = 43_200
WEEK_PRIOR_SECONDS = 172_800
_DAYS_A_WEEK = 7
_HOURS_A_DAY = 24
_WORKDAYS = 5
_FIRST_MONDAY_HOUR = 96  # 1970-01-05 00:00 UTC


class Calendar:
    """Numbers the hours of a stretch of time, by week (from Monday, UTC) and hour of it.

    A slot is ``week * 168 + hour of week``, with weeks counted from the one that holds
    ``start``; there are ``slot_count`` up to the week that holds the last second before
    ``end``.
    """

    __slots__ = ("_edges", "_first_week", "_slots", "slot_count", "week_count")

    def __init__(self, start: int, end: int) -> None:
        first = start // HOUR
        last = max(first + 1, -(-end // HOUR))
        self._first_week = (first - _FIRST_MONDAY_HOUR) // HOURS_A_WEEK
        self.week_count = (
            (last - 1 - _FIRST_MONDAY_HOUR) // HOURS_A_WEEK - self._first_week + 1
        )
        self.slot_count = self.week_count * HOURS_A_WEEK
        self._edges = np.arange(first, last + 1, dtype=np.int64) * HOUR
        self._slots = self.slots(self._edges[:-1])

    def slots(self, moments: Seconds) -> Index:
        """Return the slot of each moment, which must lie in the stretch's weeks."""
        first = _FIRST_MONDAY_HOUR + self._first_week * HOURS_A_WEEK
        return np.asarray(moments // HOUR - first, dtype=np.intp)

    def seconds(self, spans: Spans) -> Floats:
        """Return the seconds of a set by week and hour of week, shaped (weeks, 168).

        Additive: the seconds of a union of disjoint sets are the sum of theirs.
        """
        per_hour = np.diff(spans.seconds_before(self._edges))
        per_slot = np.bincount(self._slots, weights=per_hour, minlength=self.slot_count)
        return per_slot.reshape(self.week_count, HOURS_A_WEEK).astype(np.float64)


def chance_table(trial_seconds: Floats, hit_seconds: Floats) -> Floats:
    """Return the chance of a hit for an alarm in each week and hour of week.

    Takes seconds shaped (weeks, 168), hits within trials. Range: 0 to 0.95. The share of
    an hour of day, apart on weekdays and at weekends, is drawn towards the overall share
    by 600 seconds; that of an hour of the week towards its hour of day by half a day, so
    that what both sides do every Monday at nine counts as chance once there are weeks to
    tell; a week's factor towards 1 by two days. With no hit anywhere every chance is 0.
    Source: DESIGN section 6, step 5, and the hour of the week in addition.
    """
    trials = trial_seconds.sum()
    overall = hit_seconds.sum() / trials if trials else 0.0
    if not overall:
        return np.zeros_like(trial_seconds)
    of_hour_trials, of_hour_hits = trial_seconds.sum(axis=0), hit_seconds.sum(axis=0)
    by_day = (_by_kind_of_day(of_hour_hits) + HOUR_PRIOR_SECONDS * overall) / (
        _by_kind_of_day(of_hour_trials) + HOUR_PRIOR_SECONDS
    )
    share = (of_hour_hits + HOUR_OF_WEEK_PRIOR_SECONDS * by_day) / (
        of_hour_trials + HOUR_OF_WEEK_PRIOR_SECONDS
    )
    prior = WEEK_PRIOR_SECONDS * overall
    week_factor = (hit_seconds.sum(axis=1) + prior) / (trial_seconds @ share + prior)
    return np.minimum(np.outer(week_factor, share), HIGHEST_CHANCE)


def _by_kind_of_day(of_hour: Floats) -> Floats:
    """Return for each hour of the week the sum over all weekdays, or weekends, at it."""
    by_day = of_hour.reshape(_DAYS_A_WEEK, _HOURS_A_DAY)
    return np.concatenate(
        [
            np.tile(days.sum(axis=0), len(days))
            for days in (by_day[:_WORKDAYS], by_day[_WORKDAYS:])
        ]
    )
