"""Results in the admin: files in, lists that stay fast, alarms true after deletion."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from correlation.admin import paging
from correlation.models import Alarm, TestResult
from qa_observability.models import AuditEntry
from tests.correlation.scene import NOW, failures, known_test, source

LIST = "/admin/correlation/testresult/"
UPLOAD = LIST + "upload/"
DATA = Path(__file__).parents[2] / "data" / "junit"

pytestmark = pytest.mark.django_db


def file_of(name):
    return SimpleUploadedFile(Path(name).name, (DATA / name).read_bytes())


@pytest.fixture
def engineer():
    """Someone with the rights of a QA engineer, as far as they matter here."""
    user = User.objects.create_user("quinn", password="a-long-password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_testresult"))
    client = Client()
    client.force_login(user)
    return client, user


def test_files_are_brought_in_and_each_is_reported(admin):
    files = [file_of("vitest.xml"), file_of("hostile/xxe_file.xml")]

    page = admin.post(UPLOAD, {"file": files, "source": "web", "run_id": "7"})

    report = page.context["report"]
    assert (report.accepted, [bool(file.error) for file in report.files]) == (
        4,
        [False, True],
    )
    assert "has a DOCTYPE" in page.text
    assert "retry as a plain pass" in page.text
    assert set(TestResult.objects.values_list("source", "run_id")) == {("web", "7")}
    assert AuditEntry.objects.get(action="test_results.uploaded").after == {
        "accepted": 4,
        "files": ["vitest.xml", "xxe_file.xml"],
    }


def test_markup_in_a_report_is_shown_as_text(admin):
    name = SimpleUploadedFile(
        "<b>.xml", (DATA / "hostile/not_junit_html.xml").read_bytes()
    )

    page = admin.post(UPLOAD, {"file": name})

    assert "&lt;b&gt;.xml" in page.text
    assert "<b>.xml" not in page.text


def test_no_file_is_an_error_at_its_field(admin):
    page = admin.post(UPLOAD, {"source": "web"})

    assert page.context["form"].errors == {"file": ["This field is required."]}
    assert page.context["report"] is None


def test_the_form_is_offered_to_those_who_may_use_it(admin, engineer):
    client, user = engineer
    assert UPLOAD in admin.get(LIST).text
    assert UPLOAD not in client.get(LIST).text
    assert client.get(UPLOAD).status_code == 403

    user.user_permissions.add(Permission.objects.get(codename="ingest_results"))

    assert client.get(UPLOAD).status_code == 200
    assert UPLOAD in client.get(LIST).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a", "b"]),
        ("?q=CLEANING", ["a"]),
        ("?q=b", ["b"]),
        ("?q=nothing", []),
        ("?source=nightly", ["b"]),
        ("?status__exact=failed", ["a", "b"]),
        ("?status__exact=passed", []),
    ],
)
def test_results_are_found(query, found, admin):
    failures(known_test("a", name="Cleaning fee"), [NOW - timedelta(hours=1)])
    failures(
        known_test("b", of=source("nightly"), name="Rates"), [NOW - timedelta(hours=2)]
    )

    page = admin.get(LIST + query)

    assert [row.test_case_id for row in page.context["cl"].result_list] == found


def test_a_long_list_is_counted_up_to_a_limit(admin, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    failures(known_test("t"), [NOW - timedelta(hours=hour) for hour in range(5)])

    page = admin.get(LIST)

    assert page.context["cl"].paginator.count == 3


def test_a_list_asks_no_question_per_row(admin, django_assert_max_num_queries):
    for number in range(3):
        failures(known_test(f"t{number}"), [NOW])

    with django_assert_max_num_queries(10):
        admin.get(LIST)


def test_a_result_is_shown_and_not_edited(admin):
    failures(known_test("t"), [NOW])
    result = TestResult.objects.get()

    page = admin.get(f"{LIST}{result.pk}/change/")

    assert page.status_code == 200
    assert 'name="status"' not in page.text


@pytest.mark.parametrize("by_action", [False, True])
def test_deleting_a_result_keeps_the_alarms_true(by_action, admin):
    failures(known_test("t"), [NOW, NOW + timedelta(minutes=10)])
    first = TestResult.objects.earliest("executed_at")

    if by_action:
        page = admin.post(
            LIST,
            {
                "action": "delete_selected",
                "_selected_action": [first.pk],
                "post": "yes",
            },
        )
    else:
        page = admin.post(f"{LIST}{first.pk}/delete/", {"post": "yes"})

    assert page.status_code == 302
    assert [alarm.failed_at for alarm in Alarm.objects.all()] == [
        NOW + timedelta(minutes=10)
    ]
