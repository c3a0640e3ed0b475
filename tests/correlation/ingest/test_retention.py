"""Thirteen months of results stay; what is older goes, batch by batch."""

from datetime import timedelta

import pytest

from correlation.ingest import retention
from correlation.ingest.results import import_results
from correlation.ingest.retention import KEPT, remove_old_results
from correlation.ingest.rows import Run
from correlation.models import Alarm, TestCase, TestResult
from correlation.tasks import remove_old_test_results
from qa_observability.models import JobRun

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("batch", [1, 2, 10_000])
def test_only_what_is_older_goes(batch, now, said, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", batch)
    edge = said("edge", "failed", executed_at=now - KEPT)
    old = [
        said(test, "failed", executed_at=now - KEPT - timedelta(seconds=second))
        for test, second in (("edge", 3600), ("gone", 1), ("gone", 7200))
    ]
    import_results([edge, *old], run=Run("ci"), now=now)

    removed = remove_old_results(now=now)

    assert removed == {"results": 3, "alarms": 3, "tests": 1}
    assert list(TestCase.objects.values_list("pk", flat=True)) == ["edge"]
    assert TestResult.objects.get().executed_at == now - KEPT
    assert Alarm.objects.get().failed_at == now - KEPT


def test_nothing_old_is_nothing_to_do(now, said):
    import_results([said("t")], run=Run("ci"), now=now)

    assert remove_old_results(now=now) == {"results": 0, "alarms": 0, "tests": 0}


def test_the_nightly_job_records_what_it_removed():
    remove_old_test_results()

    run = JobRun.objects.get()
    assert (run.job, run.counts) == (
        "tests: remove what is past 13 months",
        {"results": 0, "alarms": 0, "tests": 0},
    )
