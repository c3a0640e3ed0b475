import importlib
import os
import subprocess
import sys

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.urls import clear_url_caches
from drf_spectacular.generators import SchemaGenerator

import qa_observability.roof.urls
import qa_observability.urls
from correlation.models import TestCase
from integration_health.models import Integration
from qa_observability.admin_site import RoleAdminSite
from qa_observability.features import FEATURES, is_enabled
from qa_observability.models import Token
from qa_observability.schedule import BEAT_SCHEDULE, schedule_without
from revenue.models import RevenueAssumption

ADDRESSES = {
    "integration_health": (
        "/api/v1/integrations/health",
        "/dashboard/integrations/airbnb",
    ),
    "revenue": ("/api/v1/revenue/impact", "/dashboard/revenue/impact"),
    "correlation": (
        "/api/v1/correlation/test-integration",
        "/dashboard/correlation/test-integration",
    ),
}

SHOWN = """
import django
django.setup()
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory
from qa_observability.roof.components.page import components_page
request = RequestFactory().get("/dashboard/components")
request.user, request.session = AnonymousUser(), SessionStore()
print(len(components_page(request).components))
"""


def mount():
    importlib.reload(qa_observability.roof.urls)
    importlib.reload(qa_observability.urls)
    clear_url_caches()


@pytest.fixture
def switch_off(settings):
    """Switch a feature off as a start without it would; on again afterwards."""

    def off(app):
        setattr(settings, FEATURES[app].setting, False)
        mount()

    yield off
    for feature in FEATURES.values():
        setattr(settings, feature.setting, True)
    mount()


@pytest.fixture
def client(client, db):
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("app", FEATURES)
def test_its_api_answers_that_it_is_off_and_the_others_answer(app, client, switch_off):
    switch_off(app)

    answers = {
        other: client.get(api).status_code for other, (api, _page) in ADDRESSES.items()
    }
    problem = client.get(ADDRESSES[app][0]).json()

    assert answers == {other: 404 if other == app else 200 for other in FEATURES}
    assert (problem["code"], problem["detail"]) == (
        "feature_off",
        f"{FEATURES[app].name} is switched off on this installation.",
    )


@pytest.mark.parametrize("app", FEATURES)
def test_its_page_says_that_it_is_off_and_the_others_show(app, client, switch_off):
    switch_off(app)

    answers = {
        other: client.get(page).status_code for other, (_api, page) in ADDRESSES.items()
    }

    assert answers == {other: 404 if other == app else 200 for other in FEATURES}
    page = client.get(ADDRESSES[app][1]).content.decode()
    assert f"{FEATURES[app].name} is switched off" in page


@pytest.mark.parametrize("app", ["revenue", "correlation"])
def test_the_overview_stands_without_it(app, client, switch_off):
    switch_off(app)

    response = client.get("/dashboard")

    assert response.status_code == 200
    assert f'href="{ADDRESSES[app][1]}' not in response.content.decode()


@pytest.mark.parametrize("app", FEATURES)
def test_the_schema_is_without_it(app, switch_off):
    def described():
        paths = SchemaGenerator().get_schema(public=True)["paths"]
        return [other for other, (api, _page) in ADDRESSES.items() if api in paths]

    assert described() == list(FEATURES)

    switch_off(app)

    assert described() == [other for other in FEATURES if other != app]


@pytest.mark.parametrize("app", FEATURES)
def test_its_jobs_do_not_run(app):
    left = schedule_without({app})

    assert left == {
        name: entry
        for name, entry in BEAT_SCHEDULE.items()
        if not entry["task"].startswith(app)
    }


def test_all_jobs_run_when_all_is_on(settings):
    assert settings.CELERY_BEAT_SCHEDULE == BEAT_SCHEDULE


@pytest.mark.parametrize(
    ("app", "model"),
    [
        ("integration_health", Integration),
        ("revenue", RevenueAssumption),
        ("correlation", TestCase),
    ],
)
def test_the_admin_is_without_it(app, model: type[models.Model], settings):
    setattr(settings, FEATURES[app].setting, False)
    site = RoleAdminSite()

    site.register([model, Token])

    assert (site.is_registered(model), site.is_registered(Token)) == (False, True)


@pytest.mark.parametrize("app", FEATURES)
def test_the_page_of_components_stands_without_it(app):
    environ = os.environ | {FEATURES[app].setting: "0"}

    started = subprocess.run(
        [sys.executable, "-c", SHOWN],
        check=False,
        env=environ,
        capture_output=True,
        text=True,
    )

    assert started.returncode == 0, started.stderr
    assert int(started.stdout) > 30


def test_what_has_no_switch_is_on():
    assert is_enabled("qa_observability")
