"""Health by API: exactly the contract's fields, and clear refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integration_health.models import IntegrationHealth

CHECK = {
    "integrationId": "booking-com",
    "pricingSyncStatus": "ok",
    "feesSyncStatus": "ok",
    "bookingLossRate": 0.001,
    "errorRate": 0.019,
    "lastChecked": "2026-01-10T10:30:00Z",
}
URL = "/api/v1/integrations/health"


def recent(**changes):
    moment = (timezone.now() - timedelta(hours=1)).replace(microsecond=0)
    return CHECK | {"lastChecked": moment.isoformat()} | changes


def test_overview_has_the_contracts_fields(api):
    check = recent()
    api.post(URL, check, format="json")

    answer = api.get(URL).json()

    item = answer["integrations"][0]
    assert {
        name: item[name] for name in item if name in {*CHECK, "name", "status", "trend"}
    } == {
        "integrationId": "booking-com",
        "name": "Booking.com",
        "status": "healthy",
        "pricingSyncStatus": "ok",
        "feesSyncStatus": "ok",
        "bookingLossRate": 0.001,
        "errorRate": 0.019,
        "lastChecked": check["lastChecked"].replace("+00:00", "Z"),
        "trend": "neutral",
    }
    assert (answer["overallHealth"], answer["unknownCount"]) == (None, 3)
    assert set(answer["window"]) == {"from", "to"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"errorRate": 0.0199}, "healthy"),
        pytest.param({"errorRate": 0.02}, "warning", id="0.02 is a warning"),
        pytest.param({"errorRate": 0.0499}, "warning"),
        pytest.param({"errorRate": 0.05}, "critical", id="0.05 is critical"),
        pytest.param({"feesSyncStatus": "error"}, "critical"),
        pytest.param({"status": "warning"}, "warning", id="typed"),
    ],
)
def test_check_is_judged(api, changes, status):
    answer = api.post(URL, recent(**changes), format="json")

    assert (answer.status_code, answer.json()["snapshot"]["status"]) == (201, status)


def test_identical_check_is_200_and_another_of_the_moment_409(api):
    check = recent()

    codes = [
        api.post(URL, body, format="json").status_code
        for body in (check, check, check | {"errorRate": 0.5})
    ]

    assert codes == [201, 200, 409]


def test_check_says_who_sent_it(api):
    api.post(URL, recent(), format="json")

    stored = IntegrationHealth.objects.get()
    assert (stored.source, stored.actor) == ("api", "quinn")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        pytest.param({"integrationId": "bookingCom"}, ["integrationId"]),
        pytest.param({"errorRate": 5, "status": "ok"}, ["status", "errorRate"]),
        pytest.param({"errorRate": "a lot"}, ["errorRate"]),
        pytest.param({"errorRate": -0.1}, ["errorRate"]),
        pytest.param({"lastChecked": "2126-01-10T10:30:00Z"}, ["lastChecked"]),
        pytest.param({"lastChecked": "2026-01-10T10:30:00"}, ["lastChecked"]),
        pytest.param({"pricing": "ok"}, ["pricing"], id="a typo"),
    ],
)
def test_wrong_field_is_422_and_named(api, changes, fields):
    answer = api.post(URL, recent(**changes), format="json")

    problem = answer.json()
    assert answer.status_code == 422
    assert [error["field"] for error in problem["errors"]] == fields
    assert not IntegrationHealth.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b"null"])
def test_body_that_is_no_object_is_refused(api, body):
    answer = api.post(URL, body, content_type="application/json")

    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_detail_is_the_item_with_its_history(api):
    api.post(URL, recent(), format="json")
    item = api.get(URL).json()["integrations"][0]

    detail = api.get(f"{URL}/booking-com?period=7d").json()

    assert {
        name: detail[name] for name in item if name not in {"coverage", "ageSeconds"}
    } == {name: item[name] for name in item if name not in {"coverage", "ageSeconds"}}
    assert [each["errorRate"] for each in detail["history"]] == [0.019]


def test_explained_detail_judges_each_known_signal(api):
    api.post(URL, recent(feesSyncStatus=None, errorRate=0.05), format="json")

    plain = api.get(f"{URL}/booking-com").json()
    explained = api.get(f"{URL}/booking-com?explain=1").json()["explain"]

    assert plain["explain"] is None
    assert explained == {
        "sentence": plain["reason"],
        "status": "critical",
        "statusSource": "computed",
        "computedStatus": "critical",
        "stale": False,
        "signals": [
            {
                "signal": "pricing",
                "status": "healthy",
                "value": None,
                "limit": None,
                "sync": "ok",
            },
            {
                "signal": "error_rate",
                "status": "critical",
                "value": 0.05,
                "limit": 0.05,
                "sync": None,
            },
            {
                "signal": "booking_loss",
                "status": "healthy",
                "value": 0.001,
                "limit": 0.005,
                "sync": None,
            },
        ],
    }


def test_unknown_channel_is_404_and_names_the_known(api):
    answer = api.get(f"{URL}/bookings")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_integration")
    assert "airbnb" in answer.json()["detail"]


@pytest.mark.parametrize("query", ["period=31d", "perid=7d", "period="])
def test_wrong_query_is_400(api, query):
    assert api.get(f"{URL}?{query}").status_code == 400


def test_viewer_reads_and_may_not_record(viewer):
    assert viewer.get(URL).status_code == 200
    assert viewer.post(URL, recent(), format="json").status_code == 403


def test_stranger_is_asked_to_sign_in(client, db):
    assert client.get(URL).status_code == 401
