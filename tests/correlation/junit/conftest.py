"""What readers are told in these tests."""

from datetime import UTC, datetime

import pytest

from correlation.parsed import ReadingContext


@pytest.fixture
def now():
    return datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def context(now):
    return ReadingContext(
        source="nightly", now=now, integrations=frozenset({"airbnb", "vrbo"})
    )
