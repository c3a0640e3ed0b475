"""Results go with the alarms that stood on them; later ones are judged anew."""

from datetime import timedelta

import pytest

from correlation.ingest.removal import remove_results, remove_tests
from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.models import Alarm, TestCase, TestResult

pytestmark = pytest.mark.django_db


def test_the_alarm_behind_a_removed_failure_comes_forward(now, said):
    import_results(
        [said("t", "failed", minutes=at) for at in (0, 20)], run=Run("ci"), now=now
    )
    first = TestResult.objects.order_by("executed_at")[:1]

    removed = remove_results(TestResult.objects.filter(pk__in=[first[0].pk]))

    assert removed == 1
    assert Alarm.objects.get().failed_at == now - timedelta(hours=2, minutes=-20)
    assert TestCase.objects.count() == 1


def test_removing_all_results_leaves_no_alarm(now, said):
    import_results([said("t", "failed"), said("u", "passed")], run=Run("ci"), now=now)

    assert remove_results(TestResult.objects.all()) == 2
    assert not Alarm.objects.exists()


def test_removing_nothing_changes_nothing(now, said):
    import_results([said("t", "failed")], run=Run("ci"), now=now)

    assert remove_results(TestResult.objects.none()) == 0
    assert Alarm.objects.count() == 1


def test_tests_go_with_their_results_and_alarms(now, said):
    import_results(
        [said("t", "failed"), said("t", minutes=50), said("u", "failed")],
        run=Run("ci"),
        now=now,
    )

    assert remove_tests(TestCase.objects.filter(pk="t")) == 2
    assert list(TestCase.objects.values_list("pk", flat=True)) == ["u"]
    assert list(Alarm.objects.values_list("test_case_id", flat=True)) == ["u"]
