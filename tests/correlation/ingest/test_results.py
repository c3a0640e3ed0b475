"""One verb stores results once, keeps the last attempt, and raises the right alarms."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from correlation.enums import TimeBasis
from correlation.ingest.results import ResultOutcome, import_results
from correlation.ingest.rows import Run
from correlation.models import Alarm, TestCase, TestResult, TestSource
from correlation.parsed import RejectedLine
from qa_observability import sample_registry

RUN = Run(source="ci", run_id="r1")
START = datetime(2026, 1, 10, 10, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def stored():
    return list(
        TestResult.objects.order_by("test_case_id", "run_id").values_list(
            "test_case_id", "run_id", "status", "attempts"
        )
    )


def alarms():
    return [
        (test, round((at - START).total_seconds() / 60))
        for test, at in Alarm.objects.order_by("test_case_id", "failed_at").values_list(
            "test_case_id", "failed_at"
        )
    ]


def test_a_result_is_stored_with_all_it_says(now, said):
    result = said(
        "t",
        "failed",
        name="Mail to guest@example.com",
        message="sent to guest@example.com",
        duration_ms=5,
        time_basis=TimeBasis.ZONE_ASSUMED,
        integration_id="airbnb",
        revision="abc",
        attempts=3,
    )

    done = import_results([result], run=RUN, now=now)

    assert (done.accepted, done.duplicates, done.rejected, done.alarms) == (1, 0, 0, 1)
    assert done.results == (ResultOutcome(1, "accepted"),)
    (row,) = TestResult.objects.values()
    del row["id"]
    assert row == {
        "test_case_id": "t",
        "source": "ci",
        "run_id": "r1",
        "status": "failed",
        "executed_at": START,
        "time_basis": "zone_assumed",
        "duration_ms": 5,
        "attempts": 3,
        "message": "sent to [email]",
        "revision": "abc",
        "sample": False,
        "created_at": now,
    }
    (test,) = TestCase.objects.values()
    assert test.pop("number") > 0
    assert test == {
        "test_case_id": "t",
        "name": "Mail to [email]",
        "source_id": "ci",
        "integration_id": "airbnb",
        "family": "",
        "first_seen_at": START,
        "last_seen_at": START,
        "sample": False,
        "created_at": now,
        "updated_at": now,
    }
    assert TestSource.objects.get().window_seconds == 3600


def test_nothing_in_stores_nothing(now):
    done = import_results([], run=RUN, now=now)

    assert (done.accepted, done.results) == (0, ())
    assert not TestSource.objects.exists()


def test_texts_survive_every_sign_copy_treats_specially(now, said):
    odd = "tab\t newline\n return\r backslash \\N \\. quote' \U0001f600"

    import_results([said(odd[:20], "failed", message=odd)], run=RUN, now=now)

    assert TestResult.objects.values_list("test_case_id", "message").get() == (
        odd[:20],
        odd,
    )


def test_the_same_again_adds_nothing(now, said):
    results = [said("a"), said("b", "failed"), said("b", minutes=1)]
    import_results(results, run=RUN, now=now)

    again = import_results(results, run=RUN, now=now + timedelta(hours=1))

    assert (again.accepted, again.duplicates) == (0, 3)
    assert again.results == tuple(
        ResultOutcome(line, "duplicate") for line in (1, 2, 3)
    )
    assert stored() == [("a", "r1", "passed", 1), ("b", "r1", "passed", 2)]


def test_runs_of_known_tests_use_up_no_numbers(now, said):
    import_results([said("a"), said("b")], run=RUN, now=now)
    for run in range(5):
        again = Run(source="ci", run_id=f"again-{run}")
        import_results([said("a"), said("b")], run=again, now=now)

    import_results([said("a"), said("c")], run=Run("ci", "last"), now=now)

    first, second, third = TestCase.objects.order_by("pk").values_list(
        "number", flat=True
    )
    assert sorted([first, second]) == [third - 2, third - 1]


def test_the_last_attempt_decides_whatever_the_order_of_lines(now, said):
    later, earlier = said("t", "passed", minutes=5), said("t", "failed", minutes=0)

    done = import_results([later, earlier], run=RUN, now=now)

    assert done.accepted == 2
    assert stored() == [("t", "r1", "passed", 2)]


def test_attempts_of_one_moment_are_decided_by_their_order(now, said):
    import_results([said("t", "failed"), said("t", "passed")], run=RUN, now=now)

    assert stored() == [("t", "r1", "passed", 2)]


def test_a_later_attempt_takes_the_place_of_a_stored_one(now, said):
    first, second = said("t", "failed"), said("t", "passed", minutes=5)
    import_results([first], run=RUN, now=now)

    done = import_results([first, second], run=RUN, now=now)

    assert done.results == (ResultOutcome(1, "duplicate"), ResultOutcome(2, "accepted"))
    assert stored() == [("t", "r1", "passed", 2)]
    assert alarms() == []


def test_an_earlier_attempt_than_the_stored_one_is_known(now, said):
    import_results([said("t", "passed", minutes=5)], run=RUN, now=now)

    done = import_results([said("t", "failed")], run=RUN, now=now)

    assert (done.accepted, done.duplicates) == (0, 1)
    assert stored() == [("t", "r1", "passed", 1)]


def test_a_run_sent_again_without_times_of_its_own_is_known(now, said):
    result = said("t", "failed", time_basis=TimeBasis.UPLOAD)
    import_results([result], run=RUN, now=now)
    late = said("t", "failed", time_basis=TimeBasis.UPLOAD, minutes=60)

    done = import_results([late], run=RUN, now=now)

    assert done.duplicates == 1
    assert TestResult.objects.get().executed_at == START


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"run_id": "a"}, {"run_id": "b"}, id="another run"),
        pytest.param({"source": "a"}, {"source": "b"}, id="another source"),
        pytest.param({"iteration": 0}, {"iteration": 1}, id="another round"),
    ],
)
def test_results_differ_by_run_source_and_round(one, other, now, said):
    done = import_results([said("t", **one), said("t", **other)], run=RUN, now=now)

    assert (done.accepted, TestResult.objects.count()) == (2, 2)


def test_without_a_run_a_results_moment_is_its_run(now, said):
    results = [said("t"), said("t", minutes=1), said("t")]

    import_results(results, run=Run(source="ci"), now=now)

    assert stored() == [
        ("t", "2026-01-10T10:00:00+00:00", "passed", 2),
        ("t", "2026-01-10T10:01:00+00:00", "passed", 1),
    ]


def test_rejected_lines_are_told_in_order_and_lose_no_other(now, said):
    refused = RejectedLine(2, "status", "required", "This field is required.")

    done = import_results([said("a"), refused], run=RUN, now=now)

    assert done.results == (
        ResultOutcome(1, "accepted"),
        ResultOutcome(2, "rejected", "status", "required: This field is required."),
    )
    assert (done.accepted, done.rejected, len(stored())) == (1, 1, 1)


def test_only_exceptions_are_listed_of_many_lines(now, said):
    many = [said(f"t{number}") for number in range(1001)]
    import_results(many[:2], run=RUN, now=now)

    done = import_results(many, run=RUN, now=now)

    assert (done.accepted, done.duplicates) == (999, 2)
    assert done.results == (
        ResultOutcome(1, "duplicate"),
        ResultOutcome(2, "duplicate"),
    )


def test_a_stream_that_breaks_stores_nothing(now, said):
    def broken():
        yield from (said(f"t{number}") for number in range(600))
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        import_results(broken(), run=RUN, now=now)

    assert stored() == []


def test_two_imports_may_share_a_transaction(now, said):
    with transaction.atomic():
        import_results([said("a")], run=RUN, now=now)
        done = import_results([said("b")], run=RUN, now=now)

    assert (done.accepted, len(stored())) == (1, 2)


# What is known of a test


def test_a_test_takes_the_newest_name_and_keeps_a_declared_integration(now, said):
    import_results(
        [
            said("t", name="new", minutes=5),
            said("t", name="old", integration_id="vrbo"),
        ],
        run=Run(source="ci"),
        now=now,
    )
    for later in (
        said("t", name="older", minutes=-5, integration_id="airbnb"),
        said("t", minutes=9),
    ):
        import_results([later], run=Run(source="ci"), now=now)

    (test,) = TestCase.objects.all()
    assert (test.name, test.integration_id) == ("new", "vrbo")
    assert test.first_seen_at == START - timedelta(minutes=5)
    assert test.last_seen_at == START + timedelta(minutes=9)


def test_a_test_without_a_name_is_called_by_its_id(now, said):
    import_results([said("t")], run=RUN, now=now)

    assert TestCase.objects.get().name == "t"


# Sample data


@pytest.fixture
def registry(monkeypatch):
    """A registry that only knows this test's sample."""
    loaded = [True]
    monkeypatch.setattr(sample_registry, "_parts", {})
    sample_registry.register(
        "test",
        purge=lambda now: loaded.clear() or {"rows": 1},
        loaded=lambda: bool(loaded),
    )
    return loaded


@pytest.mark.parametrize(
    ("options", "stays"),
    [({}, False), ({"keep_sample": True}, True), ({"sample": True}, True)],
)
def test_the_first_real_results_take_the_sample_away(
    options, stays, registry, now, said
):
    done = import_results([said("t")], run=RUN, now=now, **options)

    assert bool(registry) is stays
    assert done.sample_removed is not stays


def test_rejected_lines_alone_leave_the_sample(registry, now):
    import_results([RejectedLine(1, "", "x", "y")], run=RUN, now=now)

    assert registry == [True]


def test_real_results_make_a_sample_test_real(now, said):
    import_results([said("t")], run=RUN, now=now, sample=True)
    assert TestCase.objects.get().sample

    import_results(
        [said("t", minutes=1)], run=Run("ci", "r2"), now=now, keep_sample=True
    )

    assert not TestCase.objects.get().sample
