"""What happens in the sample quarter? The plot, before any file is written.

Airbnb's fee sync breaks again and again, and one smoke test sees it coming by about forty
minutes. Booking.com has a pricing problem that is going on right now. Twice a platform-wide
storm takes three channels down at once. Vrbo is maintained every week at night. HMBN is
entered by hand, and nobody has done so for three days.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from qa_observability.lib.periods import ONE_DAY, start_of_day, utc_day

SEED = 20260110
DAYS = 90
SMOKE_EVERY = timedelta(minutes=30)
BIN = timedelta(minutes=5)

AIRBNB_FEES = (2, 6, 11, 17, 23, 29, 34, 41, 48, 56, 63, 71, 80)
BOOKING_PRICES = (3, 9, 15, 22, 31, 39, 47, 58, 69, 78)
VRBO_BOOKINGS = (4, 13, 26, 44, 60, 75)
STORMS = (20, 52)
UNANNOUNCED = 6
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Episode:
    """A channel fails in one aspect from ``start`` to ``end``.

    ``error_ratio`` is the share of that aspect's requests that fail, 0-1.
    """

    channel: str
    aspect: str
    start: datetime
    end: datetime
    error_ratio: float


@dataclass(frozen=True, slots=True)
class Story:
    """The quarter from ``start`` to ``end`` (both UTC, ``end`` on a 5-minute step).

    ``fee_warnings`` and ``price_warnings`` are the smoke runs in which a precursor test
    turns red; a few of them are false alarms.
    """

    start: datetime
    end: datetime
    episodes: tuple[Episode, ...]
    fee_warnings: tuple[datetime, ...]
    price_warnings: tuple[datetime, ...]
    deploys: tuple[tuple[datetime, str | None, str], ...]
    maintenance_start: datetime
    last_hand_entry: datetime

    def in_maintenance(self, moment: datetime) -> bool:
        """Tell whether Vrbo's weekly hour holds at ``moment``."""
        since = moment - self.maintenance_start
        return since >= timedelta() and since % (7 * ONE_DAY) < timedelta(hours=1)


def tell(end: datetime) -> Story:
    """Return the story of the 90 UTC days that end at ``end``; same end, same story."""
    random = Random(SEED)
    end = floor(end.astimezone(UTC), BIN)
    start = start_of_day(utc_day(end)) - (DAYS - 1) * ONE_DAY
    fees, fee_warnings = _announced(random, end, "airbnb", "fees", AIRBNB_FEES, lead=40)
    prices, price_warnings = _announced(
        random, end, "booking-com", "pricing", BOOKING_PRICES, lead=25
    )
    ongoing = Episode(
        "booking-com", "pricing", end - timedelta(hours=2, minutes=10), end, 0.09
    )
    episodes = [*fees, *prices, ongoing]
    episodes += _bookings(random, end) + _storms(random, end)
    return Story(
        start=start,
        end=end,
        episodes=tuple(sorted(episodes, key=lambda e: (e.start, e.channel))),
        fee_warnings=fee_warnings,
        price_warnings=(
            *price_warnings,
            floor(ongoing.start, SMOKE_EVERY) - SMOKE_EVERY,
        ),
        deploys=_deploys(end),
        maintenance_start=start + timedelta(days=2, hours=3),
        last_hand_entry=end - timedelta(days=3, hours=2),
    )


def _announced(
    random: Random,
    end: datetime,
    channel: str,
    aspect: str,
    days_ago: tuple[int, ...],
    *,
    lead: int,
) -> tuple[list[Episode], tuple[datetime, ...]]:
    """Return episodes ``lead`` minutes after a red smoke run, and those runs.

    Every sixth episode comes unannounced, and two more red runs announce nothing.
    """
    episodes, warnings = [], []
    for number, days in enumerate(days_ago):
        run = _a_run(random, end, days)
        start = run + timedelta(minutes=lead + random.randint(-6, 6))
        episodes.append(
            Episode(
                channel,
                aspect,
                start,
                start + timedelta(minutes=random.randint(25, 85)),
                random.uniform(0.35, 0.8),
            )
        )
        if (number + 1) % UNANNOUNCED:
            warnings.append(run)
    false_alarms = [_a_run(random, end, days_ago[i] + 1) for i in (1, 7)]
    return episodes, tuple(sorted(warnings + false_alarms))


def _bookings(random: Random, end: datetime) -> list[Episode]:
    episodes = []
    for days in VRBO_BOOKINGS:
        start = _a_run(random, end, days) + timedelta(minutes=random.randint(3, 27))
        length = timedelta(minutes=random.randint(30, 120))
        ratio = random.uniform(0.3, 0.6)
        episodes.append(Episode("vrbo", "booking", start, start + length, ratio))
    return episodes


def _storms(random: Random, end: datetime) -> list[Episode]:
    """Return episodes of three channels that start within ten minutes of each other."""
    episodes = []
    for days in STORMS:
        start = _a_run(random, end, days) + timedelta(minutes=10)
        for late, channel in enumerate(("booking-com", "airbnb", "vrbo")):
            begin = start + timedelta(minutes=2 * late)
            stop = begin + timedelta(minutes=50)
            episodes.append(Episode(channel, "pricing", begin, stop, 0.9))
            episodes.append(Episode(channel, "booking", begin, stop, 0.9))
    return episodes


def _deploys(end: datetime) -> tuple[tuple[datetime, str | None, str], ...]:
    return tuple(
        sorted(
            (end - timedelta(days=days, hours=hours), channel, text)
            for days, hours, channel, text in (
                (0, 3, "booking-com", "Rate plan mapping 4.2 deployed"),
                (8, 5, None, "PMS release 2026.11 deployed"),
                (24, 2, "airbnb", "Fee engine 3.0 deployed"),
                (36, 6, None, "PMS release 2026.10 deployed"),
                (66, 4, None, "PMS release 2026.09 deployed"),
            )
        )
    )


def _a_run(random: Random, end: datetime, days_ago: int) -> datetime:
    """Return a smoke run of working hours, ``days_ago`` days before the last day."""
    day = start_of_day(utc_day(end)) - days_ago * ONE_DAY
    return day + timedelta(hours=random.randint(8, 18), minutes=random.choice((0, 30)))


def floor(moment: datetime, step: timedelta) -> datetime:
    """Return the last whole ``step`` of the UTC day at or before ``moment``."""
    day = start_of_day(utc_day(moment))
    return day + (moment - day) // step * step
