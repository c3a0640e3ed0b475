"""What does a CSV export say? Splunk's own, or one that Excel saved again."""

import csv
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from integration_health.splunk.errors import UnreadableExport
from integration_health.splunk.lines import ByteSource, text_lines
from integration_health.splunk.records import (
    ExportFacts,
    RawRow,
    Record,
    RejectedRow,
    excerpt,
)

_SEPARATORS = ",;\t"


def csv_rows(source: ByteSource, facts: ExportFacts) -> Iterator[Record]:
    """Yield the rows under the header; an empty cell is no value and left out.

    The separator is told by the header: with semicolons, numbers have decimal commas and
    thousands dots, as Excel writes them where that is the custom. A row with too few or
    too many cells is refused. ``__mv_`` columns are Splunk's own copies, left out.
    Raises: :class:`UnreadableExport` for a column that occurs twice, an unclosed quote,
        or a cell of more than 131,072 characters, naming the line.
    """
    lines = text_lines(source, facts)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        return
    separator = max(_SEPARATORS, key=first.count)
    facts.decimal_comma = separator == ";"
    cells = _Cells(first, lines, separator)
    header = _names(cells.header())
    facts.columns = tuple(name for name in header if name)
    for line, row in cells.rows():
        facts.set_sizes[-1] += 1
        yield _record(line, row, header)
    if cells.cut_row is not None:
        facts.set_sizes[-1] += 1
        reason = _("The row is cut off: the download ended here.")
        yield RejectedRow(cells.cut_row, "", reason, excerpt(cells.last_line.strip()))
    facts.incomplete |= cells.is_cut


class _Cells:
    """A CSV reader that knows where rows start and says clearly where it fails.

    ``cut_row`` is the line of a last row that ends inside a quote.
    """

    def __init__(self, first: str, rest: Iterator[str], separator: str) -> None:
        self.last_line = first
        self.cut_row: int | None = None
        self._reader = csv.reader(
            self._watched(first, rest), delimiter=separator, strict=True
        )
        self._columns = 0
        self._last_width = 0

    @property
    def is_cut(self) -> bool:
        """Whether the last row lacks both its end of line and some of its cells."""
        return not self.last_line.endswith("\n") and self._last_width < self._columns

    def header(self) -> list[str]:
        header = self._next() or []
        self._columns = self._last_width = len(header)
        return header

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line each row starts on and its cells; blank lines are skipped."""
        start = self._reader.line_num + 1
        while (row := self._next()) is not None:
            if row:
                self._last_width = len(row)
                yield start, row
            start = self._reader.line_num + 1

    def _next(self) -> list[str] | None:
        start = self._reader.line_num + 1
        try:
            return next(self._reader, None)
        except csv.Error as malformed:
            if self._reader.line_num == start and not self.last_line.endswith("\n"):
                self.cut_row, self._last_width = start, 0
                return None
            raise UnreadableExport(
                _(
                    "The row that starts on line %(line)s is broken: %(reason)s. "
                    "Usually a quote was opened there and never closed."
                )
                % {"line": start, "reason": malformed},
                kind="broken_csv",
            ) from malformed

    def _watched(self, first: str, rest: Iterator[str]) -> Iterator[str]:
        yield first
        for line in rest:
            self.last_line = line
            yield line


def _names(header: Sequence[str]) -> list[str]:
    """Return the column names; empty for those to leave out."""
    names = [name.strip() for name in header]
    for name in names:
        if name and names.count(name) > 1:
            raise UnreadableExport(
                _("The column %(name)s occurs twice. Keep one.") % {"name": name},
                kind="duplicate_column",
            )
    return ["" if name.startswith("__mv_") else name for name in names]


def _record(line: int, row: list[str], header: Sequence[str]) -> Record:
    surplus = row[len(header) :]
    if len(row) < len(header) or any(surplus):
        reason = _("The row has %(cells)s cells, the header %(columns)s.") % {
            "cells": len(row),
            "columns": len(header),
        }
        return RejectedRow(line, "", reason, excerpt(", ".join(row)))
    cells = zip(header, row[: len(header)], strict=True)
    return RawRow(line, {name: cell for name, cell in cells if name and cell})
