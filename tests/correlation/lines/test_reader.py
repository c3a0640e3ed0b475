"""A line is a result or says why not; the contract's names and forms hold."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from correlation.enums import TestStatus
from correlation.lines.reader import read_array, read_lines
from correlation.parsed import (
    Family,
    ParsedResult,
    ReadingContext,
    RejectedLine,
    UnreadableReport,
)
from qa_observability.lib.errors import FieldError, InvalidField

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
CONTEXT = ReadingContext(
    source="api", now=NOW, integrations=frozenset({"airbnb", "vrbo"})
)
WHOLE_NUMBER = "This must be a whole number from 0 to 2147483647."
LINE = {
    "testCaseId": "test-456",
    "testCaseName": "Booking Flow Test",
    "integrationId": "airbnb",
    "status": "failed",
    "executedAt": "2026-01-10T10:15:00Z",
    "runId": "r1",
    "source": "testmo",
    "durationMs": 1500,
    "message": "boom",
    "revision": "abc",
}
RESULT = ParsedResult(
    line=1,
    test_case_id="test-456",
    name="Booking Flow Test",
    status=TestStatus.FAILED,
    executed_at=datetime(2026, 1, 10, 10, 15, tzinfo=UTC),
    duration_ms=1500,
    message="boom",
    integration_id="airbnb",
    run_id="r1",
    source="testmo",
    revision="abc",
)


def read(*lines):
    return list(read_array(json.dumps(lines).encode(), CONTEXT))


def test_a_whole_line_is_read():
    assert read(LINE) == [RESULT]


@pytest.mark.parametrize(
    ("sent_id", "name", "family"),
    [
        pytest.param(
            "rate.py::test_rate[vrbo-3]",
            "test_rate[vrbo-3]",
            Family("rate.py::test_rate", "test_rate"),
            id="a variant",
        ),
        pytest.param("rate[1]", None, Family("rate", ""), id="without a name"),
        pytest.param("test-3", "Rate [3]", None, id="a plain id"),
        pytest.param("[3]", "Rate", None, id="nothing but brackets"),
    ],
)
def test_variants_share_what_stands_before_the_brackets_of_their_id(
    sent_id, name, family
):
    (result,) = read(LINE | {"testCaseId": sent_id, "testCaseName": name})

    assert (result.test_case_id, result.family) == (sent_id, family)


def test_one_object_is_an_array_of_one():
    assert list(read_array(json.dumps(LINE).encode(), CONTEXT)) == [RESULT]


def test_one_object_that_is_no_result_is_refused_by_its_field():
    with pytest.raises(InvalidField) as refusal:
        list(read_array(b'{"testCaseId": "t"}', CONTEXT))

    assert refusal.value.errors == (
        FieldError("status", "required", "This field is required."),
    )


def test_only_three_fields_are_needed():
    (result,) = read(
        {
            "testCaseId": "t",
            "status": "passed",
            "executedAt": "2026-01-10T07:15:00-03:00",
        }
    )

    assert result == ParsedResult(
        line=1,
        test_case_id="t",
        name="",
        status=TestStatus.PASSED,
        executed_at=RESULT.executed_at,
    )


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"testCaseId": ...}, "testCaseId", "This field is required."),
        ({"testCaseId": 7}, "testCaseId", "This must be text."),
        ({"testCaseId": ""}, "testCaseId", "This cannot be empty."),
        ({"testCaseId": "  "}, "testCaseId", "An id cannot be blank."),
        ({"testCaseId": "x" * 101}, "testCaseId", "Use at most 100 characters."),
        ({"testCaseId": "a\0"}, "testCaseId", "Remove its NUL byte."),
        ({"testCaseName": "a\0"}, "testCaseName", "Remove its NUL byte."),
        (
            {"testCaseName": "x" * 1001},
            "testCaseName",
            "Use at most 1000 characters.",
        ),
        ({"status": ...}, "status", "This field is required."),
        (
            {"status": "PASS"},
            "status",
            "This must be one of passed, failed, error, skipped, flaky.",
        ),
        (
            {"executedAt": "2026-01-10T10:15:00"},
            "executedAt",
            "This must be a moment with its zone, such as 2026-01-10T10:30:00Z.",
        ),
        (
            {"executedAt": 1767607200},
            "executedAt",
            "This must be a moment with its zone, such as 2026-01-10T10:30:00Z.",
        ),
        (
            {"executedAt": "2026-01-10T12:05:01Z"},
            "executedAt",
            "This lies in the future.",
        ),
        (
            {"executedAt": "1999-12-31T23:59:59Z"},
            "executedAt",
            "This lies before the year 2000.",
        ),
        ({"durationMs": -1}, "durationMs", WHOLE_NUMBER),
        ({"durationMs": 1.5}, "durationMs", WHOLE_NUMBER),
        ({"durationMs": 2**31}, "durationMs", WHOLE_NUMBER),
        ({"integrationId": 7}, "integrationId", "This must be text."),
        (
            {"integrationId": "ebay"},
            "integrationId",
            "There is no such integration. Known: airbnb, vrbo.",
        ),
        ({"runId": "x" * 191}, "runId", "Use at most 190 characters."),
        ({"source": "x" * 101}, "source", "Use at most 100 characters."),
    ],
)
def test_a_wrong_field_is_named_with_its_cure(change, field, reason):
    line = {name: value for name, value in (LINE | change).items() if value is not ...}

    assert [(r.line, r.field, r.reason) for r in read(line)] == [(1, field, reason)]


def test_the_edges_of_every_range_are_accepted():
    readings = read(
        LINE | {"executedAt": "2026-01-10T12:05:00Z"},
        LINE | {"executedAt": "2000-01-01T00:00:00Z"},
        LINE | {"testCaseId": "x" * 100, "testCaseName": "x" * 1000},
        LINE | {"durationMs": 0},
        LINE | {"durationMs": 2**31 - 1},
    )

    assert [type(reading) for reading in readings] == [ParsedResult] * 5


def test_nothing_else_is_a_line():
    assert read(1, "x", None, []) == [
        RejectedLine(line, "", "invalid", "This is not a JSON object.")
        for line in range(1, 5)
    ]


def test_lines_are_numbered_as_they_stand_and_one_bad_line_loses_no_other():
    body = b"\n".join([json.dumps(LINE).encode(), b"", b"{cut", b"\xff"])

    assert list(read_lines(BytesIO(body), CONTEXT)) == [
        RESULT,
        RejectedLine(3, "", "malformed_json", "This is not a JSON object."),
        RejectedLine(4, "", "malformed_json", "This is not a JSON object."),
    ]


def test_a_line_too_long_is_rejected():
    (reading,) = read_lines(BytesIO(b'{"testCaseId": "' + b"x" * 70_000), CONTEXT)

    assert reading == RejectedLine(
        1, "", "too_long", "The line is too long. Send it shorter."
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b"[", "malformed_json"),
        (b"[1,]", "malformed_json"),
        (b'{"testCaseId": "a"', "malformed_json"),
        (b"[" * 100_000, "malformed_json"),
        (b'["\xff"', "malformed_json"),
        (b"5", "not_results"),
        (b'"text"', "not_results"),
    ],
)
def test_a_body_that_is_no_list_of_results_is_refused(body, code):
    with pytest.raises(UnreadableReport) as refusal:
        list(read_array(body, CONTEXT))

    assert refusal.value.code == code


def test_a_moment_keeps_its_instant_whatever_its_zone():
    (result,) = read(LINE | {"executedAt": "2026-01-10T12:15:00+02:00"})

    assert result.executed_at - RESULT.executed_at == timedelta()
