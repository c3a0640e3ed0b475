"""What the money and correlation routes show to send in a browser is taken as it stands."""

import json
from io import StringIO

import pytest
import yaml
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.core.management import call_command
from rest_framework.test import APIClient

from correlation.models import LinkFeedback, TestResult
from tests.integration_health.api.test_examples import boxes

RIGHTS = ("view_money", "configure_revenue", "ingest_results", "act_on_incidents")


@pytest.fixture
def api(db):
    cache.clear()  # the throttle counts across tests
    user = User.objects.create_user("quinn")
    user.user_permissions.set(Permission.objects.filter(codename__in=RIGHTS))
    client = APIClient(raise_request_exception=False)
    client.force_login(user)
    return client


def sent(api, method, path):
    """Send what the page of a route shows; return the example and the answer."""
    [example] = boxes(api, path)
    answer = getattr(api, method)(path, example, content_type="application/json")
    return json.loads(example), answer


def test_the_example_of_assumptions_is_put_in_force(api):
    example, answer = sent(api, "put", "/api/v1/revenue/config")

    assert answer.status_code == 200, answer.json()
    revenue, said = answer.json()["revenue"], example["revenue"]
    assert revenue["avgBookingValue"] == said["avgBookingValue"]
    assert revenue["leakagePercentage"] == said["leakagePercentage"]
    assert revenue["integrations"]["airbnb"]["avgBookingValue"] == 300.0


def test_the_example_of_a_draft_is_answered(api):
    _, answer = sent(api, "post", "/api/v1/revenue/what-if")

    assert answer.status_code == 200, answer.json()


def test_the_example_of_a_result_is_stored_and_its_link_can_be_told(api):
    result, stored = sent(api, "post", "/api/v1/correlation/test-results")
    word, kept = sent(api, "post", "/api/v1/correlation/feedback")

    assert (stored.json()["accepted"], stored.json()["warnings"]) == (1, [])
    assert TestResult.objects.values_list("test_case_id", "run_id").get() == (
        result["testCaseId"],
        result["runId"],
    )
    assert kept.status_code == 201, kept.json()
    assert kept.json().items() >= word.items()
    assert LinkFeedback.objects.count() == 1


def test_every_route_that_takes_json_has_an_example():
    out = StringIO()
    call_command("spectacular", stdout=out)
    bodies = {
        f"{method} {path}": operation["requestBody"]["content"]
        for path, operations in yaml.safe_load(out.getvalue())["paths"].items()
        for method, operation in operations.items()
        if "requestBody" in operation
    }

    without = [
        route
        for route, content in bodies.items()
        if not content.get("application/json", {"examples": "no JSON"}).get("examples")
    ]
    assert len(bodies) >= 17
    assert without == []
