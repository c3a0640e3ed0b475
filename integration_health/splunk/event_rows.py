"""What does one raw event say? Fields when they were extracted, else the line itself."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from integration_health.splunk.fields import RowRefused, first_of
from integration_health.splunk.moments import UncertainMoment, moment_of
from integration_health.splunk.records import RawRow

_STATUS = ("status", "status_code", "http_status", "sc_status")
_METHOD = ("method", "http_method", "cs_method")
_PATH = ("uri", "url", "uri_path", "path", "request_path", "endpoint")
_LEVEL = ("level", "log_level", "severity")

_REQUEST = re.compile(
    r'"(?P<method>[A-Z]{3,10}) (?P<path>[^\s"]{1,32768})(?: HTTP/[\d.]{1,5})?"'
    r"(?: (?P<status>[1-5]\d\d)\b)?"
)
_ERROR_LEVEL = re.compile(r"\b(?:ERROR|FATAL|SEVERE|CRITICAL)\b")
_EXCEPTION = re.compile(r"\b[\w.]{1,200}(?:Exception|Error)\b")
_LEADING_TIME = re.compile(
    r"^[\[(]?\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?[\])]? *"
)
_WHERE_LEVELS_STAND = 200
_MOST_SEARCHED = 64 * 1024
_SMALLEST_ERROR = 400
_STATUSES = range(100, 600)


class RawEventRow(NamedTuple):
    """One log event.

    ``status`` is the HTTP status, ``None`` where there is none; ``path`` is empty then.
    ``text`` is the first line without its time, not yet scrubbed. ``identity`` is the
    same for the same event in another export.
    """

    line: int
    occurred_at: datetime
    method: str
    path: str
    status: int | None
    is_error: bool
    host: str
    source: str
    text: str
    identity: str


def event_row(row: RawRow, zone: ZoneInfo | None) -> RawEventRow:
    """Return the event of a row.

    An error is a status of 400 and above, or without a status a line at level ERROR or
    worse, or one that names an exception.
    Raises: :class:`RowRefused` without a certain time or without ``_raw``.
    """
    fields = row.fields
    raw = _text(fields, ("_raw",))
    if not raw:
        raise RowRefused("_raw", _("The event's text is missing."))
    moment = _moment(fields, zone)
    request = _REQUEST.search(raw[:_MOST_SEARCHED])
    found = request.groupdict() if request else {}
    status = _status(fields, found.get("status"))
    path = _text(fields, _PATH) or found.get("path") or ""
    return RawEventRow(
        line=row.line,
        occurred_at=moment,
        method=_text(fields, _METHOD) or found.get("method") or "",
        path=path,
        status=status,
        is_error=_is_error(fields, raw, status),
        host=_text(fields, ("host",)),
        source=_text(fields, ("source",)),
        text=_LEADING_TIME.sub("", raw.partition("\n")[0].strip()),
        identity=_identity(fields, moment, raw),
    )


def _text(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    """Return the first text among the names; of several values the first."""
    value = first_of(fields, names)[1]
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value)


def _moment(fields: Mapping[str, object], zone: ZoneInfo | None) -> datetime:
    text = _text(fields, ("_time",))
    if not text:
        raise RowRefused("_time", _("The time is missing. Export with _time."))
    try:
        return moment_of(text, zone)
    except UncertainMoment as uncertain:
        raise RowRefused("_time", str(uncertain)) from uncertain


def _status(fields: Mapping[str, object], in_line: str | None) -> int | None:
    text = _text(fields, _STATUS).strip()
    if not (text.isascii() and text.isdigit() and int(text[:4]) in _STATUSES):
        text = in_line or ""
    return int(text) if text else None


def _is_error(fields: Mapping[str, object], raw: str, status: int | None) -> bool:
    if status is not None:
        return status >= _SMALLEST_ERROR
    if level := _text(fields, _LEVEL):
        return _ERROR_LEVEL.search(level.upper()) is not None
    start = raw[:_WHERE_LEVELS_STAND]
    return bool(_ERROR_LEVEL.search(start) or _EXCEPTION.search(start))


def _identity(fields: Mapping[str, object], moment: datetime, raw: str) -> str:
    """Return what Splunk calls the event, or else a hash of what it says and when."""
    bucket, address = _text(fields, ("_bkt",)), _text(fields, ("_cd",))
    parts = (
        [bucket, address]
        if bucket and address
        else [
            moment.astimezone(UTC).isoformat(),
            _text(fields, ("host",)),
            _text(fields, ("source",)),
            raw,
        ]
    )
    text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).hexdigest()
