"""What do JSON result lines say? Each line a result, or why it is none; order is kept."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, BinaryIO, TypeVar

import msgspec
from django.utils.translation import gettext as _

from correlation.domain.excerpts import excerpt
from correlation.domain.identity import NAME_LENGTH, cleaned, without_parameters
from correlation.domain.moments import EARLIEST
from correlation.enums import TestStatus
from correlation.lines.chunks import TooLongLine, split_lines
from correlation.parsed import (
    Family,
    ParsedResult,
    ReadingContext,
    RejectedLine,
    UnreadableReport,
)
from qa_observability.lib.errors import InvalidField

ID_LENGTH = 100
RUN_LENGTH = 190
SOURCE_LENGTH = 100
REVISION_LENGTH = 100
MESSAGE_LENGTH = 16_384
LONGEST_MS = 2**31 - 1
ALLOWED_AHEAD = timedelta(minutes=5)  # clocks differ by seconds; more is a mistake

Kind = TypeVar("Kind")
Reading = ParsedResult | RejectedLine
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=ID_LENGTH)]


class ResultLine(msgspec.Struct, rename="camel"):
    """One line as sent; names and forms are the API's contract."""

    test_case_id: Short
    status: TestStatus
    executed_at: Annotated[datetime, msgspec.Meta(tz=True)]
    test_case_name: Annotated[str, msgspec.Meta(max_length=NAME_LENGTH)] | None = None
    integration_id: str | None = None
    run_id: Annotated[str, msgspec.Meta(max_length=RUN_LENGTH)] | None = None
    source: Annotated[str, msgspec.Meta(max_length=SOURCE_LENGTH)] | None = None
    duration_ms: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_MS)] | None = None
    message: Annotated[str, msgspec.Meta(max_length=MESSAGE_LENGTH)] | None = None
    revision: Annotated[str, msgspec.Meta(max_length=REVISION_LENGTH)] | None = None


_DECODER = msgspec.json.Decoder(ResultLine)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_LONGEST = re.compile(r" length <= (?P<count>\d+)")
_NAMED = re.compile(r"field `(?P<field>[^`]*)`")
_TEXTS = (
    ("test_case_id", "testCaseId"),
    ("test_case_name", "testCaseName"),
    ("run_id", "runId"),
    ("source", "source"),
    ("message", "message"),
    ("revision", "revision"),
)


def read_lines(stream: BinaryIO, context: ReadingContext) -> Iterator[Reading]:
    """Yield one reading per line that is not blank; memory is bounded by one chunk.

    Lines are numbered as in the file, blank ones included.
    Raises: ``TooLarge`` above the limit of ``split_lines``.
    """
    for number, line in enumerate(split_lines(stream), 1):
        if line is TooLongLine:
            yield RejectedLine(
                number, "", "too_long", _("The line is too long. Send it shorter.")
            )
        elif line:
            yield _reading(line, number, context)


def read_array(content: bytes, context: ReadingContext) -> Iterator[Reading]:
    """Yield one reading per element of a JSON array, counted from 1; or of one object.

    Raises: :class:`UnreadableReport` at once when the whole is neither, or not JSON;
        :class:`InvalidField` for an object that is no result, naming the field.
    """
    if content.lstrip().startswith(b"{"):
        return iter([_only(content, context)])
    elements = _decoded(_ARRAY, content)
    return (
        _reading(bytes(element), number, context)
        for number, element in enumerate(elements, 1)
    )


def _only(content: bytes, context: ReadingContext) -> Reading:
    _decoded(_OBJECT, content)
    reading = _reading(content, 1, context)
    if isinstance(reading, RejectedLine):
        raise InvalidField.named(reading.field, reading.reason, code=reading.code)
    return reading


def _decoded(decoder: msgspec.json.Decoder[Kind], content: bytes) -> Kind:
    try:
        return decoder.decode(content)
    except msgspec.ValidationError as other:
        raise UnreadableReport.because(
            _("Send a JSON array of results, or one result as an object."),
            code="not_results",
        ) from other
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as malformed:
        raise UnreadableReport.because(
            _("The body is not valid JSON: %(reason)s.") % {"reason": malformed},
            code="malformed_json",
        ) from malformed


