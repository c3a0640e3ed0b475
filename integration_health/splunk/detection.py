"""Which format is a file? Told by its content, never by its name."""

import re
from collections.abc import Iterator

import msgspec
from django.utils.translation import gettext as _

from integration_health.splunk.errors import UnreadableExport
from integration_health.splunk.records import ExportFormat, excerpt

HEAD_BYTES = 64 * 1024

_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_OFFICE_97 = b"\xd0\xcf\x11\xe0"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
_MOST_CONTROL = 0.05
_HTML = re.compile(r"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title>([^<]{0,200})", re.IGNORECASE)
_ROWS_BEGIN = re.compile(r'"(?:results|rows|columns)"\s*:\s*\[')
_GOES_ON = re.compile(r"[{\[,:]\s*$")
_LOG_LINE = re.compile(
    r'"[A-Z]{3,10} \S+ HTTP/|^\d{1,3}(?:\.\d{1,3}){3} |^\[?\d{4}-\d\d-\d\d[ T]\d\d:'
    r"|^[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:"
)


def refuse_binary(head: bytes) -> None:
    """Raises: :class:`UnreadableExport` for archives and office files, with the cure."""
    if head.startswith(_ARCHIVES):
        raise UnreadableExport(
            _(
                "The file is compressed, or an Excel workbook. Unpack it, or save the "
                "workbook as CSV UTF-8."
            ),
            kind="archive",
        )
    if head.startswith((_OFFICE_97, b"%PDF")):
        raise UnreadableExport(
            _("The file is an office document. Export from Splunk as JSON or CSV."),
            kind="office_document",
        )


def format_of(head: str, *, whole: bool) -> ExportFormat:
    """Return the format of a text by its first 64 KiB, which may be all of it (``whole``).

    Raises: :class:`UnreadableExport` for what is no export: a web page, raw text, or
        bytes that are no text.
    """
    text = head.lstrip()
    if not text:
        return ExportFormat.EMPTY
    if len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        raise UnreadableExport(
            _("The file is not text. Export from Splunk as JSON or CSV."),
            kind="not_text",
        )
    if text.startswith("<"):
        return _markup(text)
    if text.startswith("{"):
        return _json_object(text, whole=whole)
    if text.startswith("["):
        return _json_array(text)
    _refuse_raw_text(text)
    return ExportFormat.CSV


def _markup(text: str) -> ExportFormat:
    if _HTML.search(text):
        title = _TITLE.search(text)
        raise UnreadableExport(
            _(
                "The file is a web page%(title)s, not an export: the download was "
                "answered by a sign-in page. Sign in to Splunk and export again."
            )
            % {"title": f" ({excerpt(title[1].strip())})" if title else ""},
            kind="web_page",
        )
    return ExportFormat.XML


def _json_object(text: str, *, whole: bool) -> ExportFormat:
    """Tell JSON lines from one document, which may be written over many lines."""
    lines = _nonblank_lines(text)
    first = next(lines)
    try:
        item = msgspec.json.decode(first)
    except (msgspec.DecodeError, RecursionError):
        if _ROWS_BEGIN.search(first) or _GOES_ON.search(first):
            return ExportFormat.JSON_DOCUMENT
        return ExportFormat.JSON_LINES
    alone = whole and next(lines, None) is None
    if item.keys() & {"results", "rows", "columns"}:
        return ExportFormat.JSON_DOCUMENT
    if alone and "results_link" in item:
        return ExportFormat.JSON_DOCUMENT
    return ExportFormat.JSON_LINES


def _json_array(text: str) -> ExportFormat:
    inside = text[1:].lstrip()[:1]
    return ExportFormat.JSON_DOCUMENT if inside in "{[]" else ExportFormat.JSON_LINES


def _refuse_raw_text(text: str) -> None:
    if _LOG_LINE.search(next(_nonblank_lines(text))):
        raise UnreadableExport(
            _(
                "The file is raw text: log lines without fields. In Splunk, export "
                "again and choose the format JSON or CSV instead of Raw events."
            ),
            kind="raw_text",
        )


def _nonblank_lines(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.strip())
