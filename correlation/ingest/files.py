"""Which format is it, and what comes in? Each door hands its bytes to one of these."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from correlation.domain.moments import is_believable
from correlation.ingest.results import Reading, ResultsImport, import_results
from correlation.ingest.rows import Run
from correlation.junit.reader import read_report
from correlation.lines.reader import (
    REVISION_LENGTH,
    RUN_LENGTH,
    SOURCE_LENGTH,
    read_array,
    read_lines,
)
from correlation.models import TestSource
from correlation.newman.reader import read_newman
from correlation.parsed import ParsedReport, ReadingContext, UnreadableReport
from integration_health.models import Integration
from qa_observability.lib.errors import InvalidField, TooLarge

JUNIT, NEWMAN, LINES = "junit", "newman", "api"  # sources of those that name none
JSON_LIMIT = 128 * 1024 * 1024  # bytes; Newman writes bodies as arrays of numbers
SNIFFED = 64 * 1024
UTC_ZONE = "UTC"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b")
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True, slots=True)
class Upload:
    """What a sender says beside the bytes; all of it may be left out.

    ``started_at`` is the run's start, for reports without times. Without ``run_id`` a
    report's own bytes name its run, so that the same file again adds nothing.
    """

    source: str = ""
    run_id: str = ""
    revision: str = ""
    started_at: datetime | None = None
    keep_sample: bool = False
    sample: bool = False


def import_junit(stream: BinaryIO, upload: Upload, *, now: datetime) -> ResultsImport:
    """Import JUnit XML; see ``read_report`` for what is refused."""
    context = _context(upload, JUNIT, now)
    return _import_report(read_report(stream, context), context, upload)


def import_json(stream: BinaryIO, upload: Upload, *, now: datetime) -> ResultsImport:
    """Import a JSON document: an array of result lines, one line, or Newman's report.

    Raises: :class:`UnreadableReport`, :class:`TooLarge` above JSON_LIMIT.
    """
    content = stream.read(JSON_LIMIT + 1).removeprefix(_BYTE_ORDER_MARK)
    if len(content) > JSON_LIMIT:
        raise TooLarge(
            _("A JSON document may have %(limit)s MB. Send result lines as NDJSON.")
            % {"limit": JSON_LIMIT // 2**20}
        )
    if _is_newman(content):
        context = _context(upload, NEWMAN, now)
        return _import_report(read_newman(content, context), context, upload)
    context = _context(upload, LINES, now)
    return _import(read_array(content, context), context, upload)


def import_lines(stream: BinaryIO, upload: Upload, *, now: datetime) -> ResultsImport:
    """Import result lines, one JSON object each, as they stream in."""
    context = _context(upload, LINES, now)
    return _import(read_lines(stream, context), context, upload)


def import_file(stream: BinaryIO, upload: Upload, *, now: datetime) -> ResultsImport:
    """Import a file of any format we read, told apart by its first bytes.

    ``stream`` must be seekable.
    Raises: :class:`UnreadableReport` for what is neither XML nor JSON, saying what it is.
    """
    start = stream.read(SNIFFED)
    stream.seek(0)
    return _importer_of(start)(stream, upload, now=now)


Importer = Callable[..., ResultsImport]


def _importer_of(start: bytes) -> Importer:
    text = start.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if not text or text.startswith((b"<", *_UTF16_MARKS)):
        return import_junit
    if text.startswith(b"[") or (text.startswith(b"{") and not _is_line(text)):
        return import_json
    if text.startswith(b"{"):
        return import_lines
    if text.startswith(_ARCHIVES):
        detail = _("This is an archive. Unpack it and send the reports in it.")
    else:
        detail = _(
            "This is neither XML nor JSON. Send JUnit XML, Newman JSON or lines."
        )
    raise UnreadableReport.because(detail, code="unknown_format")


def _is_line(text: bytes) -> bool:
    """Return whether the first line is an object of its own, and no whole report."""
    try:
        return "run" not in _members.decode(text.partition(b"\n")[0])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False


def _is_newman(content: bytes) -> bool:
    if not content.lstrip().startswith(b"{"):
        return False
    try:
        members = _members.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False  # the reader of lines says what is wrong with it
    if "totalPass" in members and "results" in members:
        raise UnreadableReport.because(
            _(
                "This is an export of Postman's Collection Runner. Run the collection "
                "with Newman and its JSON reporter, and send that."
            ),
            code="runner_export",
        )
    return "run" in members


def _import_report(
    report: ParsedReport, context: ReadingContext, upload: Upload
) -> ResultsImport:
    named = replace(upload, run_id=upload.run_id or report.digest)
    done = _import(report.results, context, named)
    return replace(done, warnings=report.notes)


def _import(
    readings: Iterable[Reading], context: ReadingContext, upload: Upload
) -> ResultsImport:
    return import_results(
        readings,
        run=Run(context.source, upload.run_id, upload.revision),
        now=context.now,
        sample=upload.sample,
        keep_sample=upload.keep_sample,
    )


def _context(upload: Upload, usual_source: str, now: datetime) -> ReadingContext:
    _check(upload, now)
    source = upload.source or usual_source
    return ReadingContext(
        source=source,
        now=now,
        zone=_zone(source),
        started_at=upload.started_at,
        integrations=frozenset(Integration.objects.values_list("slug", flat=True)),
    )


def _zone(source: str) -> ZoneInfo | None:
    """Return the zone chosen for a source; UTC is what none was chosen for."""
    zones = TestSource.objects.filter(name=source).values_list("time_zone", flat=True)
    zone = next(iter(zones), UTC_ZONE)
    return None if zone == UTC_ZONE else ZoneInfo(zone)


def _check(upload: Upload, now: datetime) -> None:
    for name, longest in (
        ("source", SOURCE_LENGTH),
        ("run_id", RUN_LENGTH),
        ("revision", REVISION_LENGTH),
    ):
        text = getattr(upload, name)
        if len(text) > longest or "\0" in text:
            raise InvalidField.named(
                name,
                _("must have at most %(longest)s characters and no NUL byte.")
                % {"longest": longest},
            )
    if upload.started_at and not is_believable(upload.started_at, now=now):
        raise InvalidField.named(
            "started_at", _("must lie from the year 2000 to now."), code="unbelievable"
        )
