"""Configuration by API: everyone reads, administrators write, every change is audited."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from integration_health.models import IntegrationEvent, MaintenanceWindow
from integration_health.storage.maintenance import maintenance_spans
from qa_observability.lib.periods import Window
from qa_observability.models import AuditEntry


def test_channel_is_added_and_changed(api):
    added = api.post(
        "/api/v1/integrations",
        {"integrationId": "agoda", "name": "Agoda", "expectedIntervalSeconds": 900},
        format="json",
    )
    changed = api.patch(
        "/api/v1/integrations/agoda", {"errorRateWarning": 0.03}, format="json"
    )

    assert (added.status_code, changed.status_code) == (201, 200)
    assert changed.json() == {
        "integrationId": "agoda",
        "name": "Agoda",
        "position": 100,
        "enabled": True,
        "errorRateWarning": 0.03,
        "errorRateCritical": 0.05,
        "bookingLossWarning": 0.005,
        "bookingLossCritical": 0.015,
        "expectedIntervalSeconds": 900,
    }
    listed = api.get("/api/v1/integrations").json()["integrations"]
    assert "agoda" in [each["integrationId"] for each in listed]
    assert list(
        AuditEntry.objects.order_by("at").values_list("action", "actor_name")
    ) == [
        ("integration.added", "quinn"),
        ("integration.changed", "quinn"),
    ]


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        pytest.param({"integrationId": "airbnb", "name": "Again"}, 409, [], id="there"),
        pytest.param(
            {"integrationId": "events", "name": "Events"},
            422,
            ["integrationId"],
            id="reserved",
        ),
        pytest.param(
            {"integrationId": "A B", "name": "A"}, 422, ["integrationId"], id="no slug"
        ),
        pytest.param(
            {"integrationId": "agoda", "name": "A", "errorRateWarning": 0.05},
            422,
            ["errorRateWarning"],
            id="warning at critical",
        ),
        pytest.param({"integrationId": "agoda"}, 422, ["name"], id="no name"),
    ],
)
def test_wrong_channel_is_refused_by_field(api, body, status, fields):
    answer = api.post("/api/v1/integrations", body, format="json")

    assert (
        answer.status_code,
        [each["field"] for each in answer.json()["errors"]],
    ) == (status, fields)


@pytest.mark.parametrize("seconds", [59, -1, 31 * 86400 + 1, -998257125837774, 10**17])
def test_interval_outside_a_minute_to_a_month_names_the_field(api, seconds):
    response = api.patch(
        "/api/v1/integrations/vrbo", {"expectedIntervalSeconds": seconds}, format="json"
    )

    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["field"] == "expectedIntervalSeconds"


@pytest.mark.parametrize("seconds", [60, 31 * 86400])
def test_interval_may_be_a_minute_or_a_month(api, seconds):
    response = api.patch(
        "/api/v1/integrations/vrbo", {"expectedIntervalSeconds": seconds}, format="json"
    )

    assert response.json()["expectedIntervalSeconds"] == seconds


def test_rule_is_added(api):
    before = len(api.get("/api/v1/endpoint-rules").json()["endpointRules"])

    answer = api.post(
        "/api/v1/endpoint-rules",
        {"position": 500, "tokens": ["agoda"], "integrationKey": "other:agoda"},
        format="json",
    )
    empty = api.post(
        "/api/v1/endpoint-rules", {"position": 501, "tokens": ["x"]}, format="json"
    )

    assert (answer.status_code, empty.status_code) == (201, 422)
    assert len(api.get("/api/v1/endpoint-rules").json()["endpointRules"]) == before + 1


def test_planned_outage_marks_the_events_inside(api):
    moment = timezone.now() - timedelta(hours=1)
    api.post(
        "/api/v1/integrations/events",
        {
            "integrationId": "airbnb",
            "eventType": "api_error",
            "severity": "high",
            "occurredAt": moment.isoformat(),
        },
        format="json",
    )

    answer = api.post(
        "/api/v1/maintenance-windows",
        {
            "title": "Upgrade",
            "integrationId": "airbnb",
            "startsAt": (moment - timedelta(minutes=5)).isoformat(),
            "endsAt": (moment + timedelta(minutes=5)).isoformat(),
        },
        format="json",
    )

    assert answer.status_code == 201
    assert IntegrationEvent.objects.get().in_maintenance
    assert MaintenanceWindow.objects.get().created_by == "quinn"


def test_outage_repeats_by_the_clocks_of_its_zone(api):
    planned = api.post(
        "/api/v1/maintenance-windows",
        {
            "title": "Upgrade",
            "startsAt": "2026-03-22T02:00:00Z",
            "endsAt": "2026-03-22T04:00:00Z",
            "recurrence": "weekly",
            "repeatsUntil": "2026-03-30T00:00:00Z",
            "timeZone": "Europe/Lisbon",
        },
        format="json",
    )

    [listed] = api.get("/api/v1/maintenance-windows").json()["maintenanceWindows"]
    spans = maintenance_spans(
        Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
    )
    assert (planned.status_code, planned.json()) == (201, listed)
    assert listed["timeZone"] == "Europe/Lisbon"
    assert [span.start for _slug, span in spans] == [
        datetime(2026, 3, 22, 2, tzinfo=UTC),
        datetime(2026, 3, 29, 1, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"endsAt": "2026-01-10T09:00:00Z"}, id="ends first"),
        pytest.param({"integrationId": "bookings"}, id="unknown channel"),
        pytest.param({"integrationId": ""}, id="no channel's name"),
        pytest.param({"recurrence": "daily"}, id="repeats for ever"),
        pytest.param({"recurrence": "hourly"}, id="no such recurrence"),
        pytest.param({"startsAt": None}, id="no start"),
        pytest.param({"timeZone": "Europe/Lisboa"}, id="no such zone"),
        pytest.param({"timeZone": "localtime"}, id="this machine's zone"),
        pytest.param({"timeZone": "UTC+3"}, id="an offset for a zone"),
        pytest.param({"timeZone": None}, id="no zone"),
    ],
)
def test_wrong_outage_is_refused(api, changes):
    body = {
        "title": "Upgrade",
        "startsAt": "2026-01-10T10:00:00Z",
        "endsAt": "2026-01-10T11:00:00Z",
    }

    answer = api.post("/api/v1/maintenance-windows", body | changes, format="json")

    assert answer.status_code == 422
    assert not MaintenanceWindow.objects.exists()


def test_deploy_is_told_and_listed(api):
    told = api.post("/api/v1/annotations", {"text": "Deploy 1.2"}, format="json")

    [listed] = api.get("/api/v1/annotations?period=7d").json()["annotations"]
    assert told.status_code == 201
    assert (listed["text"], listed["kind"], listed["createdBy"]) == (
        "Deploy 1.2",
        "deploy",
        "quinn",
    )
    assert datetime.fromisoformat(listed["at"]) <= datetime.now(UTC)


def test_mark_on_no_channels_name_is_refused(api):
    mark = {"text": "Deploy 1.2", "integrationId": ""}

    answer = api.post("/api/v1/annotations", mark, format="json")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["integrationId"]


@pytest.mark.parametrize(
    "route",
    ["integrations", "endpoint-rules", "maintenance-windows", "annotations"],
)
def test_viewer_reads_and_may_not_write(viewer, route):
    assert viewer.get(f"/api/v1/{route}").status_code == 200
    assert viewer.post(f"/api/v1/{route}", {}, format="json").status_code == 403
