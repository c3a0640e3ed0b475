"""How do rows become CSV that is safe to open in a spreadsheet?"""

import csv
from collections.abc import Iterable, Iterator

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows as lines of CSV; a text that could be a formula gets an apostrophe."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow(map(_harmless, row))


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
