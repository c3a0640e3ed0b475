"""Figures to take away: the same tables as CSV, XLSX and PDF."""

from collections.abc import Callable

from revenue.exports import csv_file, pdf_file, xlsx_file
from revenue.exports.tables import Export

FORMATS: dict[str, tuple[str, Callable[[Export], bytes]]] = {
    "csv": (csv_file.MEDIA_TYPE, csv_file.csv_file),
    "xlsx": (xlsx_file.MEDIA_TYPE, xlsx_file.xlsx_file),
    "pdf": (pdf_file.MEDIA_TYPE, pdf_file.pdf_file),
}

__all__ = ["FORMATS", "Export"]
