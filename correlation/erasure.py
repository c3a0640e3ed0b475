"""Where may this app name a person? Results and tests go, what people said is masked."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from correlation.ingest.removal import remove_results, remove_tests
from correlation.models import LinkFeedback, TestCase, TestResult, TestSource
from qa_observability.erasure import Fate, Place, delete_rows


def places() -> list[Place]:
    """Return every column of this app that holds text from outside, or names who acted."""
    return [
        Place(
            _("Test results"),
            TestResult.objects.all(),
            ("message", "source", "run_id", "revision"),
            Fate.DELETE,
            _delete_results,
        ),
        Place(
            _("Tests"),
            TestCase.objects.all(),
            ("test_case_id", "name", "family"),
            Fate.DELETE,
            _delete_tests,
        ),
        Place(
            _("Feedback on links"),
            LinkFeedback.objects.all(),
            ("note", "actor"),
            Fate.MASK,
        ),
        Place(
            _("Sources of tests"),
            TestSource.objects.all(),
            ("name",),
            Fate.DELETE,
            delete_rows,
        ),
    ]


def _delete_results(results: QuerySet[TestResult], _now: datetime) -> int:
    ids = list(results.values_list("pk", flat=True))
    remove_results(TestResult.objects.filter(pk__in=ids))
    return len(ids)


def _delete_tests(tests: QuerySet[TestCase], _now: datetime) -> int:
    ids = list(tests.values_list("pk", flat=True))
    remove_tests(TestCase.objects.filter(pk__in=ids))
    return len(ids)
