"""How are moments written? Relative to now, and absolute in the reader's zone."""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from qa_observability.web.formats import MINUS

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_HOURS_BECOME_DAYS: Final = 2 * _DAY
_SHORT_ENOUGH_FOR_MINUTES: Final = 10 * _HOUR
_MOST_KEPT: Final = 1024  # the moments of a few pages; most stay from one to the next


def duration(length: timedelta) -> str:
    """Return a length of time in at most two units: "2 h 10 min", "3 d", "40 s".

    Minutes beside hours only under ten hours, hours beside days only under ten days;
    negative lengths count as none.
    """
    seconds = max(int(length.total_seconds()), 0)
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < _HOURS_BECOME_DAYS:
        return _two_units(seconds, _HOUR, _("h"), _MINUTE, "min")
    return _two_units(seconds, _DAY, _("d"), _HOUR, _("h"))


def duration_words(seconds: int) -> str:
    """Return seconds as :func:`duration` writes them."""
    return duration(timedelta(seconds=seconds))


def relative(moment: datetime, now: datetime) -> str:
    """Return the distance to now in its largest unit: "2 h ago", "in 5 min"."""
    seconds = int((now - moment).total_seconds())
    if abs(seconds) < _MINUTE:
        return _("just now") if seconds >= 0 else _("in a moment")
    written = _largest_unit(abs(seconds))
    template = _("%(age)s ago") if seconds > 0 else _("in %(age)s")
    return template % {"age": written}


def absolute(moment: datetime, zone: tzinfo) -> str:
    """Return day, time and offset: "Tue 24 Nov 2026, 14:05 UTC+2"."""
    return _absolute(moment, zone, get_language())


@lru_cache(maxsize=_MOST_KEPT)
def _absolute(moment: datetime, zone: tzinfo, _language: str | None) -> str:
    local = moment.astimezone(zone)
    written = date_format(local, pgettext("date format", "D j M Y, H:i"))
    return f"{written} {offset(local)}"


def between(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Return a stretch of time: "24 Nov 2026, 09:00 – 10:00 UTC+2"."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = f"{last:%H:%M} {offset(last)}"
    if first.date() == last.date():
        return f"{_day_of_year(first)}, {first:%H:%M} – {until}"
    is_one_year = first.year == last.year
    since = short_day(first) if is_one_year else _day_of_year(first)
    return f"{since}, {first:%H:%M} – {_day_of_year(last)}, {until}"


def clock(moment: datetime, zone: tzinfo) -> str:
    """Return the time of day in a zone, with seconds: "14:32:05"."""
    return f"{moment.astimezone(zone):%H:%M:%S}"


def offset(moment: datetime) -> str:
    """Return an aware moment's offset: "UTC", "UTC+2", "UTC+5:30", "UTC−3"."""
    delta = moment.utcoffset() or timedelta()
    minutes = int(delta.total_seconds()) // 60
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else MINUS
    return f"UTC{sign}{hours}:{rest:02d}" if rest else f"UTC{sign}{hours}"


def short_day(day: date) -> str:
    """Return an axis label: "24 Nov"."""
    return date_format(day, pgettext("date format", "j M"))


def short_moment(moment: datetime) -> str:
    """Return a local moment of the last months: "24 Nov, 14:05"."""
    return date_format(moment, pgettext("date format", "j M, H:i"))


def long_day(day: date) -> str:
    """Return a day in full: "Tue 24 Nov 2026"."""
    return date_format(day, pgettext("date format", "D j M Y"))


def day_range(first: date, last: date) -> str:
    """Return an inclusive range of days: "26 Oct – 24 Nov 2026"."""
    is_one_year = first.year == last.year
    start = short_day(first) if is_one_year else _day_of_year(first)
    return f"{start} – {_day_of_year(last)}"


def _day_of_year(day: date) -> str:
    return date_format(day, pgettext("date format", "j M Y"))


def _largest_unit(seconds: int) -> str:
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < _HOURS_BECOME_DAYS:
        return f"{seconds // _HOUR} {_('h')}"
    return f"{seconds // _DAY} {_('d')}"


def _two_units(seconds: int, large: int, name: str, small: int, rest_name: str) -> str:
    count, rest = seconds // large, seconds % large // small
    if rest == 0 or count >= _SHORT_ENOUGH_FOR_MINUTES // _HOUR:
        return f"{count} {name}"
    return f"{count} {name} {rest} {rest_name}"
