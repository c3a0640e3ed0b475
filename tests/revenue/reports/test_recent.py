"""What was just calculated is kept, and never past a change."""

from datetime import UTC, datetime, timedelta

import pytest

from integration_health.models import EventDay, HealthDay, Integration
from qa_observability.lib.periods import Period
from revenue.models import RevenueAssumption
from revenue.reports import impact_report, timeseries_report
from tests.revenue.reports.test_impact import assume, covered, failed

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(params=[impact_report, timeseries_report], autouse=True)
def report(request):
    def ask(now=NOW, period=Period.MONTH, **choice):
        return request.param(period=period, now=now, **choice)

    failed("airbnb", 3, pricing_sync_error=2)
    covered("airbnb", 9, 5)
    assume("vrbo", value="300.00")
    return ask


def test_the_same_question_within_a_minute_costs_two_queries(
    report, django_assert_num_queries
):
    first = report()

    with django_assert_num_queries(2):
        assert report(NOW + 59 * SECOND) is first


@pytest.mark.parametrize(
    "later", [NOW + 60 * SECOND, NOW - SECOND, NOW + timedelta(hours=13)]
)
def test_another_moment_is_calculated_anew(report, later):
    first = report()

    assert report(later).window.end == later
    assert first.window.end == NOW


def test_midnight_ends_the_day(report):
    before = datetime(2026, 2, 10, 23, 59, 59, tzinfo=UTC)
    report(before)

    assert report(before + 2 * SECOND).window.end == before + 2 * SECOND


def test_other_questions_have_their_own_answers(report):
    assert report().integration_id is None
    assert report(integration_id="vrbo").integration_id == "vrbo"
    assert report(period=Period.WEEK).period is Period.WEEK


def more_failures():
    failed("airbnb", 4, pricing_sync_error=2)


def changed_failures():
    EventDay.objects.update(failures=3)


def removed_failures():
    EventDay.objects.all().delete()


def changed_coverage():
    HealthDay.objects.filter(pk__isnull=False).update(covered_seconds=1)


def a_new_version():
    assume("airbnb", value="300.00")


def a_removed_version():
    RevenueAssumption.objects.all().delete()


def a_renamed_integration():
    one = Integration.objects.get(pk="airbnb")
    one.name = "Other"
    one.save()


@pytest.mark.parametrize(
    "change",
    [
        more_failures,
        changed_failures,
        removed_failures,
        changed_coverage,
        a_new_version,
        a_removed_version,
        a_renamed_integration,
    ],
)
def test_a_change_is_seen_at_once(report, change):
    first = report()

    change()

    assert report(NOW + SECOND) is not first


def test_changed_keys_are_not_hidden(report, settings):
    first = report()
    settings.REVENUE_KEYS += ",more:MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="

    assert report() is not first
