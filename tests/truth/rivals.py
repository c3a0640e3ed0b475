"""What would simpler formulas have answered? Three baselines and the method."""

import math

import numpy as np

from correlation.domain.alarms import Alarms, alarm_flags
from correlation.domain.counts import count
from correlation.domain.episodes import Episodes
from correlation.domain.observation import observe
from correlation.domain.significance import adjusted
from correlation.domain.verdicts import Direction, judge
from correlation.domain.zones import DEFAULT_WINDOW_SECONDS as WINDOW
from tests.truth.channels import START
from tests.truth.world import World

HOUR = 3600
FEWEST = 3


def method(world: World):
    """Return the verdicts of the real thing."""
    flags = alarm_flags(world.tests, world.moments, WINDOW)
    alarms = Alarms.sorted(world.tests[flags], world.moments[flags], world.level.tests)
    watched = observe(
        episodes_of(world), start=START, end=world.end, window_seconds=WINDOW
    )
    return judge(count(alarms, watched))


def episodes_of(world: World):
    channels, starts, ends = world.episodes.T
    return Episodes.sorted(channels, starts, ends, world.level.channels)


def naive_proximity(world: World):
    """Link when most failures of the test have an event of the channel within W."""
    links = np.zeros(world.truth.shape, dtype=bool)
    for channel in range(world.level.channels):
        events = world.events[world.events[:, 0] == channel, 1]
        last = np.searchsorted(events, world.moments + WINDOW, side="right")
        near = last > np.searchsorted(events, world.moments - WINDOW)
        links[:, channel] = _share(world.tests, near, world.level.tests) >= 0.5
    return links


def _share(tests, flags, test_count):
    total = np.bincount(tests, minlength=test_count)
    return np.bincount(tests, weights=flags, minlength=test_count) / np.maximum(
        total, 1
    )


def _hours(world: World):
    """Return hours with a failure per test, and hours before an episode per channel."""
    hours = (world.end - START) // HOUR
    failing = np.zeros((world.level.tests, hours), dtype=bool)
    failing[world.tests, (world.moments - START) // HOUR] = True
    ahead = np.zeros((world.level.channels, hours + 1), dtype=bool)
    ahead[world.episodes[:, 0], (world.episodes[:, 1] - START) // HOUR] = True
    return failing[:, :-1], ahead[:, 1:hours]


def _table(world: World):
    failing, ahead = _hours(world)
    both = failing.astype(int) @ ahead.T.astype(int)
    return both, failing.sum(axis=1)[:, None], ahead.sum(axis=1)[None], ahead.shape[1]


def lift(world: World):
    """Link when an episode is twice as likely in the hour after a failure."""
    both, failing, ahead, hours = _table(world)
    return (both >= FEWEST) & (both * hours >= 2 * failing * ahead)


def fisher(world: World):
    """Link by Fisher's exact test on hours, with Benjamini and Hochberg at 5 %."""
    both, failing, ahead, hours = _table(world)
    p_values = np.array(
        [
            _hypergeometric(int(k), int(n), int(a), hours)
            for k, n, a in np.broadcast(both, failing, ahead)
        ]
    )
    return (adjusted(p_values).reshape(both.shape) <= 0.05) & (both >= FEWEST)


def _hypergeometric(hits, drawn, marked, total):
    """Return P(X >= hits) when ``drawn`` of ``total`` are drawn, ``marked`` count."""
    whole = _choose(total, drawn)
    return sum(
        math.exp(_choose(marked, k) + _choose(total - marked, drawn - k) - whole)
        for k in range(hits, min(drawn, marked) + 1)
        if drawn - k <= total - marked
    )


def _choose(n, k):
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


RIVALS = {
    "naive proximity": naive_proximity,
    "lift on episodes": lift,
    "Fisher on episodes": fisher,
    "this method": lambda world: method(world).direction == Direction.PRECEDES,
}
