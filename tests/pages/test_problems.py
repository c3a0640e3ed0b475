"""A part that fails is missing in words; the rest of the page stands."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.pages.world import all_healthy, assume, fail, text_of

pytestmark = pytest.mark.django_db
OTHER_KEY = "other:" + "YW5vdGhlciBrZXkgb2YgMzIgYnl0ZXMsIHJlYWxseSE="


@pytest.fixture
def lost_key(settings, lead):
    all_healthy()
    assume("airbnb")
    fail("airbnb", 2)
    settings.REVENUE_KEYS = OTHER_KEY


def test_without_the_key_the_overview_says_so_and_shows_health(lead, lost_key):
    page = text_of(lead.get("/dashboard"))

    assert "All 4 channels are healthy." in page
    assert "Retry" in page
    assert "Revenue at risk Explain" not in page


def test_without_the_key_an_integration_shows_its_health(lead, lost_key):
    page = text_of(lead.get("/dashboard/integrations/airbnb"))

    assert "Error rate per day" in page
    assert "Revenue at risk per day" not in page


def test_without_the_key_tests_are_shown_without_money(lead, lost_key):
    page = text_of(lead.get("/dashboard/correlation/test-integration"))

    assert "Blind spots" in page
    assert "$" not in page


def test_without_the_key_the_revenue_page_says_what_is_wrong(lead, lost_key):
    response = lead.get("/dashboard/revenue/impact")

    page = response.content.decode()
    assert response.status_code == 503
    assert "Revenue assumptions cannot be opened" in page
    assert re.search(r'<span class="mono">[0-9a-f]{32}</span>', page)


def test_unknown_things_are_said_to_be_unknown(lead):
    response = lead.get("/dashboard/integrations/nowhere")

    assert response.status_code == 404
    assert "There is no integration nowhere. Known: booking-com" in (
        response.content.decode()
    )


def test_the_first_visit_of_an_administrator_offers_the_first_steps(db):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))

    page = client.get("/dashboard").content.decode()

    first_steps = page.split("Nothing has come in yet")[1].split("</section>")[0]
    assert 'href="/admin/integration_health/importbatch/upload/"' in first_steps
    assert 'href="/admin/integration_health/integrationhealth/enter/"' in first_steps


def test_a_refresh_brings_navigation_period_and_bell_along(lead):
    all_healthy()

    page = lead.get(
        "/dashboard?period=7d", headers={"HX-Target": "live"}
    ).content.decode()

    swapped = re.findall(r'id="(\w+)"[^>]*hx-swap-oob="true"', page)
    assert swapped == ["stamp", "periods", "navigation", "bell"]
