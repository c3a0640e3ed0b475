"""A moment, and a short way to say a result."""

from datetime import UTC, datetime, timedelta

import pytest

from correlation.enums import TestStatus
from correlation.parsed import ParsedResult


@pytest.fixture
def now():
    return datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def said(now):
    """Build results: ``said("t", "failed", minutes=5)`` ran 5 minutes after 10:00."""
    lines = iter(range(1, 10_000))

    def build(test, status="passed", *, minutes=0.0, **members):
        at = now - timedelta(hours=2) + timedelta(minutes=minutes)
        return ParsedResult(
            **{
                "line": next(lines),
                "test_case_id": test,
                "name": "",
                "status": TestStatus(status),
                "executed_at": at,
            }
            | members
        )

    return build
