"""Which days does a period cover? Whole UTC days, half-open, today so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)


def start_of_day(day: date) -> datetime:
    """Return the first moment of a UTC day."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def utc_day(moment: datetime) -> date:
    """Return the UTC day of an aware moment."""
    return moment.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Window:
    """Moments from ``start`` up to, not including, ``end``; both aware.

    Raises: ``ValueError`` for naive moments, or an end before its start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs aware moments")
        if self.end < self.start:
            raise ValueError("a window cannot end before it starts")

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    @property
    def first_day(self) -> date:
        """The UTC day of the first moment."""
        return utc_day(self.start)

    @property
    def last_day(self) -> date:
        """The UTC day of the last moment inside; the first day when empty."""
        if self.end == self.start:
            return self.first_day
        return utc_day(self.end - timedelta(microseconds=1))

    def days(self) -> Iterator[date]:
        """Yield every UTC day the window touches, oldest first."""
        day, last = self.first_day, self.last_day
        while day <= last:
            yield day
            day += ONE_DAY

    def contains(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def overlap(self, other: "Window") -> timedelta:
        """Return how long both hold at once; zero when they do not meet."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return max(end - start, timedelta())


class Period(StrEnum):
    """What people choose from: N UTC days ending today, today so far."""

    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "1y"

    @property
    def days(self) -> int:
        """7, 30, 90 or 365."""
        return _DAYS[self]

    def window(self, *, ending: datetime) -> Window:
        """Return the period's days up to ``ending``, which is its (exclusive) end."""
        first = utc_day(ending) - (self.days - 1) * ONE_DAY
        return Window(start_of_day(first), ending)

    def previous(self, *, ending: datetime) -> Window:
        """Return the same number of whole days right before :meth:`window`."""
        end = self.window(ending=ending).start
        return Window(end - self.days * ONE_DAY, end)


_DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90, Period.YEAR: 365}
DEFAULT_PERIOD = Period.MONTH
