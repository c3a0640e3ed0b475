"""Go to anything: what one may open, by a part of its name, also without a script."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from revenue.models import WeeklyReport
from tests.correlation.scene import known_test
from tests.pages.world import text_of

pytestmark = pytest.mark.django_db


def places(client, asked=""):
    page = client.get("/dashboard/go", {"q": asked} if asked else {})
    return {
        kind.title: [place.name for place in kind.places]
        for kind in page.context["kinds"]
    }


@pytest.fixture
def booking_test():
    return known_test("e2e/booking flow", name="Booking flow")


def test_a_viewer_finds_pages_and_integrations_but_no_money(viewer):
    found = places(viewer)

    assert found == {
        "Pages": [
            "Overview",
            "Incidents",
            "Alerts",
            "Tests and failures",
            "Blind spots",
            "Data quality",
            "Imports",
            "Preferences",
            "API documentation",
        ],
        "Integrations": ["Booking.com", "Airbnb", "Vrbo", "HMBN"],
    }


def test_every_word_must_be_in_the_name_in_any_case(lead, booking_test):
    assert places(lead, "BOOK") == {
        "Integrations": ["Booking.com"],
        "Tests": ["Booking flow"],
    }
    assert places(lead, "flow book") == {"Tests": ["Booking flow"]}
    assert places(lead, "flow airbnb") == {}


def test_places_lead_where_they_say(lead, booking_test):
    page = lead.get("/dashboard/go?q=flow").content.decode()

    href = "/dashboard/correlation/test-integration/e2e/booking%20flow?period=30d"
    assert f'href="{href}"' in page
    assert lead.get(href).status_code == 200


def test_reports_are_found_by_week_once_however_many_versions(lead):
    day = datetime(2026, 2, 2, tzinfo=UTC)
    for version in (1, 2):
        WeeklyReport.objects.create(
            year=2026,
            week=5,
            version=version,
            start=day,
            end=day + timedelta(days=7),
            content={},
            created_at=day + timedelta(days=7),
            created_by="lea",
        )

    assert places(lead, "w05") == {"Weekly reports": ["2026-W05"]}


def test_nothing_by_that_name_says_so_and_escapes_it(viewer):
    page = viewer.get("/dashboard/go?q=<b>x")

    assert "Nothing here is called “<b>x”." in text_of(page)
    assert "<b>x" not in page.content.decode()


def test_an_address_with_more_is_corrected(viewer):
    response = viewer.get("/dashboard/go?q=air&period=30d")

    assert (response.status_code, response["Location"]) == (302, "/dashboard/go?q=air")


def test_a_dialog_gets_the_list_without_the_frame(viewer):
    page = viewer.get("/dashboard/go", headers={"HX-Target": "panel"}).content.decode()

    assert 'class="sidebar"' not in page
    assert 'id="go-places"' in page


@override_settings(CORRELATION_ENABLED=False, INTEGRATION_HEALTH_ENABLED=False)
def test_what_is_switched_off_is_not_offered(viewer):
    assert places(viewer) == {"Pages": ["Overview", "Preferences", "API documentation"]}
