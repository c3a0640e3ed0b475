"""When was it? Splunk writes moments in several forms, one of them ambiguous."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

_EPOCH_SECONDS = re.compile(r"\d{9,10}(?:\.\d{1,9})?")
_DISPLAYED = re.compile(
    r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?) ?([A-Za-z]{1,5}|[+-]\d\d)?"
)
_UTC_NAMES = frozenset(("UTC", "GMT", "Z"))
_FIRST_YEAR = 2000


class UncertainMoment(Exception):
    """A text that names no certain moment; the message says why and what to do."""


@lru_cache(maxsize=4096)
def moment_of(text: str, zone: ZoneInfo | None) -> datetime:
    """Return the aware UTC moment of a ``_time`` value.

    Epoch seconds, ISO 8601 with or without a colon in the offset, and the display form of
    Splunk Web with ``UTC`` or an offset are certain. Other abbreviations, and none at
    all, are read in ``zone``, the one chosen at import; an abbreviation must be what that
    zone was called at the moment, which also settles the hour that occurs twice.
    Raises: :class:`UncertainMoment`; nothing is guessed.
    """
    text = text.strip()
    if _EPOCH_SECONDS.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    if displayed := _DISPLAYED.fullmatch(text):
        return _displayed(displayed[1], displayed[2] or "", zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise UncertainMoment(
            _("The time is in no form that Splunk writes.")
        ) from unreadable
    return _in_utc(moment if moment.tzinfo else _in_zone(moment, "", zone))


def _displayed(local: str, name: str, zone: ZoneInfo | None) -> datetime:
    try:
        moment = datetime.fromisoformat(_with_microseconds(local))
    except ValueError as impossible:
        raise UncertainMoment(_("There is no such date or time.")) from impossible
    if name in _UTC_NAMES:
        return _in_utc(moment.replace(tzinfo=UTC))
    if name[:1] in {"+", "-"}:
        offset = timezone(timedelta(hours=int(name)))
        return _in_utc(moment.replace(tzinfo=offset))
    return _in_utc(_in_zone(moment, name, zone))


def _in_zone(moment: datetime, name: str, zone: ZoneInfo | None) -> datetime:
    if zone is None:
        raise UncertainMoment(
            _("The zone %(name)s is not certain; choose one at import.")
            % {"name": f"'{name}'"}
            if name
            else _("The time names no zone; choose one at import.")
        )
    candidates = [moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    if not name:
        if candidates[0].utcoffset() != candidates[1].utcoffset():
            raise UncertainMoment(
                _("The time occurs twice, or never, in %(zone)s; its zone is missing.")
                % {"zone": zone}
            )
        return candidates[0]
    for candidate in candidates:
        if candidate.tzname() == name:
            return candidate
    raise UncertainMoment(
        _("%(zone)s was not called %(name)s then.") % {"zone": zone, "name": name}
    )


def _with_microseconds(local: str) -> str:
    """Cut the fraction to six digits, which is what Python 3.11 reads."""
    whole, separator, fraction = local.replace(",", ".").partition(".")
    return f"{whole}.{fraction[:6]:0<6}" if separator else whole


def _in_utc(moment: datetime) -> datetime:
    if moment.year < _FIRST_YEAR:
        raise UncertainMoment(_("The time lies before the year 2000."))
    try:
        return moment.astimezone(UTC)
    except OverflowError as beyond:
        raise UncertainMoment(_("There is no such date or time.")) from beyond
