"""Whatever was sent, sending it again adds nothing; the order of sending does not matter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from correlation.enums import TestStatus
from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.models import TestResult
from correlation.parsed import ParsedResult

START = datetime(2026, 1, 10, 10, tzinfo=UTC)
NOW = START + timedelta(days=1)

pytestmark = pytest.mark.django_db

attempts = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from(["r1", "r2"]),
        st.integers(0, 50),
        st.sampled_from(TestStatus.values),
    ),
    max_size=20,
    unique_by=lambda attempt: attempt[:3],
)


def sent(facts):
    return [
        ParsedResult(
            line=line,
            test_case_id=test,
            name="",
            status=TestStatus(status),
            executed_at=START + timedelta(minutes=minute),
            run_id=run,
        )
        for line, (test, run, minute, status) in enumerate(facts, 1)
    ]


def stored():
    return {
        (test, run): (minute, status)
        for test, run, minute, status in (
            (test, run, round((at - START).total_seconds() / 60), status)
            for test, run, at, status in TestResult.objects.values_list(
                "test_case_id", "run_id", "executed_at", "status"
            )
        )
    }


class SendingAgain(PropertyTestCase):
    @settings(max_examples=40, deadline=None)
    @given(attempts, st.data())
    def test_the_last_attempt_of_each_run_stays_and_nothing_doubles(self, facts, data):
        lines = data.draw(st.permutations(sent(facts)))
        cut = data.draw(st.integers(0, len(lines)))
        for part in (lines[:cut], lines[cut:]):
            import_results(part, run=Run("ci"), now=NOW)
        first = stored()

        again = import_results(lines, run=Run("ci"), now=NOW)

        assert (again.accepted, again.duplicates) == (0, len(facts))
        assert stored() == first == _last_attempts(facts)


def _last_attempts(facts):
    return {
        (test, run): (minute, status)
        for test, run, minute, status in sorted(facts, key=lambda fact: fact[2])
    }
