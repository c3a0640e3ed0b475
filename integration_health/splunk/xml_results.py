"""What do XML results say? One document, or several written one after the other."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from integration_health.splunk.errors import UnreadableExport
from integration_health.splunk.lines import ByteSource, text_lines
from integration_health.splunk.messages import noted_message
from integration_health.splunk.records import (
    ExportFacts,
    IgnoredRow,
    RawRow,
    Record,
    RejectedRow,
)

_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_LONGEST_TEXT = 64 * 1024
_MOST_FIELDS = 1000
_DEEPEST = 20


def xml_rows(source: ByteSource, facts: ExportFacts) -> Iterator[Record]:
    """Yield the rows of ``<results>``; their numbers count from 1.

    REST writes preview sets first, each a document of its own; only rows of sets with
    ``preview='0'`` count. A file that ends half-way keeps its whole rows and is
    incomplete.
    Raises: :class:`UnreadableExport` for other XML, naming the line.
    """
    results = _Results(facts)
    parser = DefusedXMLParser(target=results, forbid_dtd=True)
    number = 0
    try:
        # Several documents are one under a root of ours, and inside a root no document
        # type, hence no entity, can be declared.
        parser.feed("<exports>")
        for line in text_lines(source, facts):
            number += 1
            parser.feed(_DECLARATION.sub("", line))
            yield from results.take()
    except ParseError as malformed:
        raise UnreadableExport(
            _("Line %(line)s is no XML that Splunk writes: %(reason)s.")
            % {"line": number, "reason": malformed.msg},
            kind="broken_xml",
        ) from malformed
    facts.incomplete |= not _ends_well(parser)
    yield from results.take()
    if not results.any_set:
        raise UnreadableExport(
            _("The XML holds no <results>. Export from Splunk as JSON or CSV."),
            kind="other_xml",
        )


def _ends_well(parser: DefusedXMLParser) -> bool:
    try:
        parser.feed("</exports>")
        parser.close()
    except ParseError:
        return False
    return True


class _Results:
    """Collects rows as the parser meets them; holds one row at a time."""

    def __init__(self, facts: ExportFacts) -> None:
        self.any_set = False
        self._depth = 0
        self._facts = facts
        self._ready: list[Record] = []
        self._rows = 0
        self._preview = False
        self._row: dict[str, object] | None = None
        self._name = ""
        self._values: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._message_type = ""

    def take(self) -> list[Record]:
        """Return the rows completed since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnreadableExport(
                _("The XML is nested too deeply."), kind="broken_xml"
            )
        self._text, self._length = [], 0
        if tag == "results":
            self._start_set(attributes)
        elif tag == "result":
            self._row = {}
        elif tag == "field":
            self._name, self._values = attributes.get("k", ""), []
        elif tag == "msg":
            self._message_type = attributes.get("type", "")

    def data(self, text: str) -> None:
        self._length += len(text)
        if self._length <= _LONGEST_TEXT:
            self._text.append(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag in {"text", "v"}:
            self._values.append("".join(self._text))
        elif tag == "field":
            self._end_field()
        elif tag == "result":
            self._end_row()
        elif tag == "msg":
            noted_message(self._message_type, "".join(self._text), self._facts)

    def close(self) -> None:
        """The parser asks for it."""

    def _start_set(self, attributes: dict[str, str]) -> None:
        self.any_set = True
        self._preview = attributes.get("preview", "0") not in {"0", "false"}
        if not self._preview and self._facts.set_sizes[-1]:
            self._facts.set_sizes.append(0)

    def _end_field(self) -> None:
        if self._row is not None and self._values and len(self._row) < _MOST_FIELDS:
            values = self._values
            self._row[self._name] = values[0] if len(values) == 1 else values
        self._values = []

    def _end_row(self) -> None:
        self._rows += 1
        row, self._row = self._row or {}, None
        if self._preview:
            self._ready.append(IgnoredRow(self._rows))
            return
        self._facts.set_sizes[-1] += 1
        if row:
            self._ready.append(RawRow(self._rows, row))
        else:
            reason = _("The row has no fields.")
            self._ready.append(RejectedRow(self._rows, "", reason, ""))
