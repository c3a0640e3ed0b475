"""Every format finds its reader by its bytes; the same file again adds nothing."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from correlation.ingest import files
from correlation.ingest.files import (
    Upload,
    import_file,
    import_json,
    import_junit,
    import_lines,
)
from correlation.models import TestCase, TestResult, TestSource
from correlation.parsed import UnreadableReport
from qa_observability.lib.errors import InvalidField, TooLarge

DATA = Path(__file__).parents[2] / "data"
LINE = {"testCaseId": "t", "status": "failed", "executedAt": "2026-01-10T10:00:00Z"}

pytestmark = pytest.mark.django_db


def send(content, now, **upload):
    if isinstance(content, str):
        content = (DATA / content).read_bytes()
    return import_file(BytesIO(content), Upload(**upload), now=now)


def counts(done):
    return done.accepted, done.duplicates, done.rejected


def sources():
    return list(
        TestResult.objects.order_by().values_list("source", flat=True).distinct()
    )


@pytest.mark.parametrize(
    ("content", "expected", "source"),
    [
        pytest.param("junit/pytest_xunit2.xml", (13, 0, 0), "junit", id="JUnit"),
        pytest.param(
            "junit/hostile/utf16.xml", (1, 0, 0), "junit", id="JUnit in UTF-16"
        ),
        pytest.param(
            "junit/real/xunit_net_utf8_bom.xml", (2, 0, 0), "junit", id="JUnit with BOM"
        ),
        pytest.param("newman/newman_run.json", (7, 0, 0), "newman", id="Newman"),
        pytest.param(json.dumps([LINE, {}]).encode(), (1, 0, 1), "api", id="array"),
        pytest.param(json.dumps(LINE).encode(), (1, 0, 0), "api", id="one line"),
        pytest.param(
            b"\xef\xbb\xbf" + json.dumps(LINE).encode() + b"\n\n{}",
            (1, 0, 1),
            "api",
            id="lines",
        ),
        pytest.param(
            json.dumps(LINE, indent=1).encode(), (1, 0, 0), "api", id="spread object"
        ),
    ],
)
def test_the_format_is_told_by_the_bytes(content, expected, source, now):
    assert counts(send(content, now)) == expected
    assert sources() == [source]


def test_newman_on_one_line_is_still_newman(now):
    content = json.dumps(
        json.loads((DATA / "newman/newman_run.json").read_text())
    ).encode()

    assert counts(send(content, now)) == (7, 0, 0)


@pytest.mark.parametrize(
    "name",
    [
        "junit/pytest_xunit2.xml",
        "junit/real/no_attributes.xml",
        "newman/newman_run.json",
    ],
)
def test_the_same_file_again_adds_nothing(name, now):
    first = send(name, now)
    before = list(TestResult.objects.order_by("id").values())

    again = send(name, now + timedelta(days=2))

    assert counts(again) == (0, first.accepted, 0)
    assert list(TestResult.objects.order_by("id").values()) == before


def test_a_new_file_of_the_same_ci_run_adds_nothing(now):
    content = (DATA / "junit/pytest_xunit2.xml").read_bytes()
    send(content, now, run_id="build 7")

    again = send(content + b"<!-- written again -->", now, run_id="build 7")

    assert counts(again) == (0, 13, 0)


def test_two_runs_of_one_suite_are_two_histories(now):
    for run in ("7", "8"):
        send("junit/vitest.xml", now, run_id=run, source="web", revision="abc")

    assert TestCase.objects.count() == 4
    assert TestResult.objects.filter(source="web", revision="abc").count() == 8


def test_rounds_of_a_newman_run_are_results_of_their_own(now):
    execution = {"item": {"name": "Push"}, "assertions": [{"assertion": "ok"}]}
    content = json.dumps(
        {
            "run": {
                "stats": {},
                "executions": [
                    execution | {"cursor": {"iteration": n}} for n in range(3)
                ],
            }
        }
    ).encode()

    send(content, now, run_id="r")

    assert list(
        TestResult.objects.order_by("run_id").values_list("run_id", flat=True)
    ) == [
        "r",
        "r#2",
        "r#3",
    ]


def test_no_secret_of_a_newman_report_is_stored(now):
    send("newman/newman_run.json", now)

    stored = repr((list(TestResult.objects.values()), list(TestCase.objects.values())))
    assert "SYNTHETIC" not in stored


def test_a_bearer_token_in_a_message_is_masked(now):
    send("junit/hostile/script_in_message.xml", now)

    assert "SYNTHETIC" not in TestResult.objects.get().message


def test_the_zone_chosen_for_a_source_is_used(now):
    TestSource.objects.create(name="robot", time_zone="America/Sao_Paulo")

    send("junit/robot_xunit.xml", now, source="robot")

    assert set(TestResult.objects.values_list("executed_at", "time_basis")) == {
        (datetime(2026, 1, 5, 21, 32, 17, 593986, tzinfo=UTC), "exact")
    }


def test_warnings_of_the_reader_are_told(now):
    done = send("junit/real/no_cases_but_tests.xml", now)

    assert [warning.code for warning in done.warnings] == [
        "nothing_ran",
        "cases_missing",
    ]
    assert counts(done) == (0, 0, 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "empty_report", id="empty"),
        pytest.param(b"PK\x03\x04rest", "unknown_format", id="archive"),
        pytest.param(b"test,status\n", "unknown_format", id="CSV"),
        pytest.param(b"<html></html>", "not_junit", id="HTML"),
        pytest.param(b"{\n", "malformed_json", id="cut off"),
        pytest.param(b'{"run": {}}', "not_newman", id="nearly Newman"),
        pytest.param(
            b'{"totalPass": 1, "results": [], "run": 1}',
            "runner_export",
            id="runner export",
        ),
    ],
)
def test_other_files_are_refused_and_store_nothing(content, code, now):
    with pytest.raises(UnreadableReport) as refusal:
        send(content, now)

    assert refusal.value.code == code
    assert not TestSource.objects.exists()


@pytest.mark.parametrize(
    "name", sorted(path.name for path in (DATA / "junit/hostile").iterdir())
)
def test_no_hostile_file_does_harm(name, now):
    try:
        send(f"junit/hostile/{name}", now)
    except UnreadableReport:
        assert not TestResult.objects.exists()
    else:
        assert TestResult.objects.count() == 1


@pytest.mark.parametrize(
    ("upload", "field"),
    [
        ({"source": "x" * 101}, "source"),
        ({"source": "a\0"}, "source"),
        ({"run_id": "x" * 191}, "run_id"),
        ({"revision": "x" * 101}, "revision"),
        ({"started_at": datetime(2099, 1, 1, tzinfo=UTC)}, "started_at"),
        ({"started_at": datetime(1999, 1, 1, tzinfo=UTC)}, "started_at"),
    ],
)
@pytest.mark.parametrize("importer", [import_junit, import_json, import_lines])
def test_what_a_sender_says_is_checked(importer, upload, field, now):
    with pytest.raises(InvalidField) as refusal:
        importer(BytesIO(b""), Upload(**upload), now=now)

    assert [error.field for error in refusal.value.errors] == [field]


def test_a_json_document_above_the_limit_is_refused(now, monkeypatch):
    monkeypatch.setattr(files, "JSON_LIMIT", 10)

    with pytest.raises(TooLarge):
        send(json.dumps([LINE]).encode(), now)
