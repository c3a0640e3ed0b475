"""An export as CSV: header block, then its tables, apart by an empty line."""

import csv
import io
from collections.abc import Iterator

from qa_observability.lib.spreadsheets import text_cell
from revenue.exports.tables import Cell, Export

MEDIA_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as Latin-1


def csv_file(export: Export) -> bytes:
    """Return the export as UTF-8 CSV; amounts with a point and two decimals."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(_lines(export))
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _lines(export: Export) -> Iterator[list[str]]:
    head = [(export.title,), (export.sentence,), *export.figures, *export.header]
    for line in head:
        yield [text_cell(text) for text in line]
    for table in (export.breakdown, export.days, export.terms):
        yield []
        yield [text_cell(table.title)]
        yield [text_cell(name) for name, _kind in table.columns]
        for row in table.rows:
            yield [_text(cell) for cell in row]


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return text_cell(cell) if isinstance(cell, str) else str(cell)
