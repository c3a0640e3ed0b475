"""An export as a workbook: a sheet about it, and one per table."""

import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from revenue.exports.tables import Cell, Export, Kind, Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NARROW, _MIDDLE, _WIDE = 14, 24, 60
_CODES = {
    Kind.TEXT: "@",
    Kind.DAY: "yyyy-mm-dd",
    Kind.MONEY: "#,##0.00",
    Kind.RATIO: "0.0%",
    Kind.PERCENT: "0.0",
}


def xlsx_file(export: Export) -> bytes:
    """Return the export as XLSX; texts are never formulas, amounts are numbers."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        formats = {
            kind: book.add_format({"num_format": code}) for kind, code in _CODES.items()
        }
        _write_about(book.add_worksheet(export.title), export, bold)
        for table in (export.breakdown, export.days, export.terms):
            _write_table(book.add_worksheet(table.title), table, bold, formats)
    return out.getvalue()


def _write_about(sheet: Worksheet, export: Export, bold: Format) -> None:
    sheet.set_column(0, 0, _NARROW)
    sheet.set_column(1, 2, _WIDE)
    sheet.write_string(0, 0, export.title, bold)
    sheet.write_string(1, 0, export.sentence)
    for number, line in enumerate([*export.figures, *export.header], start=3):
        for column, text in enumerate(line):
            sheet.write_string(number, column, text)


def _write_table(
    sheet: Worksheet, table: Table, bold: Format, formats: Mapping[Kind, Format]
) -> None:
    sheet.freeze_panes(1, 0)
    for column, (name, kind) in enumerate(table.columns):
        sheet.set_column(column, column, _MIDDLE if kind is Kind.TEXT else _NARROW)
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, formats[table.columns[column][1]])


def _write_cell(
    sheet: Worksheet, row: int, column: int, cell: Cell, style: Format
) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(row, column, float(cell), style)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, style)
    elif cell is not None:
        sheet.write_string(row, column, cell)
