"""What do JSON lines say? One object a line, as Splunk Web exports them."""

from collections.abc import Iterator, Mapping

import msgspec
from django.utils.translation import gettext as _

from integration_health.splunk.lines import LONGEST_LINE, ByteSource, byte_lines
from integration_health.splunk.messages import noted_messages
from integration_health.splunk.records import (
    ExportFacts,
    IgnoredRow,
    RawRow,
    Record,
    RejectedRow,
    excerpt,
)

_decode = msgspec.json.Decoder().decode


def json_line_rows(source: ByteSource, facts: ExportFacts) -> Iterator[Record]:
    """Yield the rows of JSON lines; a line that is not JSON is a refused row.

    Lines are Splunk's wrappers (``preview``, ``lastrow``, ``result``, ``messages``) or
    plain row objects. ``lastrow`` sits on a data row and ends a set; a set without it, or
    half a line at the end, makes the file incomplete.
    Raises: ``UnreadableExport`` with Splunk's own text when the search failed.
    """
    sets = _Sets(facts)
    for number, line, whole in byte_lines(source):
        if line.isspace():
            continue
        try:
            item = _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as malformed:
            facts.set_sizes[-1] += 1
            cut = not whole and _is_cut(line, malformed)
            facts.incomplete |= cut
            yield _refused(number, line, _what_is_wrong(line, malformed, cut=cut))
            continue
        if not isinstance(item, dict):
            facts.set_sizes[-1] += 1
            yield _refused(number, line, _("The line is no JSON object."))
        elif record := _record(number, item, sets):
            yield record
    facts.incomplete |= sets.open


class _Sets:
    """Where each result set begins and ends."""

    def __init__(self, facts: ExportFacts) -> None:
        self.facts = facts
        self.open = False
        self._closed = False

    def count(self, *, wrapped: bool, last: bool) -> None:
        """Count one final row; ``last`` when it ends its set."""
        if self._closed:
            self.facts.set_sizes.append(0)
        self.facts.set_sizes[-1] += 1
        self._closed = last
        self.open = wrapped and not last

    def close(self) -> None:
        """Note the closing line that holds no row."""
        self.open = False


def _record(number: int, item: dict[str, object], sets: _Sets) -> Record | None:
    if item.get("preview") is True:
        return IgnoredRow(number) if "result" in item else None
    if "result" in item:
        sets.count(wrapped=True, last=item.get("lastrow") is True)
        row = item["result"]
        if isinstance(row, dict):
            return RawRow(number, row)
        return RejectedRow(number, "result", _("The result is no JSON object."), "")
    if "messages" in item:
        noted_messages(item["messages"], sets.facts)
        return None
    if item.get("lastrow") is True:
        sets.close()
        return None
    if not _is_plain_row(item):
        return None
    sets.count(wrapped=False, last=False)
    return RawRow(number, item)


def _is_plain_row(item: Mapping[str, object]) -> bool:
    return not item.keys() <= {"preview", "offset", "lastrow"}


def _refused(number: int, line: bytes, reason: str) -> RejectedRow:
    text = line[:LONGEST_LINE].decode("utf-8", "replace").strip()
    return RejectedRow(number, "", reason, excerpt(text))


def _is_cut(line: bytes, malformed: Exception) -> bool:
    """Tell the half line of a download that broke off from a line that is no JSON."""
    if isinstance(malformed, UnicodeDecodeError):
        return True
    return len(line) < LONGEST_LINE and "truncated" in str(malformed)


def _what_is_wrong(line: bytes, malformed: Exception, *, cut: bool) -> str:
    if len(line) >= LONGEST_LINE:
        return _("The line is longer than 1 MiB.")
    if cut:
        return _("The line is cut off: the download ended here.")
    if isinstance(malformed, UnicodeDecodeError):
        return _("The line is not UTF-8.")
    if isinstance(malformed, RecursionError):
        return _("The line is nested too deeply.")
    return _("The line is not JSON: %(reason)s.") % {"reason": malformed}
