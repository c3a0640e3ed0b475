"""Which week does a report speak of, and when is that week's report due?"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self

from qa_observability.lib.periods import ONE_DAY, Window, start_of_day, utc_day

DAYS_OF_A_WEEK = 7
DUE_AT = time(6)  # people find it when they come in on Monday
_WEEK = timedelta(days=DAYS_OF_A_WEEK)
_WRITTEN = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """A week of ISO 8601: seven UTC days from a Monday on.

    Raises: ``ValueError`` for a week that its year does not have.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the week written as ``2026-W47``; ``ValueError`` when it is none."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a week such as 2026-W47")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week that holds a day."""
        year, number, _weekday = day.isocalendar()
        return cls(year, number)

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def first_day(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Its Sunday."""
        return self.first_day + _WEEK - ONE_DAY

    @property
    def window(self) -> Window:
        """From Monday to the next, excluded; UTC."""
        start = start_of_day(self.first_day)
        return Window(start, start + _WEEK)

    def previous(self) -> Self:
        """Return the week before."""
        return type(self).of(self.first_day - ONE_DAY)


def last_complete_week(now: datetime) -> IsoWeek:
    """Return the newest week whose seven UTC days are over."""
    return IsoWeek.of(utc_day(now)).previous()


def due_week(now: datetime, zone: tzinfo) -> IsoWeek:
    """Return the newest week whose report is due: from Monday 06:00 in ``zone`` on.

    East of UTC+6 that hour comes before the week's last UTC day is over; its report is
    due when the day is.
    """
    week = last_complete_week(now)
    monday = utc_day(week.window.end)
    due_at = datetime.combine(monday, DUE_AT, tzinfo=zone).astimezone(UTC)
    return week if now >= due_at else week.previous()
