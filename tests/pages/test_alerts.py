"""Alerts: a bell on every page, a list, and what people do."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from integration_health.alerts import raise_alert
from integration_health.models import Alert
from qa_observability.models import AuditEntry, Preference
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


def act(client, alert, action, *, follow=False):
    address = f"/dashboard/alerts/{alert.pk}"
    return client.post(address, {"action": action}, follow=follow)


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


def test_the_most_severe_come_first_and_of_those_the_newest(viewer):
    now = timezone.now()
    for hours, severity in enumerate(("low", "critical", "medium", "critical", "high")):
        raise_alert(
            kind="early_warning",
            severity=severity,
            group=str(hours),
            title=f"{severity} {hours}",
            now=now - timedelta(hours=hours),
        )

    page = viewer.get("/dashboard/alerts").context["page"]

    assert [row.item.title for row in page.rows] == [
        "critical 1",
        "critical 3",
        "high 4",
        "medium 2",
        "low 0",
    ]


def test_the_list_is_narrowed_by_channel_and_severity(viewer, alert):
    raise_alert(
        kind="stale",
        severity="medium",
        group="stale:vrbo",
        title="Vrbo: data went stale",
        now=timezone.now(),
        integration_id="vrbo",
    )

    def titles(query):
        page = viewer.get(f"/dashboard/alerts?{query}").context["page"]
        return [row.item.title for row in page.rows], page.sentence

    said = "2 unread alerts, 1 critical."
    assert titles("integration=vrbo") == (["Vrbo: data went stale"], said)
    assert titles("severity=critical") == (["Airbnb turned critical"], said)
    nothing = viewer.get("/dashboard/alerts?state=all&integration=hmbn&severity=low")
    assert "No alerts match: integration HMBN, severity Low." in text_of(nothing)
    assert 'href="/dashboard/alerts?state=all"' in nothing.content.decode()
    tab = 'href="/dashboard/alerts?state=snoozed&amp;integration=hmbn&amp;severity=low"'
    assert tab in nothing.content.decode()
    wrong = viewer.get("/dashboard/alerts?integration=expedia&severity=high")
    assert wrong["Location"] == "/dashboard/alerts?severity=high"


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
    page = text_of(engineer.get("/dashboard/alerts?state=snoozed"))
    assert "Snoozed by qa-engineer · until " in page


def put_off(client, alert, until, reason=""):
    address = f"/dashboard/alerts/{alert.pk}/snooze"
    return client.post(address, {"until": until, "reason": reason}, follow=True)


def test_an_alert_is_put_off_until_a_moment_by_the_readers_clocks_and_says_why(
    engineer, alert
):
    Preference.objects.create(
        user=User.objects.get(username="qa-engineer"), time_zone="America/Sao_Paulo"
    )
    until = (timezone.now() + timedelta(days=9)).replace(
        hour=11, minute=30, second=0, microsecond=0
    )

    done = put_off(engineer, alert, f"{until:%Y-%m-%d}T08:30", "The partner knows.")

    assert "Snoozed." in text_of(done)
    assert stands(alert) == {
        "dismissed_at": None,
        "dismissed_by": "",
        "snoozed_until": until,
        "snoozed_by": "qa-engineer",
        "snooze_reason": "The partner knows.",
    }
    page = text_of(engineer.get("/dashboard/alerts?state=snoozed"))
    assert "Snoozed by qa-engineer: The partner knows. · until " in page
    assert f"{until.day} {until:%b %Y}, 08:30 UTC\N{MINUS SIGN}3" in page


def test_the_form_to_put_an_alert_off_opens_beside_the_list(engineer, alert):
    address = f"/dashboard/alerts/{alert.pk}/snooze"
    listed = engineer.get("/dashboard/alerts").content.decode()

    panel = engineer.get(address, headers={"HX-Target": "panel"}).content.decode()

    assert f'href="{address}" hx-get="{address}" hx-target="#panel"' in listed
    assert "<html" not in panel
    assert f'method="post" action="{address}"' in panel
    assert "By the clocks of UTC." in panel


@pytest.mark.parametrize(
    ("until", "reason", "said"),
    [
        ("", "", "This field is required."),
        ("soon", "", "Enter a valid date/time."),
        ("2020-01-01T08:00", "", "Choose a moment in the future."),
        ("2999-01-01T08:00", "x" * 301, "at most 300 characters (it has 301)"),
    ],
    ids=["no moment", "no date", "past", "too long a reason"],
)
def test_a_wrong_wish_to_put_off_is_shown_again_as_filled_in(
    engineer, alert, until, reason, said
):
    before = stands(alert)

    refused = put_off(engineer, alert, until, reason)

    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Nothing was changed. Correct the marked field." in page
    assert said in page
    assert reason in page
    assert stands(alert) == before


def test_putting_off_what_is_dismissed_is_refused_in_words(engineer, alert):
    act(engineer, alert, "dismiss")

    refused = put_off(engineer, alert, "2999-01-01T08:00")

    assert "This alert is dismissed already." in text_of(refused)


def test_snoozing_what_is_dismissed_is_refused_in_words(engineer, alert):
    act(engineer, alert, "dismiss")

    response = act(engineer, alert, "1h", follow=True)

    assert "This alert is dismissed already." in text_of(response)


def undo_address(response):
    """Return where the page's one undo button leads."""
    (address,) = re.findall(
        r'action="(/dashboard/[^"]+/undo/[^"]+)"', response.content.decode()
    )
    return address


