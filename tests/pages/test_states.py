"""Every page in every state of a page: first use, calm, refresh, failure, no right, off."""

import re

import pytest
from django.db import OperationalError
from django.test import Client

from qa_observability.features import FEATURES
from qa_observability.web import pages
from tests.pages.conftest import signed_in
from tests.pages.world import all_healthy, text_of
from tests.test_features import mount

pytestmark = pytest.mark.django_db

HEALTH, REVENUE, CORRELATION = FEATURES
OVERVIEW = "/dashboard"
DETAIL = "/dashboard/integrations/airbnb"
INCIDENTS = "/dashboard/incidents"
IMPACT = "/dashboard/revenue/impact"
REPORTS = "/dashboard/reports"
TESTS = "/dashboard/correlation/test-integration"
BLIND_SPOTS = "/dashboard/correlation/blind-spots"
ALERTS = "/dashboard/alerts"
QUALITY = "/dashboard/data-quality"
IMPORTS = "/dashboard/imports"
JOBS = "/dashboard/jobs"
COMPONENTS = "/dashboard/components"

# What a page says before anything came in, and what when all is well.
FIRST_USE = {
    OVERVIEW: "Nothing has come in yet",
    DETAIL: "Nothing has come in yet",
    INCIDENTS: "Nothing has come in yet",
    IMPACT: "Nothing has come in yet",
    REPORTS: "No report yet. The first is written on Monday at 06:00",
    TESTS: "Send results of your tests: JUnit files or result lines.",
    BLIND_SPOTS: "Nothing has come in yet",
    ALERTS: "Nothing wants reading.",
    QUALITY: "Nothing has come in yet",
    IMPORTS: "Exports of Splunk searches come in here",
    JOBS: "No job has run yet.",
}
CALM = {
    OVERVIEW: "All 4 channels are healthy.",
    DETAIL: "No incidents in 30 days.",
    INCIDENTS: "No open incidents.",
    IMPACT: "Nothing put revenue at risk in 30 days.",
    BLIND_SPOTS: "Nothing failed in the last 30 days.",
    ALERTS: "No unread alerts.",
    QUALITY: "No import of 30 days was cut.",
    JOBS: "No job failed in the last 24 hours.",
}
REFRESHED = sorted(FIRST_USE.keys() - {REPORTS})
BY_RIGHT = {
    IMPACT: "Viewer",
    REPORTS: "Viewer",
    JOBS: "QA lead",
    COMPONENTS: "Viewer",
}
OWNERS = {
    DETAIL: HEALTH,
    INCIDENTS: HEALTH,
    ALERTS: HEALTH,
    QUALITY: HEALTH,
    IMPORTS: HEALTH,
    IMPACT: REVENUE,
    REPORTS: REVENUE,
    TESTS: CORRELATION,
    BLIND_SPOTS: CORRELATION,
}
EVERY_PAGE = (*FIRST_USE, COMPONENTS)


@pytest.fixture
def admin(db):
    return signed_in("Admin")


@pytest.fixture
def switch_off(settings):
    def off(app):
        setattr(settings, FEATURES[app].setting, False)
        mount()

    yield off
    for feature in FEATURES.values():
        setattr(settings, feature.setting, True)
    mount()


def refused(client, page, status):
    """Return what the page says in words, of an answer with that status."""
    client.raise_request_exception = False
    response = client.get(page)
    assert response.status_code == status
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("page", FIRST_USE)
def test_before_anything_came_in_a_page_says_what_belongs_there(admin, page):
    assert FIRST_USE[page] in text_of(admin.get(page))


@pytest.mark.parametrize("page", CALM)
def test_when_all_is_well_a_page_says_so_calmly(admin, page):
    all_healthy()

    said = text_of(admin.get(page))

    assert CALM[page] in said
    assert "Nothing has come in yet" not in said


@pytest.mark.parametrize("page", REFRESHED)
def test_a_refresh_brings_the_live_part_alone(admin, page):
    opened = admin.get(page).content.decode()
    live = admin.get(page, headers={"HX-Target": "live"}).content.decode()

    assert '<div id="live" data-refresh>' in opened
    assert ("<html" in live, '<div class="content">' in live) == (False, True)
    assert 'hx-swap-oob="true"' in live


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_page_that_fails_says_so_with_the_number_of_the_request(
    admin, page, monkeypatch
):
    def broken(*_arguments, **_named):
        raise ZeroDivisionError

    monkeypatch.setattr(pages, "render", broken)

    said = refused(admin, page, 500)

    assert "Something failed here" in said
    assert re.search(r"Request [0-9a-f]{32}", said)
    assert "Try again System status" in said


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_page_without_its_database_says_that_it_is_not_available(
    admin, page, monkeypatch
):
    def away(*_arguments, **_named):
        raise OperationalError

    monkeypatch.setattr(pages, "render", away)

    said = refused(admin, page, 503)

    assert "Not available right now" in said
    assert re.search(r"Request [0-9a-f]{32}", said)


@pytest.mark.parametrize(("page", "role"), BY_RIGHT.items())
def test_who_may_not_is_told_who_can_change_that(page, role):
    said = refused(signed_in(role), page, 403)

    assert "You may not open this page" in said
    assert "An administrator can give" in said
    assert re.search(r"Request [0-9a-f]{32}", said)


@pytest.mark.parametrize(("page", "app"), OWNERS.items())
def test_a_page_that_is_off_says_so_and_nothing_leads_there(
    page, app, admin, switch_off
):
    switch_off(app)

    said = refused(admin, page, 404)
    overview = admin.get(OVERVIEW).content.decode()

    assert f"{FEATURES[app].name} is switched off on this installation." in said
    assert f'href="{page}' not in overview


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_strangers_sign_in_first_and_come_back(page):
    assert Client().get(page)["Location"] == f"/sign-in?next={page}"
