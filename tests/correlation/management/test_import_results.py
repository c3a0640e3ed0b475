"""The shell's door: JSON alone on standard output, exit 1 on refusal."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from correlation.models import TestResult

JUNIT = Path(__file__).parents[2] / "data" / "junit"

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("import_results", *map(str, arguments), stdout=out)
    return json.loads(out.getvalue())


def test_a_file_is_imported_and_summed_up():
    summary = run(JUNIT / "vitest.xml", "--source", "web", "--run-id", "7")

    (report,) = summary.pop("files")
    assert summary == {"accepted": 4, "duplicates": 0, "rejected": 0}
    assert report["file"].endswith("vitest.xml")
    assert [result["outcome"] for result in report["results"]] == ["accepted"] * 4
    assert [warning["code"] for warning in report["warnings"]] == ["retries_hidden"]
    assert set(TestResult.objects.values_list("source", "run_id")) == {("web", "7")}


def test_a_refused_file_ends_with_1_and_loses_no_other(tmp_path):
    out = StringIO()
    files = [
        JUNIT / "vitest.xml",
        JUNIT / "hostile/xxe_file.xml",
        tmp_path / "missing.xml",
    ]

    with pytest.raises(CommandError, match="DOCTYPE"):
        call_command("import_results", *map(str, files), stdout=out)

    summary = json.loads(out.getvalue())
    assert summary["accepted"] == 4
    assert [
        report["error"] and report["error"]["code"] for report in summary["files"]
    ] == [
        None,
        "doctype_forbidden",
        "unreadable_report",
    ]


def test_the_start_of_the_run_stands_in_for_missing_times():
    run(
        JUNIT / "surefire_flaky.xml",
        "--started-at",
        "2026-01-05T10:00:00",
        "--revision",
        "abc",
    )

    assert {
        (at.isoformat(), revision)
        for at, revision in TestResult.objects.values_list("executed_at", "revision")
    } == {("2026-01-05T10:00:00+00:00", "abc")}
