"""The configuration over HTTP: the user's document in and out, audited, by right."""

from datetime import timedelta

import pytest
import yaml
from django.utils import timezone

from qa_observability.models import AuditEntry
from revenue.models import RevenueAssumption
from tests.revenue.api.test_impact import problem
from tests.revenue.domain.test_document import BOMB, USERS_YAML

CONFIG = "/api/v1/revenue/config"
HISTORY = "/api/v1/revenue/config/history"
YAML = "application/yaml"


def put_yaml(client, text):
    return client.put(CONFIG, text, content_type=YAML, HTTP_ACCEPT=YAML)


def put(client, document):
    return client.put(CONFIG, document, format="json")


def test_before_anyone_speaks_the_built_in_values_hold(admin):
    body = admin.get(CONFIG).json()

    assert body["isDefault"] is True
    assert body["revenue"] == {
        "avgBookingValue": 250.0,
        "leakagePercentage": 0.05,
        "bookingsPerDay": None,
        "method": "per_failure",
        "currency": "USD",
        "integrations": {},
    }


def test_the_users_yaml_goes_in_and_comes_out_as_it_was(admin):
    put_back = put_yaml(admin, USERS_YAML)

    response = admin.get(CONFIG, HTTP_ACCEPT=YAML)

    assert (put_back.status_code, response.status_code) == (200, 200)
    assert response["Content-Type"] == "application/yaml; charset=utf-8"
    assert put_back.content == response.content
    written, sent = yaml.safe_load(response.content), yaml.safe_load(USERS_YAML)
    assert written == sent


def test_json_shows_what_the_document_says_and_what_it_means(admin):
    put_yaml(admin, USERS_YAML)

    body = admin.get(CONFIG).json()

    assert body["isDefault"] is False
    assert body["revenue"]["integrations"]["airbnb"] == {
        "avgBookingValue": 300.0,
        "leakagePercentage": 0.07,
        "bookingsPerDay": None,
        "method": None,
    }
    effective = {used["integrationId"]: used for used in body["effective"]}
    assert effective["airbnb"]["avgBookingValue"] == 300.0
    assert effective["airbnb"]["isDefault"] is False
    assert effective["airbnb"]["inherited"] == ["bookings_per_day", "method"]


def test_a_json_document_can_be_put_back_as_it_came(admin):
    put_yaml(admin, USERS_YAML)
    before = admin.get(CONFIG).json()

    response = put(admin, {"revenue": before["revenue"]})

    assert response.json() == before | {"effective": response.json()["effective"]}
    # Only the default now says its method aloud.
    assert RevenueAssumption.objects.in_force().count() == 5


def test_what_is_put_holds_at_once_without_a_restart(admin):
    put(admin, {"revenue": {"integrations": {"airbnb": {"bookingsPerDay": 12}}}})

    used = admin.get("/api/v1/revenue/impact", {"integration": "airbnb"}).json()

    assert used["assumptions"][-1]["bookingsPerDay"] == 12.0


def test_putting_is_audited_with_actor_and_reason(admin):
    put(
        admin,
        {
            "revenue": {"integrations": {"airbnb": {"avgBookingValue": 310}}},
            "reason": "New season",
        },
    )

    assert list(
        AuditEntry.objects.order_by("at", "id").values_list(
            "actor_name", "action", "reason"
        )
    ) == [
        ("ada", "revenue.assumption_set", "New season"),
        ("ada", "revenue.configuration_opened", "json"),
    ]
    row = RevenueAssumption.objects.get()
    assert (row.actor, row.reason) == ("ada", "New season")


def test_a_day_with_a_version_is_a_conflict_until_replaced(admin):
    day = (timezone.now().date() - timedelta(days=40)).isoformat()
    first = {"revenue": {"avgBookingValue": 200}, "validFrom": day}
    second = {"revenue": {"avgBookingValue": 210}, "validFrom": day}
    put(admin, first)

    assert problem(put(admin, second)) == (409, "version_exists", [])
    assert put(admin, {**second, "replace": True}).status_code == 200


@pytest.mark.parametrize(
    ("document", "status", "field"),
    [
        (
            {"revenue": {"leakagePercentage": 5}},
            422,
            "revenue.leakagePercentage",
        ),
        ({"revenue": {"avgBookingValue": -1}}, 422, "revenue.avgBookingValue"),
        ({"revenue": {"avgBookingValue": "250"}}, 422, "revenue.avgBookingValue"),
        ({"revenue": {"currency": "XYZ"}}, 422, "revenue.currency"),
        ({"revenue": {"integrations": {"expedia": {}}}}, 422, "integrations.expedia"),
        ({"revenue": {}, "validFrom": "1999-01-01"}, 422, "validFrom"),
        ({"revenue": {}, "validFrom": "tomorrow"}, 422, "validFrom"),
    ],
)
def test_a_wrong_document_is_refused_by_field_and_nothing_is_stored(
    admin, document, status, field
):
    response = put(admin, document)

    assert response.status_code == status
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert RevenueAssumption.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param(BOMB, 400, id="bomb"),
        pytest.param(b"revenue: [", 400, id="unfinished"),
        pytest.param(b"", 422, id="empty"),
        pytest.param(b"#" * 300_000, 413, id="huge"),
        pytest.param(b"revenue: {leakage_percentage: 5}", 422, id="percent"),
    ],
)
def test_hostile_yaml_is_a_problem_not_a_failure(admin, text, status):
    response = put_yaml(admin, text)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert RevenueAssumption.objects.count() == 0


def test_a_body_nobody_reads_is_refused(admin):
    response = admin.put(CONFIG, b"<revenue/>", content_type="application/xml")

    assert response.status_code == 415


@pytest.mark.parametrize("path", [CONFIG, HISTORY])
def test_only_admins_may_look(lead, viewer, client, path):
    assert lead.get(path).status_code == 403
    assert viewer.get(path).status_code == 403
    assert client.get(path).status_code == 401
    assert AuditEntry.objects.count() == 0


def test_only_admins_may_change(lead):
    assert put(lead, {"revenue": {}}).status_code == 403


def test_history_keeps_every_version_page_by_page(admin):
    today = timezone.now().date()
    for ago, value in ((3, 200), (2, 210), (1, 220)):
        day = (today - timedelta(days=ago)).isoformat()
        document = {"revenue": {"avgBookingValue": value}, "validFrom": day}
        put(admin, {**document, "reason": f"{ago} days"})

    first = admin.get(HISTORY, {"limit": 2}).json()
    second = admin.get(HISTORY, {"limit": 2, "cursor": first["nextCursor"]}).json()

    assert [
        (version["avgBookingValue"], version["reason"], version["actor"])
        for version in first["versions"] + second["versions"]
    ] == [
        (220.0, "1 days", "ada"),
        (210.0, "2 days", "ada"),
        (200.0, "3 days", "ada"),
    ]
    assert second["nextCursor"] is None
    assert set(first["versions"][0]) == {
        "version",
        "integrationId",
        "avgBookingValue",
        "leakagePercentage",
        "bookingsPerDay",
        "method",
        "currency",
        "validFrom",
        "actor",
        "reason",
        "writtenAt",
        "supersededAt",
    }


def test_a_replaced_version_stays_in_the_history(admin):
    put(admin, {"revenue": {"avgBookingValue": 200}})
    put(admin, {"revenue": {"avgBookingValue": 210}})

    versions = admin.get(HISTORY).json()["versions"]

    assert [
        (version["avgBookingValue"], version["supersededAt"] is None)
        for version in versions
    ] == [(210.0, True), (200.0, False)]
