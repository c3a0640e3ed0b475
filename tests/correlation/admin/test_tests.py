"""Tests in the admin: only their channel is said by people; all else comes with results."""

from datetime import timedelta

import pytest

from correlation.models import Alarm, LinkFeedback, TestCase, TestResult
from qa_observability.models import AuditEntry
from tests.correlation.scene import NOW, failures, known_test

LIST = "/admin/correlation/testcase/"

pytestmark = pytest.mark.django_db


def test_a_channel_is_declared_and_leaves_a_trace(admin):
    known_test("suite/a b")
    (row,) = admin.get(LIST).context["cl"].result_list

    page = admin.post(
        f"{LIST}suite_2Fa b/change/", {"integration": "airbnb", "name": "cannot change"}
    )

    assert page.status_code == 302
    row.refresh_from_db()
    assert (row.integration_id, row.name) == ("airbnb", "Test suite/a b")
    trace = AuditEntry.objects.get(action="test.declared")
    assert (trace.before, trace.after) == (
        {"integration": None},
        {"integration": "airbnb"},
    )


def test_suggestions_are_taken_for_those_that_declare_nothing(admin):
    known_test("a", name="Airbnb: fees")
    known_test("b", name="Airbnb: fees", integration_id="vrbo")
    known_test("c", name="Guest portal")

    page = admin.post(
        LIST,
        {"action": "take_suggestions", "_selected_action": ["a", "b", "c"]},
        follow=True,
    )

    assert dict(TestCase.objects.values_list("pk", "integration_id")) == {
        "a": "airbnb",
        "b": "vrbo",
        "c": None,
    }
    assert "1 test was declared." in page.text
    assert AuditEntry.objects.filter(action="test.declared").count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["b", "a"]),
        ("?q=cleaning", ["a"]),
        ("?q=b", ["b"]),
        ("?source__name__exact=ci", ["b", "a"]),
    ],
)
def test_tests_are_found_last_run_first(query, found, admin):
    known_test("a", name="Cleaning fee", last_seen_at=NOW - timedelta(days=1))
    known_test("b", name="Rates")

    page = admin.get(LIST + query)

    assert [row.pk for row in page.context["cl"].result_list] == found


def test_tests_are_not_added_by_hand(admin):
    assert admin.get(LIST + "add/").status_code == 403


@pytest.mark.parametrize("by_action", [False, True])
def test_a_test_goes_with_all_that_hangs_on_it(by_action, admin):
    failures(known_test("t"), [NOW])
    failures(known_test("u"), [NOW])
    LinkFeedback.objects.create(
        test_case_id="t", integration_id="airbnb", confirmed=True, actor="a"
    )

    if by_action:
        page = admin.post(
            LIST,
            {"action": "delete_selected", "_selected_action": ["t"], "post": "yes"},
        )
    else:
        page = admin.post(f"{LIST}t/delete/", {"post": "yes"})

    assert page.status_code == 302
    assert list(TestCase.objects.values_list("pk", flat=True)) == ["u"]
    assert list(TestResult.objects.values_list("test_case_id", flat=True)) == ["u"]
    assert list(Alarm.objects.values_list("test_case_id", flat=True)) == ["u"]
    assert not LinkFeedback.objects.exists()


def test_what_goes_is_said_before(admin):
    failures(known_test("t", name="Cleaning fee"), [NOW])

    page = admin.get(f"{LIST}t/delete/")

    assert "Cleaning fee" in page.text
    assert "and all their results" in page.text
