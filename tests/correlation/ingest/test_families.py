"""A hundred thousand variants of one test do not make a hundred thousand tests."""

import json

import pytest

from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.lines.reader import read_array
from correlation.models import TestCase, TestResult
from correlation.parsed import Family, ReadingContext
from correlation.storage import pending_results

RUN = Run(source="ci", run_id="r1")

pytestmark = pytest.mark.django_db


def stored():
    return list(
        TestResult.objects.order_by("test_case_id", "run_id").values_list(
            "test_case_id", "run_id", "status", "attempts"
        )
    )


@pytest.fixture
def small_families(monkeypatch):
    monkeypatch.setattr(pending_results, "LARGEST_FAMILY", 2)


def variants(said, *statuses, **members):
    family = Family("base", "x")
    return [
        said(f"x{number}", status, name=f"x[{number}]", family=family, **members)
        for number, status in enumerate(statuses)
    ]


def test_variants_beyond_the_limit_join_their_base_test(small_families, now, said):
    results = variants(said, "passed", "failed", "passed", "failed", "error", "passed")

    done = import_results(results, run=RUN, now=now)

    assert (done.accepted, done.joined) == (6, 4)
    assert stored() == [
        ("base", "r1", "error", 4),
        ("x0", "r1", "passed", 1),
        ("x1", "r1", "failed", 1),
    ]
    assert TestResult.objects.get(test_case_id="base").message == "x[4]"
    assert TestCase.objects.get(pk="base").name == "x"


def test_variants_known_before_stay_tests_of_their_own(small_families, now, said):
    import_results(variants(said, "passed", "passed"), run=RUN, now=now)

    done = import_results(
        reversed(variants(said, "failed", "failed", "failed")),
        run=Run("ci", "r2"),
        now=now,
    )

    assert done.joined == 1
    assert [row[:3] for row in stored() if row[1] == "r2"] == [
        ("base", "r2", "failed"),
        ("x0", "r2", "failed"),
        ("x1", "r2", "failed"),
    ]


def test_of_joined_variants_the_worst_stays_when_more_arrive(small_families, now, said):
    results = variants(said, "passed", "passed", "failed", "passed", "error")
    import_results(results[:4], run=RUN, now=now)

    again = import_results(results[:4], run=RUN, now=now)
    worse = import_results(results[4:], run=RUN, now=now)

    assert (again.duplicates, worse.accepted) == (4, 1)
    assert stored()[0] == ("base", "r1", "error", 3)


def test_variants_with_ids_of_their_own_and_no_name_are_told_by_them(
    small_families, now
):
    base = "t\t\\" + "x" * 94
    lines = [
        {
            "testCaseId": f"{base}[{number}]",
            "status": "failed",
            "executedAt": "2026-01-10T10:15:00Z",
        }
        for number in range(4)
    ]
    context = ReadingContext(source="ci", now=now)

    done = import_results(
        read_array(json.dumps(lines).encode(), context), run=RUN, now=now
    )

    assert (done.accepted, done.joined) == (4, 2)
    assert TestCase.objects.get(pk=base).name == base
    assert TestResult.objects.get(test_case_id=base).message == f"{base}[3]"
