"""Alarms are those of the pure rule, in whatever order and pieces results arrive."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from correlation.domain.alarms import alarm_flags
from correlation.enums import TestStatus
from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.models import Alarm, TestSource
from correlation.parsed import ParsedResult

RUN = Run(source="ci", run_id="r1")
START = datetime(2026, 1, 10, 10, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def alarms():
    return [
        (test, round((at - START).total_seconds() / 60))
        for test, at in Alarm.objects.order_by("test_case_id", "failed_at").values_list(
            "test_case_id", "failed_at"
        )
    ]


def test_a_retry_within_half_a_window_raises_no_second_alarm(now, said):
    results = [said("t", "failed", minutes=at) for at in (0, 30, 60, 90.1, 200)]

    done = import_results(results, run=Run(source="ci"), now=now)

    assert done.alarms == 3
    assert alarms() == [("t", 0), ("t", 90), ("t", 200)]


def test_only_failures_raise_alarms(now, said):
    results = [said(status, status) for status in TestStatus.values]

    import_results(results, run=RUN, now=now)

    assert alarms() == [("error", 0), ("failed", 0)]


def test_a_late_failure_withdraws_the_alarm_it_explains(now, said):
    import_results([said("t", "failed", minutes=20)], run=Run("ci"), now=now)
    kept = Alarm.objects.get()

    import_results([said("t", "failed", minutes=0)], run=Run("ci"), now=now)

    assert alarms() == [("t", 0)]
    assert Alarm.objects.get().pk != kept.pk


def test_an_alarm_that_stays_true_keeps_its_row(now, said):
    import_results([said("t", "failed")], run=Run("ci"), now=now)
    kept = Alarm.objects.get()

    import_results([said("t", "failed", minutes=10)], run=Run("ci"), now=now)

    assert Alarm.objects.get() == kept


def test_a_failure_turned_into_a_pass_takes_its_alarm_along(now, said):
    import_results([said("t", "failed", run_id="r")], run=RUN, now=now)

    import_results([said("t", "passed", minutes=1, run_id="r")], run=RUN, now=now)

    assert alarms() == []


def test_the_sources_window_decides(now, said):
    TestSource.objects.create(name="nightly", window_seconds=24 * 3600)
    results = [said("t", "failed", minutes=at) for at in (0, 720, 1441)]

    import_results(results, run=Run(source="nightly"), now=now)

    assert alarms() == [("t", 0), ("t", 1441)]


class AlarmsWhateverTheOrder(PropertyTestCase):
    """Stored alarms are those of the pure rule, however the results were cut and mixed."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from("ab"),
                st.integers(0, 200),
                st.sampled_from(["passed", "failed", "error", "flaky"]),
            ),
            max_size=25,
        ),
        st.data(),
    )
    def test_alarms_are_those_of_the_rule(self, facts, data):
        results = [
            ParsedResult(
                line=line,
                test_case_id=test,
                name="",
                status=TestStatus(status),
                executed_at=START + timedelta(minutes=minute),
                run_id=str(line),
            )
            for line, (test, minute, status) in enumerate(facts)
        ]
        shuffled = data.draw(st.permutations(results))
        cut = data.draw(st.integers(0, len(shuffled)))

        for part in (shuffled[:cut], shuffled[cut:]):
            import_results(part, run=Run("ci"), now=START + timedelta(days=1))

        assert set(alarms()) == _by_the_rule(facts)


def _by_the_rule(facts):
    failed = sorted(
        (test, minute)
        for test, minute, status in facts
        if status in {"failed", "error"}
    )
    tests = np.array([ord(test) for test, _minute in failed], dtype=np.intp)
    moments = np.array([60 * minute for _test, minute in failed], dtype=np.int64)
    flags = alarm_flags(tests, moments, 3600)
    return {fact for fact, is_alarm in zip(failed, flags, strict=True) if is_alarm}
