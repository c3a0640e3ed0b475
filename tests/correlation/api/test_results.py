"""The API's door: every content type, every fault an envelope, nothing half-stored."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from correlation.api import results as door
from correlation.models import TestCase, TestResult
from qa_observability.tokens import issue_token

DATA = Path(__file__).parents[2] / "data"
URL = "/api/v1/correlation/test-results"
LINE = {"testCaseId": "t", "status": "failed", "executedAt": "2026-01-10T10:00:00Z"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    cache.clear()  # the throttle counts across tests
    user = User.objects.create_user("quinn", password="a-long-password")
    user.user_permissions.add(Permission.objects.get(codename="ingest_results"))
    return user


@pytest.fixture
def client_with(user):
    def build(*scopes):
        issued = issue_token(user, scopes, name="ci", by=None, now=timezone.now())
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Token {issued.key}")
        return client

    return build


@pytest.fixture
def api(client_with):
    return client_with("ingest")


def post(api, content, kind, query=""):
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    return api.post(URL + query, content, content_type=kind)


def file_of(name, content=None):
    content = (DATA / name).read_bytes() if content is None else content
    return SimpleUploadedFile(Path(name).name, content)


def test_an_array_of_results_is_told_line_by_line(api):
    answer = post(api, [LINE, LINE, {"testCaseId": 1}], "application/json")

    assert answer.status_code == 200
    assert answer.json() == {
        "accepted": 2,
        "duplicates": 0,
        "rejected": 1,
        "results": [
            {"line": 1, "outcome": "accepted", "field": None, "reason": None},
            {"line": 2, "outcome": "accepted", "field": None, "reason": None},
            {
                "line": 3,
                "outcome": "rejected",
                "field": "testCaseId",
                "reason": "invalid: This must be text.",
            },
        ],
        "warnings": [],
        "files": [],
    }
    assert TestResult.objects.get().attempts == 2


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("junit/pytest_xunit2.xml", "application/xml", 13),
        ("junit/pytest_xunit2.xml", "text/xml; charset=utf-8", 13),
        ("junit/hostile/utf16.xml", "application/xml", 1),
        ("newman/newman_run.json", "application/json", 7),
    ],
)
def test_reports_are_read_by_their_content_type(name, kind, expected, api):
    content = (DATA / name).read_bytes()

    first = post(api, content, kind, "?source=ci&runId=7&revision=abc")
    again = post(api, content, kind, "?source=ci&runId=7&revision=abc")

    assert (first.json()["accepted"], first.json()["duplicates"]) == (expected, 0)
    assert (again.json()["accepted"], again.json()["duplicates"]) == (0, expected)
    assert set(TestResult.objects.values_list("source", "run_id", "revision")) == {
        ("ci", "7", "abc")
    }


def test_lines_are_streamed(api):
    body = b"\n".join(
        json.dumps(LINE | {"testCaseId": f"t{n}"}).encode() for n in range(1200)
    )

    answer = post(api, body + b"\n{broken", "application/x-ndjson").json()

    assert (answer["accepted"], answer["rejected"]) == (1200, 1)
    assert [result["line"] for result in answer["results"]] == [1201]


def test_a_form_with_one_file_answers_like_its_bytes(api):
    form = {
        "file": file_of("junit/surefire_flaky.xml"),
        "source": "ci",
        "runId": "8",
        "startedAt": "2026-01-05T10:00:00Z",
        "keepSample": "true",
    }

    answer = api.post(URL, form, format="multipart")

    assert answer.status_code == 200
    assert (answer.json()["accepted"], len(answer.json()["results"])) == (5, 5)
    assert {
        at.isoformat()
        for at in TestResult.objects.values_list("executed_at", flat=True)
    } == {"2026-01-05T10:00:00+00:00"}


def test_a_form_with_several_files_reports_each(api):
    files = [file_of("junit/vitest.xml"), file_of("junit/hostile/xxe_file.xml")]

    answer = api.post(URL + "?source=web", {"file": files}, format="multipart").json()

    assert (answer["accepted"], answer["results"]) == (4, [])
    assert [
        (
            report["file"],
            report["accepted"],
            report["error"] and report["error"]["code"],
        )
        for report in answer["files"]
    ] == [("vitest.xml", 4, None), ("xxe_file.xml", 0, "doctype_forbidden")]
    assert set(TestResult.objects.values_list("source", flat=True)) == {"web"}


def test_a_later_attempt_is_seen_through_the_api(api):
    post(api, [LINE | {"runId": "r"}], "application/json")

    later = LINE | {
        "runId": "r",
        "status": "passed",
        "executedAt": "2026-01-10T10:01:00Z",
    }
    answer = post(api, later, "application/json").json()

    assert answer["accepted"] == 1
    assert TestResult.objects.values_list("status", "attempts").get() == ("passed", 2)


# Faults


@pytest.mark.parametrize(
    ("content", "kind", "status", "code", "fields"),
    [
        pytest.param(
            b"{", "application/json", 400, "malformed_json", ["file"], id="cut"
        ),
        pytest.param(
            b"", "application/json", 400, "empty_report", ["file"], id="empty JSON"
        ),
        pytest.param(
            b"", "application/xml", 400, "empty_report", ["file"], id="empty XML"
        ),
        pytest.param(
            b"5", "application/json", 400, "not_results", ["file"], id="number"
        ),
        pytest.param(
            b"\xff", "application/json", 400, "malformed_json", ["file"], id="bytes"
        ),
        pytest.param(
            b"<html/>", "application/xml", 400, "not_junit", ["file"], id="HTML"
        ),
        pytest.param(
            b'{"testCaseId": "t"}',
            "application/json",
            422,
            "invalid_field",
            ["status"],
            id="field",
        ),
        pytest.param(b"x", "text/csv", 415, "unsupported_media_type", [], id="CSV"),
        pytest.param(
            b"x", "multipart/form-data", 400, "parse_error", [], id="no boundary"
        ),
    ],
)
def test_a_fault_answers_with_the_envelope(content, kind, status, code, fields, api):
    answer = post(api, content, kind)

    assert (answer.status_code, answer["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    assert answer.json()["code"] == code
    assert [error["field"] for error in answer.json().get("errors", [])] == fields
    assert not TestResult.objects.exists()


@pytest.mark.parametrize(
    "name", sorted(path.name for path in (DATA / "junit/hostile").iterdir())
)
def test_no_hostile_file_is_a_server_error(name, api):
    answer = post(api, (DATA / "junit/hostile" / name).read_bytes(), "application/xml")

    assert answer.status_code in {200, 400}
    assert TestCase.objects.exists() is (answer.status_code == 200)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?runID=7", "runID"),
        ("?source=" + "x" * 101, "source"),
        ("?startedAt=soon", "startedAt"),
        ("?keepSample=perhaps", "keepSample"),
    ],
)
def test_a_wrong_parameter_is_named(query, field, api):
    answer = post(api, [LINE], "application/json", query)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        pytest.param({"source": "ci"}, "file", id="no file"),
        pytest.param({"file": "just text"}, "file", id="text for a file"),
        pytest.param({"source": "x" * 101}, "source", id="too long"),
        pytest.param({"startedAt": "soon"}, "startedAt", id="no moment"),
        pytest.param({"startedAt": "2099-01-01T00:00:00Z"}, "startedAt", id="future"),
        pytest.param({"runid": "7"}, "runid", id="unknown field"),
        pytest.param({"source": "a\0b"}, "source", id="NUL"),
    ],
)
def test_a_wrong_form_field_is_named(form, field, api):
    fields = form if field == "file" else {"file": file_of("junit/vitest.xml")} | form

    answer = api.post(URL, fields, format="multipart")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not TestResult.objects.exists()


def test_a_body_above_the_limit_is_refused_before_it_is_read(api, monkeypatch):
    monkeypatch.setattr(door, "STREAM_LIMIT", 10)

    assert post(api, [LINE], "application/json").status_code == 413


def test_a_body_without_a_length_says_what_to_do(api):
    answer = api.post(
        URL, b"", content_type="application/x-ndjson", HTTP_TRANSFER_ENCODING="chunked"
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "length_required")


def test_a_client_that_hangs_up_stores_nothing(api):
    class Broken(BytesIO):
        def read(self, *args):
            raise OSError("connection reset")

    answer = api.generic(
        "POST",
        URL,
        b"x" * 9,
        content_type="application/x-ndjson",
        **{"wsgi.input": Broken()},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "incomplete_body")


# Rights


def test_a_token_without_the_scope_may_not_send(client_with):
    assert post(client_with("read"), [LINE], "application/json").status_code == 403


def test_a_user_without_the_right_may_not_send(api, user):
    user.user_permissions.clear()

    assert post(api, [LINE], "application/json").status_code == 403


def test_a_stranger_may_not_send(db):
    assert post(APIClient(), [LINE], "application/json").status_code == 401
