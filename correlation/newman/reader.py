"""What does a Newman report say? One result per check, and errors that had no check."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from correlation.domain.excerpts import excerpt
from correlation.domain.identity import base_name, case_id, cleaned, shortened
from correlation.domain.moments import is_believable
from correlation.enums import TestStatus, TimeBasis
from correlation.newman.report import (
    Assertion,
    Execution,
    Failure,
    Item,
    NewmanReport,
    decode,
)
from correlation.parsed import (
    Family,
    ParsedReport,
    ParsedResult,
    ReadingContext,
    ReadingNote,
)

SEPARATOR = " / "
REQUEST = "(request)"
SCRIPT = "(script)"
RUN = "(run)"
UNNAMED = "(unnamed check)"
FOLDER_LIMIT = 100  # levels; deeper folders keep their innermost names only
LATEST_EPOCH_MS = 10**14  # the year 5138: beyond it, not a time in milliseconds
LONGEST_MS = 2**31 - 1  # 24.8 days: beyond it a duration is a mistake, and unknown


def read_newman(content: bytes, context: ReadingContext) -> ParsedReport:
    """Return one result per assertion, request error, script error and fatal error.

    Several iterations are several results of one test, told apart by ``iteration``. There
    is no time per execution: a failure has its own, the others the start of the run.
    Raises: :class:`UnreadableReport`.
    Source: contracts/postman.md, section 2.
    """
    report = decode(content)
    reading = _Reading(report, context)
    results = tuple(reading.results())
    return ParsedReport(
        results=results,
        cases=len(results),
        digest=hashlib.sha256(content).hexdigest(),
        notes=tuple(reading.notes(results)),
    )


class _Reading:
    def __init__(self, report: NewmanReport, context: ReadingContext) -> None:
        self._report = report
        self._context = context
        self._folders = _folders(report)
        started = report.run.timings.started if report.run.timings else None
        self._started = _moment(started, context.now)
        self._failed_at = dict(_failure_times(report, context.now))
        self._line = 0

    def results(self) -> Iterator[ParsedResult]:
        for execution in self._report.run.executions:
            yield from self._of_execution(execution)
        if self._report.run.error:
            yield self._result(
                Execution(), RUN, TestStatus.ERROR, self._report.run.error
            )

    def notes(self, results: tuple[ParsedResult, ...]) -> Iterator[ReadingNote]:
        unchecked = sum(map(_is_unchecked, self._report.run.executions))
        if not results:
            yield ReadingNote(
                "nothing_ran", _("The report holds no check: nothing ran.")
            )
        if unchecked:
            yield ReadingNote(
                "no_checks",
                _("%(count)s requests have no check, so nothing is known of them.")
                % {"count": unchecked},
            )
        if any(result.time_basis == TimeBasis.UPLOAD for result in results):
            yield ReadingNote(
                TimeBasis.UPLOAD,
                _(
                    "The report names no believable start; the time of upload was taken."
                ),
            )

    def _of_execution(self, execution: Execution) -> Iterator[ParsedResult]:
        for check in execution.assertions or []:
            name = cleaned(check.assertion) or UNNAMED
            yield self._result(execution, name, _status(check), check.error)
        if execution.request_error:
            failure = execution.request_error
            yield self._result(execution, REQUEST, TestStatus.ERROR, failure)
        for failure in _crashes(execution):
            yield self._result(execution, SCRIPT, TestStatus.ERROR, failure)

    def _result(
        self,
        execution: Execution,
        check: str,
        status: TestStatus,
        failure: Failure | None,
    ) -> ParsedResult:
        self._line += 1
        place = self._place(execution.item)
        iteration = (execution.cursor and execution.cursor.iteration) or 0
        at = self._at(execution, check, iteration, failure)
        return ParsedResult(
            line=self._line,
            test_case_id=case_id([self._context.source, *place, check]),
            name=shortened(SEPARATOR.join([*place[1:], check])),
            status=status,
            executed_at=at or self._context.started_at or self._context.now,
            time_basis=_basis(at or self._context.started_at),
            duration_ms=_duration(execution),
            message=_message(failure),
            iteration=max(iteration, 0),
            family=self._family(place, check),
        )

    def _place(self, item: Item | None) -> list[str]:
        """Return collection, folders and request; the request names itself no folder."""
        collection = self._report.collection
        title = collection.info.name if collection and collection.info else ""
        folders = self._folders.get(item.id or "", []) if item else []
        request = [cleaned(item.name)] if item else []
        return [cleaned(title), *folders, *request]

    def _family(self, place: list[str], check: str) -> Family | None:
        base = base_name(check)
        if base == check:
            return None
        name = shortened(SEPARATOR.join([*place[1:], base]))
        return Family(case_id([self._context.source, *place, base]), name)

    def _at(
        self, execution: Execution, check: str, iteration: int, failure: Failure | None
    ) -> datetime | None:
        """Return a failure's own time, else the run's start; ``None`` when unknown."""
        if failure is None or execution.item is None:
            return self._started
        own = _moment(failure.timestamp, self._context.now)
        key = (execution.item.id, iteration, check)
        return own or self._failed_at.get(key) or self._started


def _crashes(execution: Execution) -> list[Failure]:
    scripts = [*(execution.prerequest_script or ()), *(execution.test_script or ())]
    return [script.error for script in scripts if script.error]


def _is_unchecked(execution: Execution) -> bool:
    return not (execution.assertions or execution.request_error or _crashes(execution))


def _status(check: Assertion) -> TestStatus:
    if check.skipped:
        return TestStatus.SKIPPED
    return TestStatus.FAILED if check.error else TestStatus.PASSED


def _message(failure: Failure | None) -> str:
    if failure is None:
        return ""
    stated = [failure.name, failure.message or failure.code]
    return excerpt(": ".join(str(part) for part in stated if part))


def _duration(execution: Execution) -> int | None:
    took = execution.response.response_time if execution.response else None
    return round(took) if took is not None and 0 <= took <= LONGEST_MS else None


def _basis(at: datetime | None) -> TimeBasis:
    return TimeBasis.EXACT if at else TimeBasis.UPLOAD


def _moment(milliseconds: float | None, now: datetime) -> datetime | None:
    if milliseconds is None or not 0 < milliseconds < LATEST_EPOCH_MS:
        return None
    at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return at if is_believable(at, now=now) else None


def _failure_times(
    report: NewmanReport, now: datetime
) -> Iterator[tuple[tuple[str | None, int, str], datetime]]:
    """Yield the time of every failed assertion by request, iteration and name."""
    for entry in report.run.failures or []:
        at = _moment(entry.error.timestamp, now) if entry.error else None
        if at and entry.source:
            iteration = (entry.cursor and entry.cursor.iteration) or 0
            yield (entry.source.id, iteration, _failed_check(entry.error)), at


def _failed_check(failure: Failure | None) -> str:
    return cleaned(failure.test if failure else "")


def _folders(report: NewmanReport) -> dict[str, list[str]]:
    """Return the folders around every request of the collection, by the request's id."""
    found: dict[str, list[str]] = {}
    waiting: list[tuple[list[str], Item]] = [
        ([], item) for item in (report.collection and report.collection.item) or []
    ]
    while waiting:
        path, item = waiting.pop()
        if item.item is None and item.id:
            found[item.id] = path
        inside = [*path, cleaned(item.name)][-FOLDER_LIMIT:]
        waiting.extend((inside, inner) for inner in item.item or [])
    return found
