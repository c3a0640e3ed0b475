"""How do results go again? With the alarms that stood on them judged anew."""

from django.db import transaction
from django.db.models import Max, Min, QuerySet

from correlation.enums import FAILED_STATUSES
from correlation.models import (
    Alarm,
    LinkFeedback,
    TestCase,
    TestIntegrationCorrelation,
    TestResult,
)
from correlation.storage.alarms import judge_alarms
from correlation.storage.pending_results import FailureSpans


def remove_results(results: QuerySet[TestResult]) -> int:
    """Delete results and return how many; alarms stay true. All or nothing.

    The tests themselves stay, also without a result.
    """
    with transaction.atomic():
        rows = (
            results.filter(status__in=FAILED_STATUSES)
            .order_by()
            .values_list("test_case_id")
            .annotate(Min("executed_at"), Max("executed_at"))
        )
        failures = list(rows)
        removed, _by_model = results.delete()
        judge_alarms(
            FailureSpans(
                [test for test, _low, _high in failures],
                [low for _test, low, _high in failures],
                [high for _test, _low, high in failures],
            )
        )
    return removed


def remove_tests(tests: QuerySet[TestCase]) -> int:
    """Delete tests with all that hangs on them; return how many results went along."""
    with transaction.atomic():
        ids = list(tests.values_list("pk", flat=True))
        removed, _by_model = TestResult.objects.filter(test_case__in=ids).delete()
        for model in (Alarm, LinkFeedback, TestIntegrationCorrelation):
            model.objects.filter(test_case__in=ids).delete()
        TestCase.objects.filter(pk__in=ids).delete()
    return removed
