"""What does one JSON document say? REST results, arrays of rows, an alert's webhook.

Read piece by piece: a document of any size takes the memory of its longest row.
"""

import codecs
import json
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from django.utils.translation import gettext as _

from integration_health.splunk.errors import UnreadableExport
from integration_health.splunk.lines import ByteSource
from integration_health.splunk.messages import noted_messages
from integration_health.splunk.records import (
    ExportFacts,
    IgnoredRow,
    RawRow,
    Record,
    RejectedRow,
    excerpt,
)

LONGEST_ROW = 1024 * 1024  # characters
LONGEST_HEADER = 8 * 1024 * 1024  # whatever is no row, json_cols columns among it

_CHUNK = 64 * 1024
_BLANKS = " \t\r\n"


def json_document_rows(source: ByteSource, facts: ExportFacts) -> Iterator[Record]:
    """Yield the rows of one JSON array or object; their numbers count from 1.

    An object is what REST answers (``results``, or ``fields`` with ``rows`` or
    ``columns``) or an alert's webhook, which holds the first row only. A document that
    ends half-way keeps its whole rows and is incomplete.
    Raises: :class:`UnreadableExport` for broken JSON, and for columns above 8 MiB.
    """
    scanner = _Scanner(source)
    try:
        if scanner.peek() == "[":
            yield from _row_records(scanner.elements(), facts, preview=False)
        else:
            yield from _object_records(scanner, facts)
    except _CutOff:
        facts.incomplete = True


class _CutOff(Exception):
    """The document ended before it was complete."""


class _Scanner:
    """A JSON text read from front to back, holding little more than one value of it."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._decoder = json.JSONDecoder(parse_constant=str)
        self._text = ""
        self._at = 0
        self._ended = False
        self._rows = 0

    def peek(self) -> str:
        """Return the next character that is not blank; nothing at the end."""
        while True:
            rest = self._text[self._at : self._at + _CHUNK].lstrip(_BLANKS)
            if rest:
                self._at = self._text.index(rest[0], self._at)
                return rest[0]
            self._at = min(len(self._text), self._at + _CHUNK)
            if self._at == len(self._text) and not self._more():
                return ""

    def take(self, expected: str) -> None:
        """Pass one character, which must be among the expected ones."""
        found = self.peek()
        if not found:
            raise _CutOff
        if found not in expected:
            raise self._broken(f"'{found}'")
        self._at += 1

    def value(self, longest: int) -> object:
        """Return the next value, of at most ``longest`` characters."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as malformed:
                if not self._more_of_value(longest):
                    raise self._at_fault(malformed) from malformed
            except RecursionError as deep:
                raise self._broken(_("nested too deeply")) from deep
            else:
                # A number may go on in the next piece.
                if end < len(self._text) or not self._more():
                    self._at = end
                    return value

    def elements(self) -> Iterator[object]:
        """Yield the elements of the array that comes next."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            self._rows += 1
            yield self.value(LONGEST_ROW)
            if self.peek() == "]":
                self.take("]")
                return
            self.take(",")

    def _more_of_value(self, longest: int) -> bool:
        if len(self._text) - self._at > longest:
            raise UnreadableExport(
                _("A part of the JSON document is too large. Export as JSON lines.")
                if longest == LONGEST_HEADER
                else _("Row %(row)s is longer than 1 MiB.") % {"row": self._rows},
                kind="json_too_large",
            )
        return self._more()

    def _more(self) -> bool:
        if self._ended:
            return False
        piece = self._source.read(max(_CHUNK, len(self._text) - self._at))
        self._ended = not piece
        try:
            decoded = self._decode(piece, final=self._ended)
        except UnicodeDecodeError as foreign:
            raise UnreadableExport(
                _("The JSON document is not UTF-8. Export it again from Splunk."),
                kind="not_utf_8",
            ) from foreign
        self._text = self._text[self._at :] + decoded
        self._at = 0
        return not self._ended

    def _at_fault(self, malformed: json.JSONDecodeError) -> Exception:
        if self._text.rstrip()[-1:] not in {"]", "}"}:
            return _CutOff()
        return self._broken(malformed.msg)

    def _broken(self, what: str) -> UnreadableExport:
        return UnreadableExport(
            _("The JSON document is broken after row %(row)s: %(what)s.")
            % {"row": max(self._rows - 1, 0), "what": what},
            kind="broken_json",
        )


def _object_records(scanner: _Scanner, facts: ExportFacts) -> Iterator[Record]:
    header: dict[str, object] = {}
    scanner.take("{")
    while scanner.peek() != "}":
        name = str(scanner.value(LONGEST_ROW))
        scanner.take(":")
        if name in {"results", "rows"} and scanner.peek() == "[":
            yield from _set_records(name, scanner, header, facts)
        else:
            header[name] = scanner.value(LONGEST_HEADER)
            if name == "messages":
                noted_messages(header[name], facts)
        if scanner.peek() != "}":
            scanner.take(",")
    yield from _header_records(header, facts)


def _set_records(
    name: str, scanner: _Scanner, header: dict[str, object], facts: ExportFacts
) -> Iterator[Record]:
    preview = header.get("preview") is True
    elements = scanner.elements()
    if name == "results":
        yield from _row_records(elements, facts, preview=preview)
        return
    names = _field_names(header.get("fields"))
    if names is None:
        raise UnreadableExport(
            _("The document names no fields before its rows. Export as JSON lines."),
            kind="fields_missing",
        )
    facts.columns = tuple(names)
    yield from _row_records(
        (_zipped(names, element) for element in elements), facts, preview=preview
    )


def _header_records(header: dict[str, object], facts: ExportFacts) -> Iterator[Record]:
    """Yield the rows of documents that hold them by column, or only one."""
    if "columns" in header:
        names, columns = _field_names(header.get("fields")), header["columns"]
        if names is None or not _fit(columns, names):
            raise UnreadableExport(
                _("The columns of the document do not fit its fields."),
                kind="fields_missing",
            )
        facts.columns = tuple(names)
        rows = (
            dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)
        )
        yield from _row_records(rows, facts, preview=header.get("preview") is True)
    elif isinstance(header.get("result"), dict):
        facts.first_row_only = "results_link" in header
        yield from _row_records(iter([header["result"]]), facts, preview=False)
    elif header.keys() & {"endpoint", "_raw"}:
        yield from _row_records(iter([header]), facts, preview=False)


def _field_names(fields: object) -> list[str] | None:
    if not isinstance(fields, list):
        return None
    return [
        str(field.get("name")) if isinstance(field, dict) else str(field)
        for field in fields
    ]


def _fit(columns: object, names: Sequence[str]) -> TypeGuard[list[list[object]]]:
    return (
        isinstance(columns, list)
        and len(columns) == len(names)
        and all(isinstance(column, list) for column in columns)
        and len({len(column) for column in columns}) <= 1
    )


def _zipped(names: Sequence[str], element: object) -> object:
    if isinstance(element, list) and len(element) == len(names):
        return dict(zip(names, element, strict=True))
    return element


def _row_records(
    elements: Iterator[object], facts: ExportFacts, *, preview: bool
) -> Iterator[Record]:
    for number, element in enumerate(elements, start=1):
        if preview:
            yield IgnoredRow(number)
            continue
        facts.set_sizes[-1] += 1
        if isinstance(element, dict):
            yield RawRow(number, element)
        else:
            yield RejectedRow(
                number, "", _("The row does not fit the fields."), excerpt(str(element))
            )
