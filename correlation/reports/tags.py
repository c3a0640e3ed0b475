"""Is a test itself to be believed? Flaky or always failing, from its last results."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from correlation.domain.flakiness import (
    RUNS_LOOKED_AT,
    FlakyReason,
    TestRun,
    flaky_reason,
    is_always_failing,
)
from correlation.enums import FAILED_STATUSES, TestStatus
from correlation.storage.histories import PastResult, last_results


@dataclass(frozen=True, slots=True)
class TestTags:
    """Why a test is flaky, if it is, and whether all its last runs failed."""

    __test__ = False

    flaky: FlakyReason | None = None
    always_failing: bool = False


UNTAGGED = TestTags()


def tags_of(tests: Collection[str]) -> dict[str, TestTags]:
    """Return the tags of tests that have results; one query, 100 results each."""
    histories = last_results(tests, most=RUNS_LOOKED_AT)
    return {test: history_tags(history) for test, history in histories.items()}


def history_tags(history: Iterable[PastResult]) -> TestTags:
    """Return the tags of one test, its results in the order of time."""
    runs = [
        TestRun(
            failed=past.status in FAILED_STATUSES,
            revision=past.revision,
            retried=past.status == TestStatus.FLAKY,
        )
        for past in history
        if past.status != TestStatus.SKIPPED
    ]
    return TestTags(flaky_reason(runs), is_always_failing(runs))
