"""The sample leaves without a trace, and takes nothing real along."""

from datetime import UTC, datetime, timedelta

import pytest

from correlation.enums import Pattern, TestStatus
from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.models import (
    Alarm,
    Backtest,
    LinkFeedback,
    TestCase,
    TestIntegrationCorrelation,
    TestResult,
    TestSource,
)
from correlation.parsed import ParsedResult
from correlation.sample_data import purge_sample, sample_loaded
from qa_observability import sample_registry

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def load(test, *, minutes=0, source="ci", **options):
    result = ParsedResult(
        line=1,
        test_case_id=test,
        name="",
        status=TestStatus.FAILED,
        executed_at=NOW - timedelta(hours=2) + timedelta(minutes=minutes),
        source=source,
    )
    import_results([result], run=Run(source), now=NOW, **options)


def test_the_sample_leaves_and_real_data_stays():
    load("sample only", source="smoke", sample=True)
    load("both", sample=True)
    load("both", minutes=20, keep_sample=True)
    TestIntegrationCorrelation.objects.create(
        test_case_id="sample only",
        integration_id="airbnb",
        pattern=Pattern.NONE,
        correlation_score=1,
        confidence=1,
        last_correlated=NOW,
    )
    LinkFeedback.objects.create(
        test_case_id="sample only", integration_id="airbnb", confirmed=True, actor="a"
    )

    removed = purge_sample(NOW)

    assert removed == {"test_results": 2, "test_cases": 1}
    assert list(TestCase.objects.values_list("pk", flat=True)) == ["both"]
    assert list(Alarm.objects.values_list("test_case_id", "failed_at")) == [
        ("both", NOW - timedelta(hours=1, minutes=40))
    ]
    assert list(TestSource.objects.values_list("name", flat=True)) == ["ci"]
    assert not TestIntegrationCorrelation.objects.exists()
    assert not LinkFeedback.objects.exists()


def test_backtests_since_the_sample_came_leave_with_it():
    load("t", sample=True)
    for day in (-1, 0, 1):
        moment = NOW + timedelta(days=day)
        Backtest.objects.create(
            as_of=moment, judged_from=moment, judged_to=moment, rows=[]
        )

    purge_sample(NOW + timedelta(days=2))
    purge_sample(NOW + timedelta(days=2))

    assert [each.as_of for each in Backtest.objects.all()] == [NOW - timedelta(days=1)]


def test_loaded_means_that_a_sample_result_is_there():
    assert not sample_loaded()

    load("t", keep_sample=True)
    assert not sample_loaded()

    load("u", sample=True)
    assert sample_loaded()


def test_the_first_real_results_take_it_away_through_the_registry():
    load("t", sample=True)
    assert sample_registry.any_loaded()

    load("u")

    assert not sample_loaded()
    assert list(TestResult.objects.values_list("test_case_id", flat=True)) == ["u"]
