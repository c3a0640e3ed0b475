"""How did a case end, and why? By its child elements, never by attributes."""

from dataclasses import dataclass

from correlation.domain.excerpts import excerpt
from correlation.enums import TestStatus
from correlation.junit.markup import Case, Mark

_DECIDING = (
    ("error", TestStatus.ERROR),
    ("failure", TestStatus.FAILED),
    ("skipped", TestStatus.SKIPPED),
    ("flakyError", TestStatus.FLAKY),
    ("flakyFailure", TestStatus.FLAKY),
)
_RETRIES = frozenset({"flakyError", "flakyFailure", "rerunError", "rerunFailure"})
_NOT_RUN = frozenset({("status", "notrun"), ("result", "skipped")})
_CLAIMS = frozenset({"failed", "failure", "fail", "error"})


@dataclass(frozen=True, slots=True)
class Ending:
    """A case's status, the reason in the report's words, and how often it was tried."""

    status: TestStatus
    message: str
    attempts: int


def ending(case: Case) -> Ending:
    """Return how a case ended: error > failure > skipped > flaky > passed.

    GoogleTest marks what it did not run in an attribute only; that counts as skipped.
    Source: contracts/junit.md, sections 1, 2 and 4.
    """
    attempts = 1 + sum(mark.kind in _RETRIES for mark in case.marks)
    for kind, status in _DECIDING:
        for mark in case.marks:
            if mark.kind == kind:
                return Ending(status, reason(mark), attempts)
    if not _NOT_RUN.isdisjoint(case.attributes.items()):
        return Ending(TestStatus.SKIPPED, "", attempts)
    return Ending(TestStatus.PASSED, "", attempts)


def claims_failure(case: Case) -> bool:
    """Return whether attributes say failed while no element does."""
    stated = {case.attributes.get("status"), case.attributes.get("result")}
    return not case.marks and not _CLAIMS.isdisjoint(stated)


def reason(mark: Mark) -> str:
    """Return a mark's message followed by its text, each said once."""
    text = mark.excerpt.text()
    message = excerpt(mark.message)
    if not message or message in text:
        return text
    return f"{message}\n{text}".strip()
