"""Every test with its last results, its channel and what its links cover."""

from dataclasses import fields
from datetime import timedelta
from decimal import Decimal

import pytest

from correlation.domain.flakiness import FlakyReason
from correlation.enums import LinkType, Pattern, TestStatus
from correlation.models import TestIntegrationCorrelation, TestResult
from correlation.reports import inventory
from correlation.reports.inventory import (
    HistoryCell,
    InventoryFilter,
    InventoryItem,
    InventoryReport,
    inventory_report,
)
from qa_observability.lib.periods import Period
from tests.correlation.scene import BEGIN, NOW, known_test, source

pytestmark = pytest.mark.django_db


def runs(case, pattern, **members):
    """``.`` passed, ``x`` failed, ``s`` skipped, one an hour; oldest first."""
    statuses = {".": "passed", "x": "failed", "s": "skipped"}
    TestResult.objects.bulk_create(
        TestResult(
            test_case=case,
            source=case.source_id,
            run_id=str(at),
            status=statuses[sign],
            executed_at=NOW - timedelta(hours=len(pattern) - at),
            **members,
        )
        for at, sign in enumerate(pattern)
    )


def report(limit=10, with_money=False, after=None, **wanted):
    return inventory_report(
        InventoryFilter(**wanted),
        period=Period.MONTH,
        now=NOW,
        limit=limit,
        after=after,
        with_money=with_money,
    )


def ids(answer):
    return [item.test_case_id for item in answer.tests]


def test_an_empty_inventory_says_so():
    assert report() == InventoryReport((), 0, 0, inventory.flaky_definition())


def test_a_test_is_shown_whole():
    runs(known_test("t", name="Airbnb: calendar push", integration_id="vrbo"), ".sx")

    (item,) = report().tests

    assert item == InventoryItem(
        test_case_id="t",
        name="Airbnb: calendar push",
        source="ci",
        integration_id="vrbo",
        suggested_integration_id=None,
        first_run_at=BEGIN,
        last_run_at=NOW,
        last_status=TestStatus.FAILED,
        history=(
            HistoryCell(TestStatus.PASSED, NOW - timedelta(hours=3)),
            HistoryCell(TestStatus.SKIPPED, NOW - timedelta(hours=2)),
            HistoryCell(TestStatus.FAILED, NOW - timedelta(hours=1)),
        ),
        flaky=None,
        always_failing=False,
    )


def test_a_test_without_results_has_no_status():
    known_test("t")

    (item,) = report().tests

    assert (item.last_status, item.history) == (None, ())


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Airbnb: calendar push", "airbnb"),
        ("suite › test_rate[vrbo]", "vrbo"),
        ("Booking.com: rate parity", "booking-com"),
        ("google hotel ads", None),
        ("airbnb and vrbo agree", None),
        ("guest portal: booking flow", None),
    ],
)
def test_a_channel_is_suggested_by_the_name(name, suggested):
    known_test("t", name=name)

    assert [item.suggested_integration_id for item in report().tests] == [suggested]


def test_tags_follow_the_definition():
    runs(known_test("alternates"), ".x" * 10)
    runs(known_test("red"), "x" * 20)
    runs(known_test("revision"), "." * 9 + "x", revision="abc")
    runs(known_test("skipped"), "s" * 9 + ".x" * 4)

    assert {
        item.test_case_id: (item.flaky, item.always_failing) for item in report().tests
    } == {
        "alternates": (FlakyReason.ALTERNATES, False),
        "red": (None, True),
        "revision": (FlakyReason.SAME_REVISION, False),
        "skipped": (None, False),
    }


def test_the_strip_shows_the_last_thirty_results():
    runs(known_test("t"), "x" + "." * 30)

    (item,) = report().tests

    assert len(item.history) == 30
    assert {cell.status for cell in item.history} == {TestStatus.PASSED}


def test_unmapped_tests_are_counted_and_found():
    known_test("mapped", integration_id="airbnb")
    known_test("unmapped")

    answer = report(unmapped=True)

    assert (answer.total, answer.unmapped, ids(answer)) == (2, 1, ["unmapped"])


def test_tests_are_found_by_channel_source_and_text():
    known_test("a", integration_id="airbnb", name="Cleaning fee")
    known_test("b", of=source("nightly"), name="Rates")

    assert ids(report(integration_id="airbnb")) == ["a"]
    assert ids(report(source="nightly")) == ["b"]
    assert ids(report(text="CLEAN")) == ["a"]
    assert ids(report(text="b")) == ["b"]
    assert ids(report(text="nothing")) == []


def test_pages_follow_each_other_without_a_gap():
    for test in "bdac":
        known_test(test)
    known_test("newest", last_seen_at=NOW + timedelta(hours=1))
    known_test("oldest", last_seen_at=NOW - timedelta(hours=1))

    seen, after = [], None
    while page := report(limit=2, after=after).tests:
        seen += [item.test_case_id for item in page]
        after = (page[-1].last_run_at, page[-1].test_case_id)

    assert seen == ["newest", "a", "b", "c", "d", "oldest"]


def test_the_guard_value_is_what_precursors_cover(monkeypatch):
    monkeypatch.setattr(
        inventory, "money_at_risk", lambda window: {"airbnb": Decimal(1000)}
    )
    known_test("t")
    known_test("u")
    for integration, pattern in (
        ("airbnb", Pattern.PRECEDES),
        ("vrbo", Pattern.PRECEDES),
        ("hmbn", Pattern.SIMULTANEOUS),
    ):
        TestIntegrationCorrelation.objects.create(
            test_case_id="t",
            integration_id=integration,
            correlation_score=Decimal("0.9"),
            correlation_type=LinkType.HIGH,
            pattern=pattern,
            confidence=Decimal("0.5"),
            last_correlated=NOW,
        )

    values = {
        item.test_case_id: item.guard_value for item in report(with_money=True).tests
    }

    assert values == {"t": Decimal("450.00"), "u": Decimal("0.00")}


def test_without_the_right_no_money_is_there():
    known_test("t")

    (item,) = report().tests

    assert "guard_value" not in {field.name for field in fields(item)}


@pytest.mark.parametrize("tests", [1, 3])
def test_a_page_takes_five_queries(tests, django_assert_num_queries):
    for number in range(tests):
        runs(known_test(f"t{number}"), ".x" * 20)

    with django_assert_num_queries(5):
        report()
