"""An export as a workbook: a sheet about it, and one per table."""

import io
from datetime import date
from decimal import Decimal

import xlsxwriter

from revenue.exports.tables import Cell, Export, Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NARROW, _WIDE = 16, 60


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
        amount = book.add_format({"num_format": "#,##0.00##"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        about = book.add_worksheet(export.title)
        about.set_column(0, 0, _NARROW)
        about.set_column(1, 2, _WIDE)
        about.write_string(0, 0, export.title, bold)
        about.write_string(1, 0, export.sentence)
        lines = [*export.figures, *export.header]
        for number, line in enumerate(lines, start=3):
            for column, text in enumerate(line):
                about.write_string(number, column, text)
        for table in (export.breakdown, export.days, export.terms):
            _write(book.add_worksheet(table.title), table, bold, amount, day)
    return out.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    table: Table,
    bold: xlsxwriter.format.Format,
    amount: xlsxwriter.format.Format,
    day: xlsxwriter.format.Format,
) -> None:
    sheet.set_column(0, len(table.columns) - 1, _NARROW)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, amount, day)


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    amount: xlsxwriter.format.Format,
    day: xlsxwriter.format.Format,
) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(row, column, float(cell), amount)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif cell is not None:
        sheet.write_string(row, column, cell)
