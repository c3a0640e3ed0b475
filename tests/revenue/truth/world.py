"""A month of stays, one by one: what really was lost, and what monitoring saw of it.

Nothing here uses the calculator. Each channel takes stays (a value and a moment) as a
Poisson process. A stay is lost when the booking fails (at the true rate of its moment),
or when a broken price or fee sync reached it and the guest went elsewhere (the true
leakage). What monitoring sees are counts of failures with their retries, and rates as
steps; from that alone the estimate must be made.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

DAYS = 30
FIRST = date(2026, 1, 1)
INTERVALS = 144  # of ten minutes, in a day
STEP_HOURS = 2  # a rate is measured so often
FINGERPRINTS = 40
BENCHMARK = (0.03, 0.07)


@dataclass(frozen=True)
class SeenRate:
    """One rate over one day, in days: its integral and the time it is known for."""

    weighted: float
    measured: float


@dataclass(frozen=True)
class SeenDay:
    """What monitoring knows of one channel and day."""

    channel: str
    day: date
    failures: dict[str, int]
    loss: SeenRate
    pricing: SeenRate
    fees: SeenRate


@dataclass(frozen=True)
class Channel:
    """What is true of a channel, whether or not anyone knows it."""

    name: str
    value: float
    bookings_per_day: int
    leakage: float


@dataclass(frozen=True)
class Month:
    """What was seen of all channels, and the money really lost."""

    channels: list[Channel]
    days: list[SeenDay]
    lost: float


def live_a_month(seed: int, *, by_rate: bool, leakage: float | None = None) -> Month:
    """Return one month; ``leakage`` is the same everywhere, else drawn per channel.

    ``by_rate``: pricing and fees break as a share of the traffic, which is measured.
    Otherwise they break as single faults, each of which exposes one stay and is retried
    up to thousands of times.
    """
    chance = np.random.default_rng(seed)
    channels = [_channel(chance, name, leakage) for name in ("a", "b", "c", "d")]
    seen, lost = [], 0.0
    for channel in channels:
        for number in range(DAYS):
            day, money = _live_a_day(chance, channel, number, by_rate=by_rate)
            seen.append(day)
            lost += money
    return Month(channels, seen, lost)


def _channel(chance: np.random.Generator, name: str, leakage: float | None) -> Channel:
    return Channel(
        name,
        value=round(chance.uniform(150, 400), 2),
        bookings_per_day=int(chance.integers(2500, 5500)),
        leakage=round(chance.uniform(*BENCHMARK), 4) if leakage is None else leakage,
    )


def _live_a_day(
    chance: np.random.Generator, channel: Channel, number: int, *, by_rate: bool
) -> tuple[SeenDay, float]:
    stays = chance.poisson(channel.bookings_per_day)
    moments = chance.uniform(0, 1, stays)
    values = _values(chance, channel, stays)
    loss, pricing, fees = (_steps(chance, level) for level in (0.02, 0.04, 0.03))
    refused = chance.uniform(size=stays) < _at(loss, moments)
    lost = refused.copy()
    failures: dict[str, int] = {}
    money = 0.0
    if by_rate:
        for rate in (pricing, fees):
            reached = chance.uniform(size=stays) < _at(rate, moments)
            lost |= reached & (chance.uniform(size=stays) < channel.leakage)
    else:
        for name in ("pricing_sync_error", "fee_sync_error"):
            failures[name], leaked = _faults(chance, channel, stays)
            money += leaked
    blind = (
        chance.uniform() < 0.1
    )  # nobody measured bookings; each refusal was reported
    if blind:
        failures["booking_loss"] = int(refused.sum())
    return (
        SeenDay(
            channel.name,
            FIRST + timedelta(days=number),
            failures,
            SeenRate(0.0, 0.0) if blind else _seen(loss),
            _seen(pricing) if by_rate else SeenRate(0.0, 0.0),
            _seen(fees) if by_rate else SeenRate(0.0, 0.0),
        ),
        money + float(values[lost].sum()),
    )


def _faults(
    chance: np.random.Generator, channel: Channel, stays: int
) -> tuple[int, float]:
    """Break single syncs; return distinct faults seen among all retries, and the loss."""
    expected = 0.35 * channel.bookings_per_day
    if chance.uniform() < 0.03:
        expected *= 4  # an outage: more faults than there are stays to lose
    number = min(chance.poisson(expected), FINGERPRINTS * INTERVALS)
    places = chance.choice(FINGERPRINTS * INTERVALS, number, replace=False)
    retries = 1 + chance.geometric(0.3, number) * chance.choice([1, 1, 1, 50], number)
    attempts = np.repeat(places, retries)
    seen = len(np.unique(attempts))
    exposed = min(number, stays)
    gone = chance.uniform(size=exposed) < channel.leakage
    return seen, float(_values(chance, channel, int(gone.sum())).sum())


def _values(chance: np.random.Generator, channel: Channel, number: int) -> np.ndarray:
    """Draw what stays are worth: log-normal, of the channel's mean."""
    spread = 0.6
    return chance.lognormal(np.log(channel.value) - spread**2 / 2, spread, number)


def _steps(chance: np.random.Generator, level: float) -> np.ndarray:
    """Draw a day's true rate, step by step: mostly low, at times many times as high."""
    number = 24 // STEP_HOURS
    bursts = chance.choice([0.3, 1.0, 4.0], number, p=[0.5, 0.35, 0.15])
    return np.clip(level * bursts * chance.uniform(0.7, 1.3, number), 0, 1)


def _at(steps: np.ndarray, moments: np.ndarray) -> np.ndarray:
    number = (moments * len(steps)).astype(int)
    return np.take(steps, number)


def _seen(steps: np.ndarray) -> SeenRate:
    return SeenRate(float(steps.mean()), 1.0)
