"""The method written as DESIGN section 6 says it, second by second, in plain Python."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from itertools import product

SKEW = 120
WHILE_HEALTHY = ("before", "nearby")


def alarms_of(moments, window):
    """Keep failed moments of one test whose previous one is over half a window ago."""
    kept, previous = [], None
    for moment in sorted(moments):
        if previous is None or moment - previous > window / 2:
            kept.append(moment)
        previous = moment
    return kept


def storms_of(episodes, integration_count):
    """Return the (integration, start, end) that start in some storm's ten minutes."""
    needed = max(3, 0.6 * integration_count)
    storm = set()
    for _, opening, _ in episodes:
        together = [e for e in episodes if opening <= e[1] <= opening + 600]
        if len({integration for integration, _, _ in together}) >= needed:
            storm.update(together)
    return storm


def holds(zone, moment, episodes, window):
    """Tell whether an alarm at this moment hits the zone."""
    starts = [start for start, _ in episodes]
    if zone == "before":
        return any(moment + SKEW < start <= moment + window for start in starts)
    if zone == "simultaneous":
        return any(abs(start - moment) <= SKEW for start in starts)
    if zone == "nearby":
        return any(
            moment - 2 * window <= start < moment - window
            or moment + window < start <= moment + 2 * window
            for start in starts
        )
    return any(
        moment - window <= start < moment - SKEW for start in starts
    ) or is_failing(moment, episodes)


def is_failing(moment, episodes):
    return any(start <= moment <= end for start, end in episodes)


def slot_of(moment):
    """Return the week, the day of the week and the hour of a moment."""
    return slot_of_hour(moment // 3600)


@cache
def slot_of_hour(hour):
    at = datetime.fromtimestamp(hour * 3600, UTC)
    return at.isocalendar()[:2], (at.weekday(), at.hour)


def alike(hour):
    """Return the hours of the week with this hour's kind of day and hour of day."""
    day, at = hour
    return [(d, at) for d in (range(5) if day < 5 else range(5, 7))]


def chances(zone, observed, episodes, window):
    """Return the chance of each (week, hour of week) from every observed second."""
    trials, hits = Counter(), Counter()
    for second in observed:
        if zone in WHILE_HEALTHY and is_failing(second, episodes):
            continue
        key = slot_of(second)
        trials[key] += 1
        hits[key] += holds(zone, second, episodes, window)
    overall = hits.total() / trials.total() if trials else 0
    if not overall:
        return Counter()
    hours, weeks = {h for _, h in trials}, {w for w, _ in trials}

    def others(counted, week, some_hours):
        return sum(counted[w, h] for w in weeks - {week} for h in some_hours)

    share = {}
    for week, hour in product(weeks, hours):
        by_day = (others(hits, week, alike(hour)) + 36000 * overall) / (
            others(trials, week, alike(hour)) + 36000
        )
        share[week, hour] = (others(hits, week, [hour]) + 43200 * by_day) / (
            others(trials, week, [hour]) + 43200
        )
    factor = {
        week: (sum(hits[week, h] for h in hours) + 172800 * overall)
        / (sum(trials[week, h] * share[week, h] for h in hours) + 172800 * overall)
        for week in weeks
    }
    return {(w, h): min(0.95, share[w, h] * factor[w]) for w, h in share}


def counts(zone, moments, episodes, observed, window, table):
    """Return n, O and E of one test and one integration in one zone.

    ``observed`` is the set of seconds outside storms and before the censored end;
    ``table`` are its chances.
    """
    n, hits, expected = 0, 0, 0.0
    for moment in moments:
        if moment not in observed:
            continue
        if zone in WHILE_HEALTHY and is_failing(moment, episodes):
            continue
        n += 1
        hits += holds(zone, moment, episodes, window)
        expected += table.get(slot_of(moment), 0.0)
    return n, hits, expected


def nearby_factor(_, hits, expected):
    """Return by how much the calendar expects too little, never less than 1."""
    return max(1, (hits + 3) / (expected + 3))
