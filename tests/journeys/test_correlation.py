"""From pushed events and results to a link, a recommendation and a warning."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from correlation.tasks import refresh_recent
from integration_health.models import Alert
from qa_observability.tokens import issue_token

pytestmark = pytest.mark.django_db

DAYS = range(3, 24, 2)


@pytest.fixture
def api():
    user = User.objects.create_user("lead")
    user.groups.add(Group.objects.get(name="QA lead"))
    key = issue_token(
        user, ["read", "ingest"], name="ci", by=None, now=timezone.now()
    ).key
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


def failures_of_airbnb(start):
    return [
        {
            "integrationId": "airbnb",
            "eventType": "pricing_sync_error",
            "severity": "high",
            "message": f"price push {number} refused",
            "occurredAt": (start + timedelta(seconds=40 * number)).isoformat(),
        }
        for number in range(6)
    ]


def result(test, moment, status="failed"):
    return {
        "testCaseId": test,
        "testCaseName": f"{test} flow",
        "status": status,
        "executedAt": moment.isoformat(),
        "source": "ci",
    }


def post(api, path, rows):
    body = "\n".join(json.dumps(row) for row in rows)
    answer = api.post(f"/api/v1/{path}", body, content_type="application/x-ndjson")
    assert answer.status_code in {200, 201}, answer.content
    assert answer.json()["rejected"] == 0
    return answer.json()


def test_a_test_that_announces_a_channel_is_found_recommended_and_warned_of(
    api, capsys
):
    now = timezone.now().replace(minute=30)
    midnight = datetime.combine(now.date(), datetime.min.time(), UTC)
    starts = [midnight - timedelta(days=day, hours=day % 5) for day in DAYS]
    post(
        api,
        "integrations/events",
        [event for start in starts for event in failures_of_airbnb(start)],
    )
    warnings = [start - timedelta(minutes=25) for start in starts]
    results = [result("booking", moment) for moment in warnings]
    results += [
        result(
            "login", midnight - timedelta(hours=7 * n), "passed" if n % 4 else "failed"
        )
        for n in range(5, 80)
    ]
    post(api, "correlation/test-results", results)

    call_command("refresh_correlations", "--full")
    summary = json.loads(capsys.readouterr().out)
    assert summary["links"] == 1
    answer = api.get("/api/v1/correlation/test-integration?period=30d").json()

    (link,) = answer["correlations"]
    assert (link["testCaseId"], link["integrationId"], link["pattern"]) == (
        "booking",
        "airbnb",
        "test_failure_precedes_integration_failure",
    )
    assert (link["hits"], link["trials"], link["medianLagSeconds"]) == (11, 11, 1500)
    (advice,) = answer["recommendations"]
    assert advice["message"].startswith(
        "Fix “booking flow” first: Airbnb failed within 1 h after it in 11 of 11 cases (≈$"
    )
    backtest = api.get("/api/v1/correlation/backtest").json()
    assert backtest["rows"][0]["announced"] >= 6

    post(api, "correlation/test-results", [result("booking", timezone.now())])
    refresh_recent.delay()

    warning = Alert.objects.get(kind="early_warning")
    assert (warning.integration_id, warning.details["testCaseId"]) == (
        "airbnb",
        "booking",
    )
