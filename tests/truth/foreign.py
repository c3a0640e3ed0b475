"""Worlds as another team would build them: nothing of the levels' machinery is used.

Leads and lags are lognormal, rates differ from channel to channel, tests run by a
schedule, and what is drawn lies where a world's clock lets it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from correlation.domain.verdicts import Direction
from tests.truth.channels import DAY, START, WEEK
from tests.truth.world import World

HOUR = 3600
CLOCK_CHANGE = START + 60 * DAY
RED_FOR = 1500


def always(moments):
    return np.ones(len(moments), dtype=bool)


def hour_of(moments):
    return (moments - START) % DAY / HOUR


def in_office(moments):
    """Tell which moments lie on weekdays from 8 to 20."""
    hours, days = hour_of(moments), (moments - START) % WEEK // DAY
    return (hours >= 8) & (hours < 20) & (days < 5)


def at_night(moments):
    return (hour_of(moments) >= 1) & (hour_of(moments) < 5)


def by_local_clock(moments):
    """Tell which lie from 8 to 12 by a clock that is put forward on day 60."""
    local = hour_of(moments + np.where(moments >= CLOCK_CHANGE, HOUR, 0))
    return (local >= 8) & (local < 12)


@dataclass(frozen=True)
class Foreign:
    """What a foreign world is made of.

    ``incidents`` is a rate per day for each channel, ``seen`` the chance that a linked
    test sees one, ``failures`` the median of the tests' unrelated failures per day.
    ``fails``, ``runs`` and ``noise`` tell when channels fail, tests run, and unlinked
    tests fail. ``grouped`` tests at a time fail together, ``releases`` a week make most
    tests fail within two hours, and with chance ``harm`` a channel too; ``storm`` hours
    long everything is down once.
    """

    name: str
    days: int = 120
    incidents: tuple[float, ...] = (0.6, 0.6, 0.6, 0.6)
    leading: int = 8
    lagging: int = 6
    others: int = 66
    seen: float = 0.7
    failures: float = 0.2
    typical_lag: int = 1200
    fails: Callable = always
    runs: Callable = always
    noise: Callable = always
    grouped: int = 1
    releases: int = 0
    harm: float = 0.0
    storm: int = 0

    @property
    def channels(self) -> int:
        return len(self.incidents)

    @property
    def tests(self) -> int:
        return self.leading + self.lagging + self.others

    @property
    def end(self) -> int:
        return START + self.days * DAY

    def unlinked(self) -> "Foreign":
        """Return the same world without a single real link."""
        return replace(
            self,
            name=f"{self.name}, no links",
            leading=0,
            lagging=0,
            others=self.tests,
        )


FOREIGN = (
    Foreign("long leads", typical_lag=2000),
    Foreign("runs at night", incidents=(1.5, 1.5, 1.5), runs=at_night, noise=at_night),
    Foreign("one long storm", storm=40),
    Foreign("releases", releases=3),
    Foreign("quiet weekends", fails=in_office, noise=in_office),
    Foreign("failing together", grouped=6, failures=0.5),
    Foreign("by local clock", fails=by_local_clock, noise=by_local_clock),
    Foreign("uneven channels", incidents=(2.0, 0.5, 0.5, 0.04, 0.04)),
    Foreign("half blind", seen=0.35, failures=0.8),
)

# Printed, not gated: where the same release breaks tests and channels, its failures
# come in an order, and nothing in their moments tells that neither causes the other.
UNSOLVED = Foreign("harmful releases", releases=3, harm=0.25)


def foreign_world(foreign: Foreign, seed: int) -> World:
    """Return the same world for the same recipe and seed."""
    random = np.random.default_rng([seed, foreign.tests, *map(ord, foreign.name)])
    releases = _drawn(foreign.releases / 7, in_office, foreign, random)
    single = [_incidents(foreign, rate, releases, random) for rate in foreign.incidents]
    storm = START + int(random.integers(20, foreign.days - 20)) * DAY
    episodes = np.array(
        sorted(_episodes(foreign, single, storm), key=lambda row: row[1]),
        dtype=np.int64,
    )
    truth = np.full((foreign.tests, foreign.channels), Direction.NONE, dtype=np.int8)
    failed = _failures(foreign, single, storm, releases, truth, random)
    return World(
        foreign,
        np.repeat(np.arange(foreign.tests), [len(each) for each in failed]),
        np.concatenate(failed),
        episodes,
        _events(episodes),
        truth,
        foreign.end,
    )


def _drawn(rate_per_day, clock, foreign, random):
    """Return ascending moments of a mean rate that lie where the clock lets them."""
    open_share = clock(np.arange(START, START + WEEK, 600)).mean()
    count = random.poisson(rate_per_day * foreign.days / open_share)
    moments = np.sort(random.integers(START, foreign.end, count))
    return moments[clock(moments)]


def _incidents(foreign, rate, releases, random):
    """Return (start, end) rows: most short, a few of many hours, never overlapping."""
    harmful = releases[random.random(len(releases)) < foreign.harm]
    of_releases = harmful + random.integers(0, 2 * HOUR, len(harmful))
    of_itself = _drawn(rate, foreign.fails, foreign, random)
    starts = np.sort(np.concatenate([of_itself, of_releases]))
    lengths = 300 + random.pareto(1.8, len(starts)) * 900
    rows, free = [], 0
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        if start > free:
            rows.append((start, start + int(min(length, 8 * HOUR))))
            free = rows[-1][1] + 900
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def _episodes(foreign, single, storm):
    """Yield (channel, start, end); the storm swallows what it meets."""
    over = storm + foreign.storm * HOUR
    for channel, rows in enumerate(single):
        for start, end in rows.tolist():
            if not foreign.storm or end < storm - 900 or start > over + 900:
                yield channel, start, end
        if foreign.storm:
            yield channel, storm + 60 * channel, over


def _failures(foreign, single, storm, releases, truth, random):
    """Return the failed moments of every test, ascending."""
    failed = []
    for test in range(foreign.tests):
        if test % foreign.grouped == 0:
            shared = _own(foreign, random)
        signals = [shared + random.integers(-90, 91, len(shared))]
        if test < foreign.leading + foreign.lagging:
            signals.append(_linked(foreign, single, test, truth, random))
        broken = releases[random.random(len(releases)) < 0.6]
        signals.append(broken + random.integers(0, 2 * HOUR, len(broken)))
        if foreign.storm:
            signals.append(storm + random.integers(0, foreign.storm * HOUR, 30))
        failed.append(_reported(np.concatenate(signals), foreign, random))
    return failed


def _own(foreign, random):
    """Return failures that have to do with nothing; some tests have many."""
    rate = foreign.failures * random.lognormal(0, 1)
    return _drawn(rate, foreign.noise, foreign, random)


def _linked(foreign, single, test, truth, random):
    """Return when a test fails for its channel, which is written into the truth."""
    leads = test < foreign.leading
    channel = test % foreign.channels
    truth[test, channel] = Direction.PRECEDES if leads else Direction.FOLLOWS
    starts = single[channel][:, 0]
    starts = starts[random.random(len(starts)) < foreign.seen]
    typical = np.log(foreign.typical_lag)
    lags = np.maximum(random.lognormal(typical, 0.7, len(starts)), 150).astype(int)
    return starts - lags if leads else starts + lags


def _reported(signals, foreign, random):
    """Return the runs, a quarter of an hour apart, that fall into 25 minutes of red."""
    runs = np.arange(START + int(random.integers(900)), foreign.end, 900)
    runs = runs[foreign.runs(runs)]
    signals = np.sort(signals)
    last = np.searchsorted(signals, runs, side="right")
    since = runs - np.concatenate([[START - DAY], signals])[last]
    return runs[since <= RED_FOR]


def _events(episodes):
    """Return one event each ten minutes of an episode, as (channel, moment) rows."""
    rows = [
        (channel, moment)
        for channel, start, end in episodes.tolist()
        for moment in range(start, end + 1, 600)
    ]
    return np.array(sorted(rows, key=lambda row: row[1]), dtype=np.int64)
