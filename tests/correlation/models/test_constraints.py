"""The database refuses what must never be: each named constraint, broken on purpose."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from correlation.models import (
    Alarm,
    TestCase,
    TestIntegrationCorrelation,
    TestResult,
    TestSource,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def refuse(constraint, write):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


@pytest.fixture
def test_case():
    source = TestSource.objects.create(name="ci")
    return TestCase.objects.create(
        test_case_id="t1", name="T1", source=source, first_seen_at=NOW, last_seen_at=NOW
    )


@pytest.mark.parametrize("seconds", [299, 259_201])
def test_window_outside_5_minutes_to_72_hours_is_refused(seconds):
    refuse(
        "window_is_5_minutes_to_72_hours",
        lambda: TestSource.objects.create(name="x", window_seconds=seconds),
    )


@pytest.mark.parametrize("seconds", [300, 259_200])
def test_window_edges_are_allowed(seconds):
    TestSource.objects.create(name="x", window_seconds=seconds)

    assert TestSource.objects.get(name="x").window_seconds == seconds


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param("test_status_is_known", {"status": "green"}, id="status"),
        pytest.param(
            "test_duration_is_not_negative", {"duration_ms": -1}, id="duration"
        ),
        pytest.param("a_result_took_an_attempt", {"attempts": 0}, id="attempts"),
    ],
)
def test_result_is_refused(test_case, constraint, fields):
    facts = {"source": "ci", "run_id": "1", "status": "passed", "executed_at": NOW}

    refuse(
        constraint,
        lambda: TestResult.objects.create(test_case=test_case, **facts | fields),
    )


def test_one_result_per_source_run_and_test(test_case):
    facts = {"source": "ci", "run_id": "1", "status": "passed", "executed_at": NOW}
    TestResult.objects.create(test_case=test_case, **facts)

    refuse(
        "one_result_per_source_run_and_test",
        lambda: TestResult.objects.create(test_case=test_case, **facts),
    )


def test_one_alarm_per_test_and_moment(test_case):
    Alarm.objects.create(test_case=test_case, failed_at=NOW)

    refuse(
        "one_alarm_per_test_and_moment",
        lambda: Alarm.objects.create(test_case=test_case, failed_at=NOW),
    )


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param(
            "correlation_score_is_a_ratio", {"correlation_score": "1.01"}, id="score"
        ),
        pytest.param("confidence_is_a_ratio", {"confidence": "-0.01"}, id="confidence"),
        pytest.param("hits_are_among_trials", {"trials": 2, "hits": 3}, id="hits"),
        pytest.param("link_pattern_is_known", {"pattern": "causes"}, id="pattern"),
    ],
)
def test_link_is_refused(test_case, constraint, fields):
    facts = {
        "correlation_score": "0.50",
        "correlation_type": "medium",
        "pattern": "none",
        "confidence": "0.50",
        "last_correlated": NOW,
    }

    refuse(
        constraint,
        lambda: TestIntegrationCorrelation.objects.create(
            test_case=test_case, integration_id="airbnb", **facts | fields
        ),
    )
