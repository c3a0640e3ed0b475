"""Into which steps does a period fall on a chart? Days, or weeks for a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qa_observability.lib.periods import Period, Window
from qa_observability.web.charts.trend import Bucket
from qa_observability.web.times import day_range, long_day, short_day

_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Grid:
    """The steps of one period; a week's step holds seven days, the oldest may hold fewer.

    ``key`` tells charts apart that may share a crosshair.
    """

    key: str
    name: str
    steps: tuple[tuple[date, ...], ...]

    def buckets(self) -> tuple[Bucket, ...]:
        """Return each step's short label and its name in full."""
        language = get_language()
        return tuple(_bucket(step, language) for step in self.steps)

    def sums(self, values: Mapping[date, Decimal | int]) -> tuple[Decimal | None, ...]:
        """Return the sum of each step; None where no day of it has a value."""
        return tuple(
            _sum([values[day] for day in s if day in values]) for s in self.steps
        )

    def means(
        self, values: Mapping[date, tuple[Decimal, int]]
    ) -> tuple[Decimal | None, ...]:
        """Return the weighted mean of each step, given value and weight per day.

        None where no day has a weight.
        """
        return tuple(
            _mean([values[day] for day in s if day in values]) for s in self.steps
        )


def grid_for(period: Period, window: Window) -> Grid:
    """Return the steps of a window: weeks, counted back from today, for a year."""
    days = tuple(window.days())
    if period is not Period.YEAR:
        return Grid("day", _("Day"), tuple((day,) for day in days))
    first = len(days) % _WEEK or _WEEK
    weeks = (
        days[:first],
        *(days[n : n + _WEEK] for n in range(first, len(days), _WEEK)),
    )
    return Grid("week", _("Week"), weeks)


@lru_cache(maxsize=4096)  # a year's days in each language, and weeks
def _bucket(step: tuple[date, ...], _language: str | None) -> Bucket:
    if len(step) == 1:
        return Bucket(short_day(step[0]), long_day(step[0]))
    return Bucket(short_day(step[0]), day_range(step[0], step[-1]))


def _sum(values: list[Decimal | int]) -> Decimal | None:
    return sum(map(Decimal, values), Decimal(0)) if values else None


def _mean(values: list[tuple[Decimal, int]]) -> Decimal | None:
    weight = sum(seconds for _value, seconds in values)
    if not weight:
        return None
    return sum((value * seconds for value, seconds in values), Decimal(0)) / weight
