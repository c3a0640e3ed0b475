"""The error of reports is what late data and corrections made of their weeks."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from qa_observability.lib.periods import Period
from qa_observability.lib.weeks import last_complete_week
from qa_observability.models import JobRun
from revenue.reports.impact import impact_report
from revenue.reports.revisions import EstimateRevision, estimate_revision
from revenue.tasks import judge_estimate
from tests.pages.world import CHANNELS, all_healthy, assume, fail
from tests.revenue.weekly.contents import CONTENT, keep_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def week():
    """The last complete week, with four failures of 21.00 at risk."""
    all_healthy()
    for slug in CHANNELS:
        assume(slug)
    found = last_complete_week(timezone.now())
    fail_in(found, 4)
    return found


def fail_in(week, count, *, hours=12):
    middle = week.window.start + timedelta(days=3, hours=hours)
    fail("airbnb", count, ago=timezone.now() - middle)


def report(week, at_risk, **kind):
    value = None if at_risk is None else Decimal(at_risk)
    figure = replace(CONTENT.revenue_at_risk, value=value)
    return keep_week(week, revenue_at_risk=figure, is_scheduled=True, **kind)


def test_a_report_that_still_holds_has_no_error(week):
    report(week, "84.00")

    assert estimate_revision(timezone.now()) == EstimateRevision(1, Decimal("0.0000"))


def test_failures_that_came_late_are_the_error(week):
    report(week, "84.00")
    fail_in(week, 4, hours=15)
    end = week.window.end - timedelta(microseconds=1)
    assert impact_report(period=Period.WEEK, now=end).revenue_at_risk.value == Decimal(
        "168.00"
    )

    assert estimate_revision(timezone.now()) == EstimateRevision(1, Decimal("0.5000"))


def test_errors_of_weeks_are_summed_without_cancelling_out(week):
    before = week.previous()
    fail_in(before, 4)
    report(week, "94.50")
    report(before, "73.50")

    assert estimate_revision(timezone.now()) == EstimateRevision(2, Decimal("0.1250"))


def test_a_week_without_a_figure_is_left_out(week):
    report(week, None)

    assert estimate_revision(timezone.now()) == EstimateRevision(0, None)


def test_versions_made_by_hand_are_not_judged(week):
    figure = replace(CONTENT.revenue_at_risk, value=Decimal(1))
    keep_week(week, revenue_at_risk=figure)

    assert estimate_revision(timezone.now()) == EstimateRevision(0, None)


def test_the_job_keeps_what_metrics_tell(week):
    report(week, "42.00")

    judge_estimate.delay()

    run = JobRun.objects.get(job="revenue.judge_estimate")
    assert run.counts == {"weeks": 1, "error": 0.5}
