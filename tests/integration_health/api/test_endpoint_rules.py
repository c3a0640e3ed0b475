"""Endpoint rules by API: what they miss, what one would do, the past mapped again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from integration_health.models import EndpointRule, IntegrationEvent
from integration_health.tasks import remap_past
from qa_observability.models import AuditEntry, JobRun
from tests.integration_health.imports.imports import import_file, stat

BASE = "/api/v1/endpoint-rules"


@pytest.fixture
def imported(db):
    at = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    rows = [
        stat("/v9/hub/airbnb/rate-push", 100, 10, at=at),
        stat("/v9/sync/listing", 60, 30, at=at),
        stat("/v9/sync/photo", 40, 0, at=at),
    ]
    return import_file(rows, now=timezone.now())


def test_unmatched_routes_are_listed_largest_first(api, imported):
    answer = api.get(f"{BASE}/unmatched?limit=1").json()

    (route,) = answer.pop("routes")
    assert answer == {
        "requests": 200,
        "errors": 40,
        "unmatchedRequests": 100,
        "unmatchedErrors": 30,
        "unmatchedRequestShare": 0.5,
        "unmatchedErrorShare": 0.75,
    }
    assert route.pop("lastImported")
    assert route == {
        "integrationKey": "unmapped",
        "route": "/v9/sync/listing",
        "aspect": "other",
        "channelHint": "",
        "imports": 1,
        "requests": 60,
        "errors": 30,
        "requestShare": 0.3,
        "errorShare": 0.75,
        "proposedTokens": ["sync"],
    }


def test_an_unknown_order_is_refused_by_name(api, imported):
    answer = api.get(f"{BASE}/unmatched?sort=share")

    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == ["sort"]


def test_a_rule_is_tried_and_not_stored(api, imported):
    body = {"position": 1, "tokens": ["sync"], "integrationKey": "vrbo"}

    answer = api.post(f"{BASE}/try", body, format="json")

    assert answer.status_code == 200
    tried = answer.json()
    assert tried["importId"] == str(imported.import_id)
    assert tried["moved"] == {
        "rows": 2,
        "requests": 100,
        "errors": 30,
        "errorRate": 0.3,
    }
    assert [each["integrationKey"] for each in tried["integrations"]] == [
        "unmapped",
        "vrbo",
    ]
    assert not EndpointRule.objects.filter(tokens=["sync"]).exists()
    assert not AuditEntry.objects.filter(action__startswith="endpoint_rule").exists()


def test_a_stored_rule_is_tried_as_changed(api, imported):
    rule = EndpointRule.objects.get(integration_key="airbnb")
    body = {
        "id": str(rule.pk),
        "position": rule.position,
        "tokens": ["sync"],
        "integrationKey": "airbnb",
    }

    tried = api.post(f"{BASE}/try", body, format="json").json()

    assert [(each["route"], each["toKey"]) for each in tried["routes"]] == [
        ("/v9/hub/airbnb/rate-push", "unmapped"),
        ("/v9/sync/listing", "airbnb"),
        ("/v9/sync/photo", "airbnb"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"tokens": []}, "tokens", id="no token"),
        pytest.param({"position": 0}, "position", id="no place"),
        pytest.param({"aspect": "speed"}, "aspect", id="unknown aspect"),
        pytest.param({"integrationKey": ""}, "body", id="tells nothing"),
        pytest.param(
            {"id": "00000000-0000-0000-0000-000000000000"}, "id", id="unknown rule"
        ),
        pytest.param({"words": []}, "words", id="unknown field"),
        pytest.param({"integrationKey": "vrvo"}, "integrationKey", id="no channel"),
        pytest.param({"integrationKey": "other:"}, "integrationKey", id="nameless"),
    ],
)
def test_a_rule_that_could_not_be_saved_is_not_tried(api, changes, field):
    body = {"position": 1, "tokens": ["sync"], "integrationKey": "vrbo"} | changes

    answer = api.post(f"{BASE}/try", body, format="json")

    assert answer.status_code == 422
    assert field in {each["field"] for each in answer.json()["errors"]}


def test_the_past_is_mapped_in_the_background_for_whoever_asks(api, imported):
    api.post(
        BASE,
        {"position": 1, "tokens": ["sync"], "integrationKey": "vrbo"},
        format="json",
    )
    before = api.get(f"{BASE}/remap").json()

    answer = api.post(f"{BASE}/remap")

    assert (before["pendingRoutes"], before["pendingImports"]) == (2, 1)
    assert answer.status_code == 202
    after = answer.json()
    assert (after["pendingRoutes"], after["running"]) == (0, False)
    assert after["lastResult"] == "done"
    assert JobRun.objects.get().counts == {"imports": 1, "changed": 1, "routes": 2}
    assert IntegrationEvent.objects.filter(integration="vrbo").count() == 1
    assert AuditEntry.objects.get(action="import.remapped").actor_name == "quinn"


def test_a_queue_that_does_not_answer_is_said(api, monkeypatch):
    def refuse(**_arguments):
        raise OperationalError

    monkeypatch.setattr(remap_past, "delay", refuse)

    answer = api.post(f"{BASE}/remap")

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
