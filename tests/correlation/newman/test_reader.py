"""What Newman's report tells, and what of it never gets in."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from correlation.enums import TestStatus, TimeBasis
from correlation.newman.reader import read_newman
from correlation.parsed import ReadingContext, UnreadableReport

EXAMPLE = (Path(__file__).parents[2] / "data/newman/newman_run.json").read_bytes()
CONTEXT = ReadingContext(source="newman", now=datetime(2026, 1, 10, 12, tzinfo=UTC))


def run_of(*executions, **members):
    run = {"stats": {}, "executions": list(executions), **members}
    return json.dumps({"run": run}).encode()


def check(name, **members):
    return {"assertion": name, **members}


def test_each_check_request_error_and_script_error_is_a_result():
    report = read_newman(EXAMPLE, CONTEXT)

    assert [(result.name, result.status.value) for result in report.results] == [
        ("Pricing / Push rates to Airbnb / status is 200", "passed"),
        ("Pricing / Push rates to Airbnb / total is 120.5", "failed"),
        ("Pricing / Push rates to Airbnb / currency present", "skipped"),
        ("Pricing / Push fees to Vrbo / status is 200", "failed"),
        ("Unreachable HMBN / reachable", "failed"),
        ("Unreachable HMBN / (request)", "error"),
        ("Script error / (script)", "error"),
    ]
    assert Counter(result.status for result in report.results) == {
        TestStatus.PASSED: 1,
        TestStatus.SKIPPED: 1,
        TestStatus.FAILED: 3,
        TestStatus.ERROR: 2,
    }
    assert [note.code for note in report.notes] == ["no_checks"]


def test_no_secret_of_the_report_gets_in():
    assert b"SYNTHETIC-NOT-A-SECRET" in EXAMPLE
    assert "SYNTHETIC-NOT-A-SECRET" not in repr(read_newman(EXAMPLE, CONTEXT))


def test_a_failure_has_its_own_time_and_a_pass_the_runs():
    passed, failed = read_newman(EXAMPLE, CONTEXT).results[:2]

    assert passed.executed_at == datetime(2026, 1, 5, 18, 44, 6, 413000, tzinfo=UTC)
    assert failed.executed_at == datetime(2026, 1, 5, 18, 44, 6, 604000, tzinfo=UTC)
    assert (passed.time_basis, passed.duration_ms) == (TimeBasis.EXACT, 72)


def test_every_iteration_is_a_result_of_the_same_test():
    item = {"id": "r", "name": "Push"}
    content = run_of(
        {
            "item": item,
            "cursor": {"iteration": 0},
            "assertions": [check("ok", error={})],
        },
        {"item": item, "cursor": {"iteration": 1}, "assertions": [check("ok")]},
    )

    first, second = read_newman(content, CONTEXT).results

    assert first.test_case_id == second.test_case_id
    assert [(r.iteration, r.status) for r in (first, second)] == [
        (0, TestStatus.FAILED),
        (1, TestStatus.PASSED),
    ]


def test_a_fatal_error_of_the_run_is_a_result():
    content = run_of(error={"name": "Error", "message": "collection is broken"})

    (result,) = read_newman(content, CONTEXT).results

    assert (result.name, result.status, result.message) == (
        "(run)",
        TestStatus.ERROR,
        "Error: collection is broken",
    )


def test_a_run_without_checks_says_that_nothing_ran():
    report = read_newman(run_of(), CONTEXT)

    assert (report.results, [note.code for note in report.notes]) == (
        (),
        ["nothing_ran"],
    )


@pytest.mark.parametrize("started", [None, 0, -1, 1e300, 4102444800000])
def test_an_unbelievable_start_gives_the_time_of_upload(started):
    content = run_of({"assertions": [check("ok")]}, timings={"started": started})

    report = read_newman(content, CONTEXT)

    assert [(r.executed_at, r.time_basis) for r in report.results] == [
        (CONTEXT.now, TimeBasis.UPLOAD)
    ]
    assert [note.code for note in report.notes] == ["upload"]


@pytest.mark.parametrize("took", [None, -1, 1e300])
def test_an_absurd_response_time_is_unknown(took):
    content = run_of({"assertions": [check("ok")], "response": {"responseTime": took}})

    (result,) = read_newman(content, CONTEXT).results

    assert result.duration_ms is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"{}", "not_newman", id="another object"),
        pytest.param(b'{"run": {"stats": {}}}', "not_newman", id="no executions"),
        pytest.param(b'{"run": ', "malformed_json", id="cut off"),
        pytest.param(b"", "malformed_json", id="empty"),
        pytest.param(b'{"x": ' + b"[" * 100_000, "malformed_json", id="deep array"),
        pytest.param(
            b'{"run":{"stats":{},"executions":[]},"collection":'
            + b'{"item":[' * 50_000,
            "malformed_json",
            id="deep folders",
        ),
    ],
)
def test_other_files_are_refused(content, code):
    with pytest.raises(UnreadableReport) as refusal:
        read_newman(content, CONTEXT)

    assert refusal.value.code == code
