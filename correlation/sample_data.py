"""Is sample data loaded here, and how does it leave?"""

from datetime import datetime

from django.db.models import Min

from correlation.ingest.removal import remove_results, remove_tests
from correlation.models import Backtest, TestCase, TestResult, TestSource
from correlation.storage.evidence_days import forget_parts


def sample_loaded() -> bool:
    """Return whether any sample result is stored; one look at a partial index."""
    return TestResult.objects.filter(sample=True).exists()


def purge_sample(now: datetime) -> dict[str, int]:  # noqa: ARG001
    """Remove the sample in the caller's transaction; return rows by table.

    Real tests keep their real results, and their alarms are judged anew. Links, feedback
    and sources that then stand on nothing go too, and the backtests since it came; days
    of evidence are counted again.
    """
    sent = TestResult.objects.filter(sample=True)
    came_at = sent.aggregate(first=Min("created_at"))["first"]
    if came_at is not None:
        Backtest.objects.filter(as_of__gte=came_at).delete()
    results = remove_results(sent)
    of_sample = TestCase.objects.filter(sample=True)
    removed = {"test_results": results, "test_cases": of_sample.count()}
    remove_tests(of_sample)
    TestSource.objects.filter(tests=None).delete()
    forget_parts()
    return removed
