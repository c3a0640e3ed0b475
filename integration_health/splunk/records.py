"""What do all formats of export boil down to? Rows, refused rows, and facts of the file."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from integration_health.domain.routes import UNSAFE_CHARACTERS
from qa_observability.lib.scrub import scrub_text

LONGEST_EXCERPT = 200


class ExportFormat(StrEnum):
    """How the rows are written."""

    EMPTY = "empty"
    JSON_LINES = "json_lines"
    JSON_DOCUMENT = "json_document"
    CSV = "csv"
    XML = "xml"


class RawRow(NamedTuple):
    """One row as exported: field names to texts, lists of texts, or typed values.

    ``line`` is the line it starts on; in a JSON document or XML, the row's number.
    """

    line: int
    fields: dict[str, object]


class RejectedRow(NamedTuple):
    """One row that cannot be used: where, which field, why, and its start, scrubbed."""

    line: int
    field: str
    reason: str
    excerpt: str


class IgnoredRow(NamedTuple):
    """One row that is not meant to be used, such as a preview."""

    line: int


Record = RawRow | RejectedRow | IgnoredRow


@dataclass(slots=True)
class ExportFacts:
    """What the file says about itself; complete once every row was read.

    ``set_sizes`` counts the final rows of each result set. ``fallback_line`` is the first
    line that is not UTF-8 and was read as Windows-1252. ``columns`` are known beforehand
    only in CSV and in some documents.
    """

    format: ExportFormat
    encoding: str = "UTF-8"
    columns: tuple[str, ...] = ()
    incomplete: bool = False
    first_row_only: bool = False
    decimal_comma: bool = False
    fallback_line: int | None = None
    set_sizes: list[int] = field(default_factory=lambda: [0])
    messages: list[tuple[str, str]] = field(default_factory=list)

    @property
    def final_rows(self) -> int:
        """How many rows were no previews."""
        return sum(self.set_sizes)

    @property
    def sets(self) -> int:
        """How many result sets the file holds; more than one were pasted together."""
        return sum(size > 0 for size in self.set_sizes)


def excerpt(text: str) -> str:
    """Return the start of a text as it may be stored and shown: scrubbed, one line."""
    start = UNSAFE_CHARACTERS.sub("\ufffd", text[: 4 * LONGEST_EXCERPT])
    scrubbed = scrub_text(start)
    if len(scrubbed) <= LONGEST_EXCERPT and len(text) <= 4 * LONGEST_EXCERPT:
        return scrubbed
    return scrubbed[: LONGEST_EXCERPT - 1] + "…"
