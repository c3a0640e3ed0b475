"""Incidents and alerts by API: read by all, acted on by right, each deed told."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from integration_health.alerts import raise_alert
from integration_health.models import Incident
from qa_observability.lib.ids import uuid7

URL = "/api/v1/integrations/incidents"
ALERTS = "/api/v1/alerts"


@pytest.fixture
def incident(db):
    now = timezone.now().replace(microsecond=0)
    return Incident.objects.create(
        integration_id="airbnb",
        started_at=now - timedelta(hours=2),
        ended_at=now - timedelta(hours=1),
        severity="high",
        detected_at=now,
        event_types={"api_error": 4},
        occurrences=4,
    )


def test_inbox_lists_it_with_its_times(api, incident):
    answer = api.get(f"{URL}?integration=airbnb&state=open").json()

    [item] = answer["incidents"]
    assert (item["id"], item["eventTypes"], item["durationSeconds"]) == (
        str(incident.pk),
        [{"eventType": "api_error", "count": 4}],
        3600,
    )
    assert answer["nextCursor"] is None
    assert answer["times"]["meanSecondsToDetect"] == 7200


def test_life_of_an_incident(api, incident):
    User.objects.create_user("ana")
    deeds = [
        ("acknowledge", None, 200),
        ("assign", {"username": "ana"}, 200),
        ("notes", {"text": "Called them"}, 201),
        ("tickets", {"key": "QA-7", "url": "https://jira.test/QA-7"}, 201),
        ("tickets", {"key": "QA-7", "url": "https://jira.test/QA-7"}, 200),
        ("resolve", {"text": "They fixed it"}, 200),
        ("acknowledge", None, 409),
    ]

    codes = [
        api.post(f"{URL}/{incident.pk}/{deed}", body, format="json").status_code
        for deed, body, _code in deeds
    ]

    detail = api.get(f"{URL}/{incident.pk}").json()
    assert codes == [code for *_, code in deeds]
    assert (detail["state"], detail["resolvedBy"], detail["assignedTo"]) == (
        "resolved",
        "quinn",
        "ana",
    )
    assert [(each["action"], each["text"]) for each in detail["timeline"]] == [
        ("acknowledged", ""),
        ("assigned", "ana"),
        ("noted", "Called them"),
        ("ticket_linked", "QA-7"),
        ("resolved", "They fixed it"),
    ]


@pytest.mark.parametrize(
    ("deed", "body", "field"),
    [
        pytest.param("notes", {"text": ""}, "text"),
        pytest.param("notes", {}, "text"),
        pytest.param("tickets", {"key": "QA-7", "url": "javascript:x"}, "url"),
        pytest.param("assign", {"username": "nobody"}, "username"),
        pytest.param("resolve", {"reason": "x"}, "reason"),
    ],
)
def test_wrong_body_is_422(api, incident, deed, body, field):
    answer = api.post(f"{URL}/{incident.pk}/{deed}", body, format="json")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("content", ["null", "false", "0", '""', "[]"])
def test_only_an_object_is_a_body(api, incident, content):
    path = f"{URL}/{incident.pk}/resolve"

    answer = api.post(path, content, content_type="application/json")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["body"]


@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded"]
)
def test_resolving_needs_no_body(api, incident, kind):
    answer = api.post(f"{URL}/{incident.pk}/resolve", "", content_type=kind)

    assert (answer.status_code, answer.json()["state"]) == (200, "resolved")


@pytest.mark.parametrize("deed", ["acknowledge", "resolve"])
def test_unknown_incident_is_404(api, deed):
    assert api.get(f"{URL}/{uuid7()}").status_code == 404
    assert api.post(f"{URL}/{uuid7()}/{deed}").status_code == 404


def test_viewer_reads_and_may_not_act(viewer, incident):
    assert viewer.get(f"{URL}/{incident.pk}").status_code == 200
    assert viewer.post(f"{URL}/{incident.pk}/acknowledge").status_code == 403


@pytest.fixture
def alert(db):
    return raise_alert(
        kind="critical",
        severity="critical",
        group="critical:airbnb",
        title="Airbnb turned critical",
        now=timezone.now(),
        integration_id="airbnb",
    )


def test_life_of_an_alert(api, alert):
    until = timezone.now() + timedelta(hours=1)

    unread = [api.get(ALERTS).json()["unread"]]
    for deed, body in (
        ("snooze", {"until": until.isoformat(), "reason": "Known"}),
        ("read", None),
        ("dismiss", None),
    ):
        api.post(f"{ALERTS}/{alert.pk}/{deed}", body, format="json")
        unread.append(api.get(ALERTS).json()["unread"])

    [item] = api.get(f"{ALERTS}?state=dismissed&severity=critical").json()["alerts"]
    assert unread == [1, 0, 0, 0]
    assert (item["snoozedBy"], item["readBy"], item["dismissedBy"]) == ("quinn",) * 3


def test_snooze_into_the_past_is_422_and_a_dismissed_one_409(api, alert):
    past = {"until": (timezone.now() - timedelta(hours=1)).isoformat()}
    ahead = {"until": (timezone.now() + timedelta(hours=1)).isoformat()}

    first = api.post(f"{ALERTS}/{alert.pk}/snooze", past, format="json")
    api.post(f"{ALERTS}/{alert.pk}/dismiss")
    second = api.post(f"{ALERTS}/{alert.pk}/snooze", ahead, format="json")

    assert (first.status_code, second.status_code) == (422, 409)


def test_alert_of_a_group_is_raised_once_until_it_closes(db, alert):
    again = raise_alert(
        kind="critical",
        severity="critical",
        group="critical:airbnb",
        title="Again",
        now=alert.raised_at + timedelta(hours=1),
    )

    assert (again.pk, again.title) == (alert.pk, "Airbnb turned critical")
    assert again.last_raised_at == alert.raised_at + timedelta(hours=1)
