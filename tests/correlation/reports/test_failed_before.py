"""Tests that failed shortly before a moment: linked ones first, then the newest."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from correlation.models import Alarm
from correlation.reports.failed_before import FailedBefore, failed_before
from tests.correlation import scene

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 2, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def failed(test, *minutes_before):
    scene.known_test(test, name=f"Test {test}", last_seen_at=MOMENT)
    Alarm.objects.bulk_create(
        Alarm(test_case_id=test, failed_at=MOMENT - minutes * MINUTE)
        for minutes in minutes_before
    )


def test_linked_tests_come_first_the_strongest_before_the_others():
    failed("newest", 1)
    failed("weak", 20)
    failed("strong", 50)

    found = failed_before(MOMENT, {"weak": Decimal("0.4"), "strong": Decimal("0.9")})

    assert found == (
        FailedBefore(
            "strong", "Test strong", MOMENT - 50 * MINUTE, 50 * MINUTE, Decimal("0.9")
        ),
        FailedBefore(
            "weak", "Test weak", MOMENT - 20 * MINUTE, 20 * MINUTE, Decimal("0.4")
        ),
        FailedBefore("newest", "Test newest", MOMENT - MINUTE, MINUTE, None),
    )


def test_each_test_counts_once_by_its_last_alarm():
    failed("a", 59, 30)

    assert [each.lead for each in failed_before(MOMENT, {})] == [30 * MINUTE]


def test_an_hour_before_counts_the_moment_itself_and_longer_ago_do_not():
    failed("just", 60)
    failed("long ago", 61)
    failed("same", 0)

    assert [each.test_case_id for each in failed_before(MOMENT, {})] == ["just"]


def test_at_most_ten_are_told_for_one_query(django_assert_num_queries):
    for n in range(12):
        failed(f"t{n:02}", n + 1)

    with django_assert_num_queries(1):
        found = failed_before(MOMENT, {})

    assert [each.test_case_id for each in found] == [f"t{n:02}" for n in range(10)]
