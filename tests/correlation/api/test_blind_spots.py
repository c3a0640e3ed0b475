"""GET correlation/blind-spots: what failed, what it put at risk, who watches."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from rest_framework.test import APIClient

from correlation.models import TestIntegrationCorrelation
from integration_health.models import EventDay, Integration
from tests.correlation import scene

pytestmark = pytest.mark.django_db

URL = "/api/v1/correlation/blind-spots"


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def viewer():
    return client_of(User.objects.create_user("viewer"))


@pytest.fixture
def lead():
    user = User.objects.create_user("lead")
    user.user_permissions.add(Permission.objects.get(codename="view_money"))
    return client_of(user)


def failed(integration_id, event_type, failures):
    EventDay.objects.create(
        integration_id=integration_id,
        day=timezone.now().date(),
        event_type=event_type,
        severity="high",
        rows=failures,
        occurrences=failures,
        failures=failures,
    )


def watched(
    test_case_id, days_ago=1, declared=None, linked=None, pattern="simultaneous"
):
    now = timezone.now()
    scene.known_test(
        test_case_id,
        last_seen_at=now - timedelta(days=days_ago),
        integration_id=declared,
    )
    if linked:
        TestIntegrationCorrelation.objects.create(
            test_case_id=test_case_id,
            integration_id=linked,
            correlation_score="0.50",
            correlation_type="medium",
            pattern=pattern,
            confidence="0.90",
            last_correlated=now,
        )


def test_a_failure_that_no_test_watches_for_is_a_blind_spot(viewer, lead):
    Integration.objects.filter(slug="hmbn").update(enabled=False)
    failed("airbnb", "pricing_sync_error", 4)
    failed("vrbo", "pricing_sync_error", 2)
    failed("vrbo", "api_error", 9)
    watched("linked", linked="airbnb")
    watched("stranger")

    plain, priced = viewer.get(URL).json(), lead.get(URL).json()

    def cell(event_type, failures, blind):
        return {"eventType": event_type, "failures": failures, "blind": blind}

    assert plain["eventTypes"] == ["api_error", "pricing_sync_error"]
    assert plain["testsUnmapped"] == 1
    assert [
        (row["integrationId"], row["integrationName"], row["tests"], row["cells"])
        for row in plain["integrations"]
    ] == [
        (
            "booking-com",
            "Booking.com",
            0,
            [cell("api_error", 0, False), cell("pricing_sync_error", 0, False)],
        ),
        (
            "airbnb",
            "Airbnb",
            1,
            [cell("api_error", 0, False), cell("pricing_sync_error", 4, False)],
        ),
        (
            "vrbo",
            "Vrbo",
            0,
            [cell("api_error", 9, True), cell("pricing_sync_error", 2, True)],
        ),
    ]
    assert [c["moneyAtRisk"] for c in priced["integrations"][2]["cells"]] == [0, 25]


@pytest.mark.parametrize(
    ("test", "blind"),
    [
        pytest.param({"declared": "airbnb"}, False, id="declared for it"),
        pytest.param({"linked": "airbnb"}, False, id="linked to it"),
        pytest.param({"linked": "airbnb", "days_ago": 31}, True, id="did not run"),
        pytest.param({"linked": "airbnb", "pattern": "none"}, True, id="no link"),
        pytest.param({"linked": "vrbo", "declared": "hmbn"}, True, id="others"),
    ],
)
def test_who_watches(viewer, test, blind):
    failed("airbnb", "api_error", 1)
    watched("one", **test)

    (row,) = [
        row
        for row in viewer.get(URL).json()["integrations"]
        if row["integrationId"] == "airbnb"
    ]

    assert row["cells"][0]["blind"] is blind
