"""How do rows become CSV? Line by line, and no text ever becomes a formula."""

import csv
from collections.abc import Iterable, Iterator

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def text_cell(text: str) -> str:
    """Return a text that a spreadsheet shows and never runs.

    A text that starts like a formula gets an apostrophe in front, which spreadsheets
    hide. Source: OWASP, "CSV Injection". Numbers are no texts: leave them alone.
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield each row as a line of CSV, one at a time; cells are written as they are."""
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow(row)


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
