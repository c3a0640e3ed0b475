"""Every route that takes something shows an example in the browser, and accepts it."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from integration_health.models import Alert, Incident

BOX = re.compile(r'<textarea[^>]*name="_content"[^>]*>(.*?)</textarea>', re.DOTALL)
ROUTES = {
    "integrations": 201,
    "integrations/health": 201,
    "integrations/events": 201,
    "integrations/incidents/{incident}/resolve": 200,
    "integrations/incidents/{incident}/assign": 200,
    "integrations/incidents/{incident}/notes": 201,
    "integrations/incidents/{incident}/tickets": 201,
    "endpoint-rules": 201,
    "endpoint-rules/try": 200,
    "maintenance-windows": 201,
    "annotations": 201,
    "alerts/{alert}/snooze": 200,
}


@pytest.fixture
def things(db):
    now = timezone.now()
    incident = Incident.objects.create(
        integration_id="airbnb",
        started_at=now - timedelta(hours=2),
        ended_at=now - timedelta(hours=1),
        severity="high",
        detected_at=now,
    )
    alert = Alert.objects.create(
        kind="critical", severity="high", group="g", raised_at=now, last_raised_at=now
    )
    return {"incident": incident.pk, "alert": alert.pk}


def boxes(api, path):
    page = api.get(path, headers={"Accept": "text/html"}).content.decode()
    return [html.unescape(text).strip() for text in BOX.findall(page)]


@pytest.mark.parametrize(("route", "status"), ROUTES.items())
def test_example_in_the_browser_is_accepted_as_it_stands(api, things, route, status):
    path = f"/api/v1/{route.format(**things)}"

    [example] = boxes(api, path)
    answer = api.post(path, example, content_type="application/json")

    assert (answer.status_code, answer.json().get("detail")) == (status, None)


def test_example_of_a_change_is_accepted_as_it_stands(api):
    path = "/api/v1/integrations/airbnb"

    [example] = boxes(api, path)
    answer = api.patch(path, example, content_type="application/json")

    assert answer.status_code == 200
    assert answer.json().items() >= json.loads(example).items()


@pytest.mark.parametrize(
    "route",
    [
        "integrations/incidents/{incident}/acknowledge",
        "alerts/{alert}/read",
        "alerts/{alert}/dismiss",
    ],
)
def test_deeds_that_take_nothing_show_an_empty_box(api, things, route):
    path = f"/api/v1/{route.format(**things)}"

    assert boxes(api, path) == [""]
    assert api.post(path, "", content_type="application/json").status_code == 200


def test_a_route_that_takes_a_file_shows_how_to_send_one(api):
    path = "/api/v1/integrations/imports"
    page = api.get(path, headers={"Accept": "text/html"}).content.decode()

    assert boxes(api, path) == []
    assert "-F file=@export.json" in page
