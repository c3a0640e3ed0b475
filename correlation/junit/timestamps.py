"""When did it run? Moments in many spellings, each with how far it can be trusted."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from correlation.domain.moments import is_believable
from correlation.enums import TimeBasis

LONGEST = 64  # characters; no spelling of a moment needs more
_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCKED = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\s?(\d{2}:\d{2}.*)", re.ASCII)
_EPOCH_SECONDS = re.compile(r"\d{10}(\.\d+)?", re.ASCII)
_EPOCH_MILLISECONDS = re.compile(r"\d{13}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware UTC moment and its trust."""

    at: datetime
    basis: TimeBasis


def moment(text: str | None, *, zone: tzinfo | None, now: datetime) -> Moment | None:
    """Return the moment ``text`` names, or ``None`` when it names none we believe.

    A moment without a zone is taken in ``zone``; where none was chosen for the source, in
    UTC and marked as assumed. Believed: from the year 2000 up to one day after ``now``.
    Source: contracts/junit.md, section 6.
    """
    stripped = (text or "").strip()
    if len(stripped) > LONGEST:
        return None
    found = _iso(stripped) or _epoch(stripped) or _mail_date(stripped)
    if found is None:
        return None
    basis = _basis(stripped, found, zone)
    at = found if found.tzinfo else found.replace(tzinfo=zone or UTC)
    if not is_believable(at, now=now):
        return None
    return Moment(at.astimezone(UTC), basis)


def _basis(text: str, found: datetime, zone: tzinfo | None) -> TimeBasis:
    if _DATE_ONLY.fullmatch(text):
        return TimeBasis.DATE_ONLY
    if found.tzinfo is None and zone is None:
        return TimeBasis.ZONE_ASSUMED
    return TimeBasis.EXACT


def _iso(text: str) -> datetime | None:
    clocked = _CLOCKED.fullmatch(text)
    if clocked:
        text = "T".join(clocked.groups())
    elif not _DATE_ONLY.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    if _EPOCH_SECONDS.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    if _EPOCH_MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return None


def _mail_date(text: str) -> datetime | None:
    """Read RFC 2822, which always starts with a weekday or a day and a month's name."""
    if not re.search(r"[A-Za-z]{3}", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
