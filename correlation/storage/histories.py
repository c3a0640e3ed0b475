"""What were the last results of some tests? One look per test, newest first."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from correlation.enums import TestStatus

_LAST = """
    SELECT asked.id, last.status, last.executed_at, last.revision, last.attempts
    FROM unnest(%(tests)s::text[]) AS asked(id) CROSS JOIN LATERAL (
        SELECT status, executed_at, revision, attempts FROM test_results
        WHERE test_case_id = asked.id
        ORDER BY executed_at DESC, id DESC LIMIT %(most)s
    ) last
"""


@dataclass(frozen=True, slots=True)
class PastResult:
    """One stored result of a test."""

    status: TestStatus
    executed_at: datetime
    revision: str
    attempts: int


def last_results(
    tests: Collection[str], *, most: int
) -> dict[str, tuple[PastResult, ...]]:
    """Return at most ``most`` results of each test, oldest of them first.

    A test without results is absent. One query, served by the index on test and moment.
    """
    found: defaultdict[str, list[PastResult]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LAST, {"tests": list(tests), "most": most})
        for test, status, executed_at, revision, attempts in cursor.fetchall():
            found[test].append(
                PastResult(TestStatus(status), executed_at, revision, attempts)
            )
    return {
        test: tuple(sorted(results, key=lambda result: result.executed_at))
        for test, results in found.items()
    }
