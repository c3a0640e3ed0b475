"""Alerts: a bell on every page, a list, and what people do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integration_health.alerts import raise_alert
from integration_health.models import Alert
from tests.pages.world import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(db):
    return raise_alert(
        kind="critical",
        severity="critical",
        group="critical:airbnb",
        title="Airbnb turned critical",
        now=timezone.now() - timedelta(hours=2),
        integration_id="airbnb",
        body="Error rate 6.1 %",
        url="/dashboard/integrations/airbnb",
    )


def act(client, alert, action):
    return client.post(f"/dashboard/alerts/{alert.pk}", {"action": action})


def test_the_bell_counts_unread_alerts_on_every_page(viewer, alert):
    for address in ("/dashboard", "/preferences", "/dashboard/integrations/vrbo"):
        assert "1 unread alert" in text_of(viewer.get(address))


def test_the_list_begins_with_what_wants_reading(viewer, alert):
    page = text_of(viewer.get("/dashboard/alerts"))

    assert "1 unread alert, 1 critical." in page
    assert (
        "Airbnb turned critical Critical Error rate 6.1 % "
        "Airbnb · 2 h ago · Incidents of Airbnb"
    ) in page
    assert "Dismiss " not in page.split("Airbnb turned critical")[1]


def test_an_empty_list_is_calm(viewer):
    assert "Nothing wants reading." in text_of(viewer.get("/dashboard/alerts"))


def test_investigating_reads_the_alert_and_leads_on(engineer, alert):
    response = act(engineer, alert, "investigate")

    alert.refresh_from_db()
    assert response["Location"] == "/dashboard/integrations/airbnb"
    assert alert.read_by == "qa-engineer"


def test_dismissed_alerts_stay_reachable(engineer, alert):
    act(engineer, alert, "dismiss")

    page = text_of(engineer.get("/dashboard/alerts?state=dismissed"))
    assert "Dismissed by qa-engineer" in page


def test_snoozed_alerts_come_back(engineer, alert):
    act(engineer, alert, "8h")

    alert.refresh_from_db()
    assert alert.snoozed_until - timezone.now() > timedelta(hours=7, minutes=59)
    assert "Nothing wants reading." in text_of(engineer.get("/dashboard/alerts"))
    assert "Snoozed by qa-engineer" in text_of(
        engineer.get("/dashboard/alerts?state=snoozed")
    )


def test_snoozing_what_is_dismissed_is_refused_in_words(engineer, alert):
    act(engineer, alert, "dismiss")

    response = engineer.post(
        f"/dashboard/alerts/{alert.pk}", {"action": "1h"}, follow=True
    )

    assert "This alert is dismissed already." in text_of(response)


@pytest.mark.parametrize("action", ["", "explode"])
def test_unknown_actions_change_nothing(engineer, alert, action):
    before = Alert.objects.values().get()

    assert act(engineer, alert, action)["Location"] == "/dashboard/alerts"
    assert Alert.objects.values().get() == before


def test_viewers_may_look_but_not_act(viewer, alert):
    assert act(viewer, alert, "dismiss").status_code == 403


def test_an_alert_of_failures_leads_to_the_incidents_of_its_channel(viewer, alert):
    raise_alert(
        kind="stale",
        severity="medium",
        group="stale:vrbo",
        title="Vrbo: data went stale",
        now=timezone.now(),
        integration_id="vrbo",
    )

    page = viewer.get("/dashboard/alerts").content.decode()

    assert 'href="/dashboard/incidents?integration=airbnb"' in page
    assert "/dashboard/incidents?integration=vrbo" not in page
