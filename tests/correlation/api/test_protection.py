"""GET correlation/protected-by-tests, and the week's most useful tests."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.db.models import F
from django.utils import timezone
from rest_framework.test import APIClient

from correlation.models import TestIntegrationCorrelation
from correlation.refresh import refresh_correlations
from correlation.reports import most_useful_tests, protection_report
from integration_health.models import EventDay, Failure
from qa_observability.lib.periods import Period, Window
from tests.correlation import scene

pytestmark = pytest.mark.django_db

URL = "/api/v1/correlation/protected-by-tests"


def failures_in(moment, count, event_type="pricing_sync_error"):
    interval = moment.hour * 6 + moment.minute // 10
    for number in range(count):
        Failure.objects.create(
            integration_id="airbnb",
            day=moment.date(),
            interval=interval,
            fingerprint=bytes([number, interval]),
            event_type=event_type,
            severity="high",
        )
    day, _ = EventDay.objects.get_or_create(
        integration_id="airbnb",
        day=moment.date(),
        event_type=event_type,
        severity="high",
    )
    EventDay.objects.filter(pk=day.pk).update(failures=F("failures") + count)


@pytest.fixture
def linked():
    scene.announced_airbnb()
    scene.strangers()
    refresh_correlations(now=scene.NOW)


@pytest.mark.usefixtures("linked")
def test_a_warning_that_nothing_followed_is_worth_the_median_incident():
    for number, start in enumerate(scene.INCIDENT_STARTS, start=1):
        failures_in(start, number)

    report = protection_report(period=Period.QUARTER, now=scene.NOW, with_money=True)

    (row,) = report.tests
    score = TestIntegrationCorrelation.objects.get().correlation_score
    assert (report.cases, row.test_case_id, row.integration_id, row.cases) == (
        2,
        "checkout",
        "airbnb",
        2,
    )
    # The median of 1 to 13 failures is 7; each puts 250 x 5 % at risk.
    assert row.amount == report.amount == 2 * score * 7 * Decimal("12.50")
    assert report.currency == "USD"


@pytest.mark.usefixtures("linked")
def test_the_period_chooses_the_warnings():
    report = protection_report(period=Period.MONTH, now=scene.at(33), with_money=False)

    assert (report.cases, [row.cases for row in report.tests]) == (1, [1])


def test_without_links_nothing_was_spared():
    report = protection_report(period=Period.MONTH, now=scene.NOW, with_money=True)

    assert (report.cases, report.tests, report.amount) == (0, (), None)


@pytest.mark.usefixtures("linked")
def test_money_is_absent_without_the_right():
    viewer, lead = User.objects.create_user("viewer"), User.objects.create_user("lead")
    lead.user_permissions.add(Permission.objects.get(codename="view_money"))
    client = APIClient()

    client.force_authenticate(viewer)
    plain = client.get(URL).json()
    client.force_authenticate(lead)
    priced = client.get(URL).json()

    assert set(plain) == {"window", "cases", "tests"}
    assert set(priced) == {"window", "cases", "tests", "amount", "currency"}


@pytest.mark.usefixtures("linked")
def test_the_most_useful_tests_announced_most_incidents_of_the_week():
    week = Window(scene.at(7), scene.at(14))

    (useful,) = most_useful_tests(week, now=scene.NOW)

    announced = [s for s in scene.INCIDENT_STARTS if week.contains(s)]
    assert (
        useful.test_case_id,
        useful.integration_name,
        useful.announced,
        useful.median_lead_seconds,
    ) == ("checkout", "Airbnb", len(announced), 1800)


@pytest.mark.usefixtures("linked")
def test_a_week_without_incidents_has_no_useful_tests():
    quiet = Window(timezone.now(), timezone.now() + timedelta(days=7))

    assert most_useful_tests(quiet, now=scene.NOW) == ()
