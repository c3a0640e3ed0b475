"""The overview is put together once a minute at most, and anew after any change."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from integration_health.enums import AnnotationKind
from integration_health.models import (
    Annotation,
    Incident,
    Integration,
    IntegrationHealth,
    StatusTransition,
)
from qa_observability.lib.periods import Period
from qa_observability.roof.overview import overview_page
from revenue.models import RevenueAssumption
from tests.pages.world import all_healthy, assume, check, fail

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def overview():
    """Ask for the overview, some time after noon, the world being set up."""
    all_healthy()
    check("airbnb", ago=timedelta(minutes=1), error_rate=Decimal("0.061"))
    assume("airbnb")
    fail("airbnb", 3)
    noon = timezone.now().replace(hour=12, minute=0, second=0)

    def ask(later=timedelta(), period=Period.MONTH, *, with_money=True):
        return overview_page(period=period, now=noon + later, with_money=with_money)

    return ask


def test_within_a_minute_it_is_the_same_for_three_queries(
    overview, django_assert_num_queries
):
    first = overview()

    with django_assert_num_queries(3):
        assert overview(59 * SECOND) is first
    assert overview(60 * SECOND) is not first


def test_each_right_period_language_and_zone_has_its_own(overview):
    first = overview()

    assert overview(with_money=False).breakdown is None
    assert overview(period=Period.WEEK).kpis != first.kpis
    with translation.override("pt-br"):
        assert overview() is not first
    with timezone.override("Asia/Tokyo"):
        assert overview() is not first
    assert overview() is first


def a_check():
    check("vrbo", ago=timedelta(), error_rate=Decimal("0.03"))


def a_corrected_check():
    IntegrationHealth.objects.filter(integration="airbnb").update(error_rate="0.07")


def a_failure():
    fail("vrbo", 1)


def a_transition():
    now = timezone.now().replace(hour=11)
    StatusTransition.objects.create(
        integration_id="hmbn", at=now, from_status="healthy", to_status="warning"
    )


def a_deploy():
    Annotation.objects.create(
        at=timezone.now().replace(hour=11), kind=AnnotationKind.DEPLOY, text="r1"
    )


def an_incident():
    now = timezone.now()
    Incident.objects.create(
        integration_id="vrbo",
        started_at=now,
        ended_at=now,
        severity="high",
        detected_at=now,
        event_types={"api_error": 1},
    )


def a_renamed_channel():
    Integration.objects.filter(slug="airbnb").update(name="Other")


def an_assumption():
    assume("vrbo", "500.00")


def no_assumption():
    RevenueAssumption.objects.all().delete()


@pytest.mark.parametrize(
    "change",
    [
        a_check,
        a_corrected_check,
        a_failure,
        a_transition,
        a_deploy,
        an_incident,
        a_renamed_channel,
        an_assumption,
        no_assumption,
    ],
)
def test_a_change_is_seen_at_once(overview, change):
    first = overview()

    change()

    assert overview(SECOND) is not first


def test_a_failure_leaves_what_is_known_of_health(overview, django_assert_num_queries):
    first = overview()
    a_failure()

    with django_assert_num_queries(8):  # marks, assumptions, channels and counts alone
        page = overview(SECOND)

    assert page.changes is first.changes
    assert page.report != first.report
