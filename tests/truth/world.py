"""Which results do the tests of a world report, and which links are real?"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from correlation.domain.verdicts import Direction
from tests.truth.channels import (
    DAY,
    START,
    Rhythm,
    channels_of,
    moments_within,
    seen_episodes,
    thinned,
    weekly_moments,
)
from tests.truth.levels import Level

STORM_REACH = 0.7
LONGEST_RED = 1800


class Recipe(Protocol):
    """What any world is made after has so many tests and channels."""

    @property
    def tests(self) -> int: ...
    @property
    def channels(self) -> int: ...


@dataclass(frozen=True)
class World:
    """Failed results, detected episodes, raw failing events, and the truth.

    ``tests`` and ``moments`` are failed results ascending by test, then moment;
    ``episodes`` rows of (channel, start, end); ``events`` rows of (channel, moment);
    ``truth`` a direction per (test, channel).
    """

    level: Recipe
    tests: np.ndarray
    moments: np.ndarray
    episodes: np.ndarray
    events: np.ndarray
    truth: np.ndarray
    end: int


def world_of(level: Level, seed: int) -> World:
    """Return the same world for the same level and seed."""
    random = np.random.default_rng([seed, level.tests, level.days])
    channels = channels_of(level, random)
    truth = np.full((level.tests, level.channels), Direction.NONE, dtype=np.int8)
    builder = _Builder(level, channels, random, truth)
    failed = builder.all_failures()
    tests = np.concatenate([np.full(len(f), t) for t, f in enumerate(failed)])
    moments = np.concatenate(failed)
    episodes = seen_episodes(level, channels, random)
    return World(
        level,
        tests.astype(np.int64),
        moments.astype(np.int64),
        episodes,
        _events(level, episodes, channels.rhythm, random),
        truth,
        START + level.days * DAY,
    )


def _events(level, episodes, rhythm, random):
    """Return events of episodes, and the noise every channel has all the time."""
    rows = [
        (channel, moment)
        for channel, start, end in episodes
        for moment in random.integers(start, end + 1, 3 + (end - start) // 120)
    ]
    for channel in range(level.channels):
        rows += [(channel, m) for m in thinned(12, rhythm, level.days, random)]
    return np.array(sorted(rows, key=lambda row: row[1]), dtype=np.int64)


class _Builder:
    def __init__(self, level, channels, random, truth):
        self.level, self.channels, self.random = level, channels, random
        self.truth = truth
        self.end = START + level.days * DAY
        self.outages = random.integers(START, self.end, level.outages)
        self.steady = Rhythm(12, 0, 1, np.ones(level.days // 7 + 2))

    def all_failures(self):
        """Return failed moments of every test, kind by kind."""
        level = self.level
        kinds = [
            (level.precursors, self.precursor),
            (level.laggards, self.laggard),
            (level.companions, self.companion),
            (level.flaky, self.flaky),
            (level.always_red, self.always_red),
            (level.by_clock, self.by_clock),
            (level.by_week, self.by_week),
            (level.tiny, self.tiny),
            (level.quiet, self.quiet),
            (level.in_trouble, self.in_trouble),
            (level.weekly, self.weekly),
        ]
        makers = [maker for count, maker in kinds for _ in range(count)]
        return [maker(test) for test, maker in enumerate(makers)]

    def reds_around(self, test, direction, draw):
        """Return (first, last) of red phases around the failures of one channel."""
        channel = int(self.random.integers(self.level.channels))
        self.truth[test, channel] = direction
        rows = self.channels.single[channel]
        seen = self.random.random(len(rows)) < self.random.uniform(
            *self.level.sensitivity
        )
        starts, ends = rows[seen].T
        return draw(starts, ends)

    def precursor(self, test):
        def draw(starts, ends):
            lead = self.random.integers(*self.level.lead, len(starts))
            stays = self.random.random(len(starts)) < 0.5
            return starts - lead, np.where(stays, ends, starts - lead + lead // 2)

        return self.results(self.reds_around(test, Direction.PRECEDES, draw))

    def laggard(self, test):
        def draw(starts, ends):
            lag = self.random.integers(*self.level.lag, len(starts))
            return starts + lag, np.maximum(ends, starts + lag + LONGEST_RED)

        return self.results(self.reds_around(test, Direction.FOLLOWS, draw))

    def companion(self, test):
        """Fail with the channel, as something both depend on does."""

        def draw(starts, _):
            first = starts + self.random.integers(-60, 61, len(starts))
            return first, first

        first, _ = self.reds_around(test, Direction.SIMULTANEOUS, draw)
        return self.reported(np.concatenate([first, self.own()]))

    def flaky(self, _):
        runs = self.runs()
        return self.reported(
            runs[self.random.random(len(runs)) < self.random.uniform(0.01, 0.15)]
        )

    def always_red(self, _):
        return self.reported(self.runs())

    def by_clock(self, _):
        """Fail at the channels' hours and weekdays, for reasons of its own."""
        rhythm = self.channels.rhythm
        same_hours = Rhythm(
            rhythm.peak_hour, rhythm.swing, rhythm.weekend, self.steady.weeks
        )
        return self.reported(self.failures(same_hours, 3))

    def by_week(self, _):
        """Fail in the channels' bad weeks too, for reasons of its own."""
        return self.reported(self.failures(self.channels.rhythm, 2))

    def tiny(self, _):
        count = self.random.integers(1, 5)
        return self.reported(self.random.integers(START, self.end, count))

    def quiet(self, _):
        return self.reported(self.own())

    def in_trouble(self, _):
        """Fail in one channel's hours of trouble, in no order with it."""
        channel = int(self.random.integers(self.level.channels))
        troubles = self.channels.troubles[channel]
        failed = moments_within(troubles, 0.5, self.random)
        return self.reported(np.concatenate([failed, self.own()]))

    def weekly(self, _):
        """Fail at one channel's bad hour of the week, for reasons of its own."""
        channel = int(self.random.integers(self.level.channels))
        failed = weekly_moments(
            self.channels.weekly[channel], 0.9, 900, self.level.days, self.random
        )
        return self.reported(np.concatenate([failed, self.own()]))

    def own(self):
        return self.failures(self.steady, 1)

    def failures(self, rhythm, times):
        rate = times * self.random.uniform(*self.level.own_failures)
        return thinned(rate, rhythm, self.level.days, self.random)

    def runs(self):
        """Return when the test runs: every few minutes, with some jitter."""
        every = int(self.random.choice(self.level.run_every))
        runs = np.arange(START + int(self.random.integers(every)), self.end, every)
        return runs + self.random.integers(0, 30, len(runs))

    def results(self, reds):
        """Return the failed runs of a test that is red in the given phases."""
        runs = self.runs()
        firsts, lasts = reds
        order = np.argsort(firsts)
        reach = np.concatenate([[START - 1], np.maximum.accumulate(lasts[order])])
        red = runs <= reach[np.searchsorted(firsts[order], runs, side="right")]
        return self.reported(np.concatenate([runs[red], self.own()]))

    def reported(self, failed):
        """Add storms, outages, retries, duplicates and this runner's clock error."""
        random, level = self.random, self.level
        storms = np.concatenate([self.channels.storm_starts, self.outages])
        storms = storms[random.random(len(storms)) < STORM_REACH]
        failed = np.concatenate(
            [failed, storms + random.integers(-60, 900, len(storms))]
        )
        retried = failed[random.random(len(failed)) < level.retried]
        failed = np.concatenate(
            [failed, retried + random.integers(20, 300, len(retried))]
        )
        twice = failed[random.random(len(failed)) < level.duplicated]
        failed = np.concatenate([failed, twice]) + round(random.normal(0, level.skew))
        return np.sort(failed[(failed >= START) & (failed < self.end)])
