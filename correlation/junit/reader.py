"""What does a JUnit XML file say? Results, and what a person should know about them."""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from correlation.enums import TestStatus, TimeBasis
from correlation.junit import notes
from correlation.junit.dialects import is_playwright
from correlation.junit.durations import has_ambiguous_comma, milliseconds
from correlation.junit.identity import Naming
from correlation.junit.markup import Case, Suite, around, read_markup
from correlation.junit.outcomes import claims_failure, ending, reason
from correlation.junit.timestamps import Moment, moment
from correlation.parsed import ParsedReport, ParsedResult, ReadingContext

_STATUS_OF_SUITE_MARK = {"error": TestStatus.ERROR, "failure": TestStatus.FAILED}


def read_report(stream: BinaryIO, context: ReadingContext) -> ParsedReport:
    """Return everything a JUnit XML file says, in its order.

    Cases come first, numbered as they stand; errors that belong to a suite follow. A file
    without a case is no error: its notes say that nothing ran.
    Raises: :class:`UnreadableReport` and :class:`TooLarge`; see ``read_markup``.
    Source: contracts/junit.md.
    """
    markup = read_markup(stream)
    reading = _Reading(
        context, Naming(context.source, is_playwright=is_playwright(markup))
    )
    results = [reading.of_case(case, at) for at, case in enumerate(markup.cases, 1)]
    for suite in markup.suites:
        results.extend(reading.of_suite(suite, len(results) + 1))
    return ParsedReport(
        results=tuple(results),
        cases=len(markup.cases),
        digest=markup.digest,
        notes=notes.of_report(markup, reading.seen),
    )


class _Reading:
    """Turns cases and suites into results, counting in ``seen`` what deserves a note."""

    def __init__(self, context: ReadingContext, naming: Naming) -> None:
        self._context = context
        self._naming = naming
        self._moments: dict[int, Moment] = {}
        self.seen: Counter[str] = Counter()

    def of_case(self, case: Case, line: int) -> ParsedResult:
        identity, name, family = self._naming.of_case(case, line)
        end = ending(case)
        at = self._own_moment(case) or self._moment(case.suite)
        self._count(case, at)
        return ParsedResult(
            line=line,
            test_case_id=identity,
            name=name,
            status=end.status,
            executed_at=at.at,
            time_basis=at.basis,
            duration_ms=milliseconds(case.attributes.get("time")),
            message=end.message,
            attempts=end.attempts,
            family=family,
            integration_id=self._integration(case),
        )

    def of_suite(self, suite: Suite, line: int) -> Iterator[ParsedResult]:
        """Yield at most one result for errors of the suite that no case tells of."""
        told = _suite_failure(suite)
        if told is None:
            return
        self.seen[notes.SUITE_ERROR] += 1
        status, message = told
        identity, name = self._naming.of_suite(suite)
        at = self._moment(suite)
        yield ParsedResult(
            line=line,
            test_case_id=identity,
            name=name,
            status=status,
            executed_at=at.at,
            time_basis=at.basis,
            message=message,
        )

    def _count(self, case: Case, at: Moment) -> None:
        self.seen[notes.CLAIMED] += claims_failure(case)
        self.seen[notes.COMMA] += has_ambiguous_comma(case.attributes.get("time"))
        self.seen[notes.UNNAMED] += not (case.attributes.get("name") or "").strip()
        self.seen[at.basis] += 1

    def _own_moment(self, case: Case) -> Moment | None:
        text = case.attributes.get("timestamp")
        return self._read(text) if text else None

    def _moment(self, suite: Suite) -> Moment:
        """Return the nearest believable start around a case, else the run's or upload's."""
        known = self._moments.get(id(suite))
        if known is None:
            starts = (
                self._read(at.attributes.get("timestamp")) for at in around(suite)
            )
            known = next(filter(None, starts), None) or self._late()
            self._moments[id(suite)] = known
        return known

    def _late(self) -> Moment:
        if self._context.started_at:
            return Moment(self._context.started_at, TimeBasis.EXACT)
        return Moment(self._context.now, TimeBasis.UPLOAD)

    def _read(self, text: str | None) -> Moment | None:
        return moment(text, zone=self._context.zone, now=self._context.now)

    def _integration(self, case: Case) -> str | None:
        for value in case.properties.values():
            stated = value.text()
            if stated in self._context.integrations:
                return stated
            self.seen[notes.UNKNOWN_INTEGRATION] += bool(stated)
        return None


def _suite_failure(suite: Suite) -> tuple[TestStatus, str] | None:
    """Return what a suite reports beside its cases, or ``None``.

    Either elements of its own, or (Newman) more errors in its attribute than it has error
    elements, explained in its system-err or standing in a suite that ran nothing.
    """
    for mark in suite.marks:
        if mark.kind in _STATUS_OF_SUITE_MARK:
            return _STATUS_OF_SUITE_MARK[mark.kind], reason(mark)
    if suite.suites or _number(suite, "errors") <= suite.errors:
        return None
    complaint = suite.complaint.text()
    ran_nothing = not suite.cases and not _number(suite, "tests")
    return (TestStatus.ERROR, complaint) if complaint or ran_nothing else None


def _number(suite: Suite, attribute: str) -> int:
    text = suite.attributes.get(attribute, "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004