def _reading(line: bytes, number: int, context: ReadingContext) -> Reading:
    try:
        said = _DECODER.decode(line)
    except msgspec.ValidationError as wrong:
        return _rejected(number, str(wrong))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return RejectedLine(
            number, "", "malformed_json", _("This is not a JSON object.")
        )
    return _complaint(said, number, context) or _result(said, number)


def _result(said: ResultLine, number: int) -> ParsedResult:
    return ParsedResult(
        line=number,
        test_case_id=said.test_case_id,
        name=cleaned(said.test_case_name),
        status=said.status,
        executed_at=said.executed_at,
        duration_ms=said.duration_ms,
        family=_family(said),
        message=excerpt(said.message or ""),
        integration_id=said.integration_id,
        run_id=said.run_id or "",
        source=said.source or "",
        revision=said.revision or "",
    )


def _family(said: ResultLine) -> Family | None:
    """Return what the variants ``test_rate[vrbo-3]`` of a test share; by their own ids.

    Unlike in reports numbers stay: an id that somebody chose may be one.
    """
    base = without_parameters(said.test_case_id)
    if base == said.test_case_id:
        return None
    return Family(base, without_parameters(cleaned(said.test_case_name)))


def _complaint(
    said: ResultLine, number: int, context: ReadingContext
) -> RejectedLine | None:
    """Return what is wrong with a line whose types are right, or ``None``."""
    for attribute, field in _TEXTS:
        if "\0" in (getattr(said, attribute) or ""):  # no table can keep one
            return RejectedLine(number, field, "nul_byte", _("Remove its NUL byte."))
    if not said.test_case_id.strip():
        return RejectedLine(number, "testCaseId", "blank", _("An id cannot be blank."))
    if said.executed_at > context.now + ALLOWED_AHEAD:
        return RejectedLine(
            number, "executedAt", "in_the_future", _("This lies in the future.")
        )
    if said.executed_at < EARLIEST:
        return RejectedLine(
            number, "executedAt", "too_old", _("This lies before the year 2000.")
        )
    if said.integration_id is None or said.integration_id in context.integrations:
        return None
    return RejectedLine(
        number,
        "integrationId",
        "unknown_integration",
        _("There is no such integration. Known: %(known)s.")
        % {"known": ", ".join(sorted(context.integrations)) or "-"},
    )


def _rejected(number: int, message: str) -> RejectedLine:
    """Name the field of msgspec's message by its path or, when missing, in its words."""
    path = _PATH.search(message)
    words = _PATH.sub("", message)
    named = _NAMED.search(words)
    field = path["path"] if path else (named["field"] if named else "")
    return RejectedLine(number, field, *_said_plainly(words))


def _said_plainly(words: str) -> tuple[str, str]:
    """Return a code and msgspec's complaint, in the contract's words where these help."""
    if words.startswith("Object missing required field"):
        return "required", _("This field is required.")
    if words.startswith("Invalid enum value"):
        known = ", ".join(TestStatus.values)
        return "invalid_choice", _("This must be one of %(known)s.") % {"known": known}
    if "datetime" in words:
        return "invalid_moment", _(
            "This must be a moment with its zone, such as 2026-01-10T10:30:00Z."
        )
    return "invalid", _wrong_kind(words)


def _wrong_kind(words: str) -> str:
    """Return what a value must be, from msgspec's ``Expected `kind` ...``."""
    if words.startswith("Expected `object"):
        return _("This is not a JSON object.")
    if words.startswith("Expected `int"):
        return _("This must be a whole number from 0 to %(most)s.") % {
            "most": LONGEST_MS
        }
    if longest := _LONGEST.search(words):
        return _("Use at most %(count)d characters.") % {"count": int(longest["count"])}
    if " length >= " in words:
        return _("This cannot be empty.")
    return _("This must be text.")
