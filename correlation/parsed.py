"""What does one test result say, whichever format brought it?"""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from correlation.enums import TestStatus, TimeBasis
from qa_observability.lib.errors import ApplicationError, FieldError


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What a reader must know besides the bytes.

    ``zone`` is the one chosen for moments without a zone, ``None`` when none was chosen;
    ``started_at`` the run's start as the sender says it, used where the report itself
    names no believable moment; ``integrations`` the ids that exist.
    """

    source: str
    now: datetime
    zone: tzinfo | None = None
    started_at: datetime | None = None
    integrations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Family:
    """The base test that the variants of one parametrised test share."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ParsedResult:
    """One result of one test.

    Units: ``line`` is its 1-based place in the report, ``duration_ms`` milliseconds or
        unknown, ``executed_at`` aware. ``run_id`` and ``source`` are empty where the
        report names none; ``iteration`` counts from 0 the rounds of one run over
        different data.
    """

    line: int
    test_case_id: str
    name: str
    status: TestStatus
    executed_at: datetime
    time_basis: TimeBasis = TimeBasis.EXACT
    duration_ms: int | None = None
    message: str = ""
    attempts: int = 1
    iteration: int = 0
    family: Family | None = None
    integration_id: str | None = None
    run_id: str = ""
    source: str = ""
    revision: str = ""


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that cannot be stored: where, which field, a stable code, what to do."""

    line: int
    field: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """Something a reader decided and a person should know: a stable code and words."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """A whole report: its results in order, how many cases it held, and what to know.

    ``cases`` counts the report's own cases; results made for errors without a case of
    their own come on top. ``digest`` is the SHA-256 of the bytes, in hex.
    """

    results: tuple[ParsedResult, ...]
    cases: int
    digest: str
    notes: tuple[ReadingNote, ...] = field(default=())


class UnreadableReport(ApplicationError):
    """A file that is no report we read; nothing of it is stored (400)."""

    code = "unreadable_report"
    title = "Unreadable test report"

    @classmethod
    def because(cls, detail: str, *, code: str | None = None) -> "UnreadableReport":
        """Return the refusal of a file, with the reason and the cure."""
        code = code or cls.code
        return cls(detail, code=code, errors=[FieldError("file", code, detail)])
