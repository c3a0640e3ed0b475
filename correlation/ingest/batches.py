"""What became of several files? Each for itself: one refused loses no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from correlation.ingest.files import Upload, import_file
from correlation.ingest.results import ResultOutcome, ResultsImport
from correlation.parsed import ReadingNote
from qa_observability.lib.errors import ApplicationError


@dataclass(frozen=True, slots=True)
class ResultFileReport:
    """What became of one file; ``error`` says why it was refused and nothing stored."""

    file: str
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    results: tuple[ResultOutcome, ...] = ()
    warnings: tuple[ReadingNote, ...] = ()
    error: ReadingNote | None = None

    @classmethod
    def refused(cls, file: str, refusal: ApplicationError) -> "ResultFileReport":
        """Return the report of a file nothing of which was stored."""
        return cls(file, error=ReadingNote(refusal.code, refusal.detail))

    @classmethod
    def imported(cls, file: str, done: ResultsImport) -> "ResultFileReport":
        """Return the report of a file that was read."""
        return cls(
            file,
            accepted=done.accepted,
            duplicates=done.duplicates,
            rejected=done.rejected,
            results=done.results,
            warnings=done.warnings,
        )


@dataclass(frozen=True, slots=True)
class BatchReport:
    """The files in the order given; the counts are their sums."""

    accepted: int
    duplicates: int
    rejected: int
    files: tuple[ResultFileReport, ...]

    @classmethod
    def of(cls, files: Iterable[ResultFileReport]) -> "BatchReport":
        """Return the report of files."""
        files = tuple(files)
        return cls(
            accepted=sum(report.accepted for report in files),
            duplicates=sum(report.duplicates for report in files),
            rejected=sum(report.rejected for report in files),
            files=files,
        )


def import_one(
    name: str, stream: BinaryIO, upload: Upload, *, now: datetime
) -> ResultFileReport:
    """Import one file of a batch in its own transaction; a refusal is part of the report."""
    try:
        done = import_file(stream, upload, now=now)
    except ApplicationError as refusal:
        return ResultFileReport.refused(name, refusal)
    return ResultFileReport.imported(name, done)
