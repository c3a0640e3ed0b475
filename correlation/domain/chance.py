"""How likely is a hit by chance alone, at this hour of this week?"""

import numpy as np

from correlation.domain.arrays import Floats, Index, Seconds
from correlation.domain.spans import Spans

HOUR = 3600
HOURS_A_WEEK = 168
HIGHEST_CHANCE = 0.95
HOUR_PRIOR_SECONDS = 36_000
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

    __slots__ = ("_edges", "_first_week", "_hours", "slot_count", "week_count")

    def __init__(self, start: int, end: int) -> None:
        first = start // HOUR
        last = max(first + 1, -(-end // HOUR))
        self._first_week = (first - _FIRST_MONDAY_HOUR) // HOURS_A_WEEK
        self.week_count = (
            (last - 1 - _FIRST_MONDAY_HOUR) // HOURS_A_WEEK - self._first_week + 1
        )
        self.slot_count = self.week_count * HOURS_A_WEEK
        self._edges = np.arange(first, last + 1, dtype=np.int64) * HOUR
        begin = int(self.slots(self._edges[:1])[0])
        self._hours = slice(begin, begin + last - first)

    def slots(self, moments: Seconds) -> Index:
        """Return the slot of each moment, which must lie in the stretch's weeks."""
        first = _FIRST_MONDAY_HOUR + self._first_week * HOURS_A_WEEK
        return np.asarray(moments // HOUR - first, dtype=np.intp)

    def seconds(self, spans: Spans) -> Floats:
        """Return the seconds of a set by week and hour of week, shaped (weeks, 168).

        Additive: the seconds of a union of disjoint sets are the sum of theirs.
        """
        per_slot = np.zeros(self.slot_count)
        per_slot[self._hours] = np.diff(spans.seconds_before(self._edges))
        return per_slot.reshape(self.week_count, HOURS_A_WEEK)


def chance_table(trial_seconds: Floats, hit_seconds: Floats) -> Floats:
    """Return the chance of a hit for an alarm in each week and hour of week.

    Takes seconds shaped (..., weeks, 168), hits within trials; the leading axes, which
    broadcast, are questions of their own. Range: 0 to 0.95. Chance is what the hour of
    the week saw in the other weeks, times how bad the week was: an hour's own week is
    left out, or each failure would make itself look expected. The share of an hour of
    day, apart on weekdays and at weekends, is drawn towards the overall share by ten
    hours; that of an hour of the week towards its hour of day by half a day, so that
    what both sides do every Monday at nine counts as chance once there are weeks to
    tell; a week's factor towards 1 by two days. With no hit anywhere every chance is 0.
    Source: DESIGN section 6, step 5; the hour of the week, the other weeks and the ten
    hours (there ten minutes) in addition.
    """
    overall = _ratio(_of_all(hit_seconds), _of_all(trial_seconds))
    trials, hits = _of_other_weeks(trial_seconds), _of_other_weeks(hit_seconds)
    by_day = (_by_kind_of_day(hits) + HOUR_PRIOR_SECONDS * overall) / (
        _by_kind_of_day(trials) + HOUR_PRIOR_SECONDS
    )
    share = (hits + HOUR_OF_WEEK_PRIOR_SECONDS * by_day) / (
        trials + HOUR_OF_WEEK_PRIOR_SECONDS
    )
    prior = WEEK_PRIOR_SECONDS * overall
    week_factor = _ratio(
        hit_seconds.sum(axis=-1, keepdims=True) + prior,
        (trial_seconds * share).sum(axis=-1, keepdims=True) + prior,
    )
    return np.asarray(np.minimum(week_factor * share, HIGHEST_CHANCE))


def _of_all(seconds: Floats) -> Floats:
    return np.asarray(seconds.sum(axis=(-2, -1), keepdims=True))


def _of_other_weeks(seconds: Floats) -> Floats:
    """Return for each week and hour of it the seconds at that hour in all other weeks."""
    return np.asarray(seconds.sum(axis=-2, keepdims=True) - seconds)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return ``part / whole``, and 0 of nothing."""
    nothing = np.zeros(np.broadcast_shapes(part.shape, whole.shape))
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > 0))


def _by_kind_of_day(of_hour: Floats) -> Floats:
    """Return for each hour of the week the sum over all weekdays, or weekends, at it."""
    by_day = of_hour.reshape(*of_hour.shape[:-1], _DAYS_A_WEEK, _HOURS_A_DAY)
    of_kind = np.empty_like(by_day)
    for days in (slice(_WORKDAYS), slice(_WORKDAYS, None)):
        of_kind[..., days, :] = by_day[..., days, :].sum(axis=-2, keepdims=True)
    return of_kind.reshape(of_hour.shape)