def stands(alert):
    alert.refresh_from_db()
    return {
        name: getattr(alert, name)
        for name in (
            "dismissed_at",
            "dismissed_by",
            "snoozed_until",
            "snoozed_by",
            "snooze_reason",
        )
    }


@pytest.mark.parametrize("action", ["dismiss", "1h", "8h", "3d"])
def test_undo_puts_an_alert_back_exactly_as_it_was(engineer, alert, action):
    act(engineer, alert, "8h", follow=True)
    before = stands(alert)
    done = act(engineer, alert, action, follow=True)

    undone = engineer.post(undo_address(done), follow=True)

    assert stands(alert) == before
    assert "Undone: the alert is back as it was." in text_of(undone)


def test_the_trail_keeps_the_deed_and_its_undoing(engineer, alert):
    done = act(engineer, alert, "dismiss", follow=True)
    engineer.post(undo_address(done))

    trail = AuditEntry.objects.order_by("at").values_list(
        "action", "actor_name", "target_id", "after__dismissed_by"
    )
    assert [*trail] == [
        ("alert.dismissed", "qa-engineer", str(alert.pk), "qa-engineer"),
        ("alert.dismissed.undone", "qa-engineer", str(alert.pk), ""),
    ]


def test_undo_of_what_was_changed_since_is_refused_in_words(engineer, alert):
    snoozed = act(engineer, alert, "1h", follow=True)
    act(engineer, alert, "3d")
    before = stands(alert)

    refused = engineer.post(undo_address(snoozed), follow=True)

    assert "The alert was changed since; nothing was undone." in text_of(refused)
    assert stands(alert) == before


def test_undo_again_and_of_another_alert_changes_nothing(engineer, alert):
    done = act(engineer, alert, "dismiss", follow=True)
    address = undo_address(done)
    engineer.post(address)

    again = engineer.post(address, follow=True)
    elsewhere = engineer.post(address.replace(str(alert.pk), str(uuid4())))

    assert "nothing was undone" in text_of(again)
    assert elsewhere.status_code == 404


def test_dismissing_twice_offers_no_second_undo(engineer, alert):
    act(engineer, alert, "dismiss", follow=True)

    again = act(engineer, alert, "dismiss", follow=True)

    assert "/undo/" not in again.content.decode()
    assert AuditEntry.objects.count() == 1


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
