"""When do the channels of a world fail? Bursts, rhythm, bad weeks and storms."""

from dataclasses import dataclass

import numpy as np

from tests.truth.levels import Level

START = 1_767_571_200  # 2026-01-05, a Monday, 00:00 UTC
DAY = 86_400
WEEK = 7 * DAY
STORM_SPREAD = 420
TROUBLE_HOURS = (3, 8)
FAILURES_IN_TROUBLE = 0.35  # an hour
FAILURES_OF_THE_WEEK = 0.7  # a week


@dataclass(frozen=True)
class Rhythm:
    """The relative rate of trouble: by hour of day, at weekends, and by week."""

    peak_hour: float
    swing: float
    weekend: float
    weeks: np.ndarray

    def at(self, moments):
        """Return factors with a mean near 1."""
        since = np.asarray(moments) - START
        hour = since % DAY / 3600
        daily = 1 + self.swing * np.cos((hour - self.peak_hour) / 24 * 2 * np.pi)
        weekday = np.where(since % WEEK >= 5 * DAY, self.weekend, 1.0)
        return daily * weekday * self.weeks[(since // WEEK).astype(int)]


@dataclass(frozen=True)
class Channels:
    """What really happened: ``single`` and ``storm`` episodes as (start, end) arrays.

    ``troubles`` are (start, end) of each channel's hours of trouble, ``weekly`` the
    moment of its first weekly bad hour.
    """

    single: list[np.ndarray]
    troubles: list[np.ndarray]
    weekly: list[int]
    storms: list[np.ndarray]
    storm_starts: np.ndarray
    rhythm: Rhythm


def rhythm_of(level: Level, random) -> Rhythm:
    weeks = np.where(
        random.random(level.days // 7 + 2) < level.bad_weeks, level.bad_week, 1.0
    )
    return Rhythm(random.uniform(9, 17), level.rhythm, 1 - level.rhythm / 2, weeks)


def thinned(rate_per_day, rhythm, days, random):
    """Return ascending moments at a mean rate that follows the rhythm."""
    top = 2 * rhythm.weeks.max() * max(1.0, rhythm.weekend)
    count = random.poisson(rate_per_day * days * top)
    moments = np.sort(random.uniform(START, START + days * DAY, count))
    kept = random.random(count) < rhythm.at(moments) / top
    return moments[kept].astype(np.int64)


def durations(count, random):
    return np.clip(random.lognormal(np.log(1500), 0.8, count), 120, 6 * 3600)


def echoes(starts, chance, random):
    """Return some starts again, one to four hours later: failures come in clusters."""
    again = starts[random.random(len(starts)) < chance]
    return again + random.integers(3600, 4 * 3600, len(again))


def channels_of(level: Level, random) -> Channels:
    rhythm = rhythm_of(level, random)
    end = START + level.days * DAY
    storm_starts = np.sort(random.integers(START + DAY, end - DAY, level.storms))
    shared = random.integers(START + DAY, end - DAY, level.pairs)
    hit = np.argsort(random.random((level.pairs, level.channels)))[:, :2]
    single, storms = [], []
    troubles = [troubles_of(level, random) for _ in range(level.channels)]
    weekly = [
        START + int(random.integers(WEEK)) if level.weekly else 0
        for _ in range(level.channels)
    ]
    for channel in range(level.channels):
        starts = thinned(level.episodes_per_day, rhythm, level.days, random)
        together = shared[(hit == channel).any(axis=1)]
        together = together + random.integers(0, STORM_SPREAD, len(together))
        starts = np.concatenate([starts, echoes(starts, level.echo, random), together])
        starts = np.concatenate(
            [starts, *circumstances(level, troubles[channel], weekly[channel], random)]
        )
        single.append(apart(starts, durations(len(starts), random), end))
        begin = storm_starts + random.integers(0, STORM_SPREAD, level.storms)
        long = 1800 + durations(level.storms, random)
        storms.append(apart(begin, long, end))
    return Channels(single, troubles, weekly, storms, storm_starts, rhythm)


def circumstances(level: Level, troubles, weekly, random):
    """Yield the starts of failures that come of trouble, and of the bad hour of the week."""
    if level.trouble:
        yield moments_within(troubles, FAILURES_IN_TROUBLE, random)
    if level.weekly:
        yield weekly_moments(
            weekly + 1200, FAILURES_OF_THE_WEEK, 2400, level.days, random
        )


def troubles_of(level: Level, random):
    """Return (start, end) of hours in which a channel and its tests fail often."""
    if not level.trouble:
        return np.empty((0, 2))
    count = random.poisson(level.trouble * level.days)
    starts = START + random.uniform(0, level.days, count) * DAY
    lengths = random.uniform(*TROUBLE_HOURS, count) * 3600
    return np.stack([starts, starts + lengths], axis=1)


def moments_within(spans, rate_per_hour, random):
    """Return moments at a steady rate within (start, end) rows."""
    counts = random.poisson(rate_per_hour * (spans[:, 1] - spans[:, 0]) / 3600)
    starts, ends = np.repeat(spans, counts, axis=0).T
    return random.uniform(starts, ends).astype(np.int64)


def weekly_moments(first, chance, spread, days, random):
    """Return moments up to ``spread`` seconds after a moment of some of the weeks."""
    weeks = np.arange(first, START + days * DAY, WEEK)
    weeks = weeks[random.random(len(weeks)) < chance]
    return weeks + random.integers(0, spread, len(weeks))


def apart(starts, lengths, end):
    """Return (start, end) rows at least 20 minutes apart, later ones dropped."""
    rows, free = [], 0
    order = np.argsort(starts)
    for start, length in zip(starts[order], lengths[order], strict=True):
        if start >= free and start + length < end:
            rows.append((int(start), int(start + length)))
            free = start + length + 1200
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def seen_episodes(level: Level, channels: Channels, random):
    """Return (channel, start, end) rows as a detector sees them.

    It misses some, splits some in two, and joins what storms and single ones share.
    """
    rows = []
    for channel in range(level.channels):
        single = channels.single[channel]
        single = single[random.random(len(single)) >= level.missed]
        both = np.concatenate([single, channels.storms[channel]])
        for start, end in apart(both[:, 0], both[:, 1] - both[:, 0], np.inf):
            if end - start > 3600 and random.random() < level.split:
                middle = int(random.integers(start + 600, end - 1500))
                rows.append((channel, start, middle))
                rows.append((channel, middle + 960, end))
            else:
                rows.append((channel, start, end))
    return np.array(sorted(rows, key=lambda row: row[1]), dtype=np.int64)
