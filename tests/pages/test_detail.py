"""The page of an integration: state, course, events, tests."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from integration_health.models import Annotation, MaintenanceWindow
from tests.pages.world import all_healthy, assume, check, fail, text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/integrations/airbnb"


def test_the_first_line_says_why_and_since_when(viewer):
    check("airbnb", ago=timedelta(hours=3), error_rate=Decimal("0.061"))

    page = text_of(viewer.get(PAGE))

    assert "Critical because error rate 6.1 % ≥ 5 %, since" in page
    assert "(3 h ago)." in page


def test_tiles_judge_each_signal_by_its_own_state(viewer):
    check(
        "airbnb",
        pricing_sync_status="error",
        error_rate=Decimal("0.001"),
        booking_loss_rate=Decimal("0.015"),
    )

    page = text_of(viewer.get(PAGE))

    assert "Pricing sync Error" in page
    assert "Fees sync No data" in page
    assert "Bookings lost 1.5 % warning from 0.5 %, critical from 1.5 %" in page
    assert "Error rate 0.1 % warning from 2.0 %, critical from 5.0 %" in page


def test_an_unknown_integration_is_not_there(viewer):
    response = viewer.get("/dashboard/integrations/nowhere")

    assert response.status_code == 404


def test_a_channel_never_checked_has_no_data(viewer):
    page = text_of(viewer.get(PAGE))

    assert "No data yet: nobody has recorded or sent a check." in page
    assert "No incidents in 30 days." in page
    assert "No events in 30 days." in page


def test_equal_events_in_a_row_are_one_run(viewer):
    all_healthy()
    now = timezone.now()
    fail("airbnb", 4, message="timeout of order 17")
    fail("airbnb", 1, message="timeout of order 4", ago=timedelta(hours=1))
    fail("airbnb", 1, event_type="api_error", message="other", ago=timedelta(hours=9))

    page = text_of(viewer.get(f"{PAGE}?period=7d"))

    days = {(now - timedelta(hours=h)).date() for h in (1, 2.75)}
    assert ("Pricing sync error × 5" in page) == (len(days) == 1)
    assert "About 6 events in this period" in page
    assert "API error" in page


def test_events_are_filtered_and_the_filter_is_said_when_nothing_matches(viewer):
    all_healthy()
    fail("airbnb", 2)

    matching = text_of(viewer.get(f"{PAGE}?type=pricing_sync_error&severity=high"))
    nothing = text_of(viewer.get(f"{PAGE}?severity=low&text=zzz"))

    assert "Pricing sync error × 2" in matching
    assert "No events match: severity Low, text zzz. Clear filters" in nothing


def test_older_events_are_a_page_away(viewer):
    all_healthy()
    fail("airbnb", 101, ago=timedelta(hours=1))

    first = viewer.get(f"{PAGE}?period=7d")
    older = first.content.decode().split('rel="next"')[0].rsplit('href="', 1)[1]
    second = viewer.get(PAGE + older.split("#")[0].replace("&amp;", "&"))

    assert "About 101 events" in text_of(first)
    assert "Newest" in text_of(second)
    assert 'rel="next"' not in second.content.decode()


@pytest.mark.parametrize(
    "query", ["page_key=nonsense", "severity=dire", "type=No+Type", "source=moon"]
)
def test_unknown_filters_correct_the_address(viewer, query):
    response = viewer.get(f"{PAGE}?period=7d&{query}")

    assert response["Location"] == f"{PAGE}?period=7d"


def test_maintenance_and_deploys_are_on_the_charts(viewer):
    all_healthy()
    now = timezone.now()
    MaintenanceWindow.objects.create(
        title="Upgrade", starts_at=now - timedelta(hours=9), ends_at=now
    )
    Annotation.objects.create(at=now - timedelta(hours=1), text="Release 5")

    page = viewer.get(PAGE).content.decode()

    assert 'class="band"' in page
    assert "D: Release 5" in page


def test_money_and_its_settings_need_the_right(viewer, lead):
    all_healthy()
    assume("airbnb", value="313.37")
    fail("airbnb", 1)

    seen, shown = text_of(viewer.get(PAGE)), text_of(lead.get(PAGE))

    assert ("$" in seen, "Booking value" in seen) == (False, False)
    assert "Booking value $313.37" in shown
    assert "Revenue at risk per day" in shown


def test_the_status_explains_itself(viewer):
    check("airbnb", error_rate=Decimal("0.061"), pricing_sync_status="ok")

    page = text_of(viewer.get(f"{PAGE}/explain/status?period=7d"))

    assert "Status of Airbnb, explained" in page
    assert "Error rate 6.1 %: warning from 2.0 %, critical from 5.0 % Critical" in page
    assert "Booking loss —: warning from 0.5 %, critical from 1.5 % No data" in page


def test_a_week_is_shown_hour_by_hour(viewer):
    all_healthy()

    page = viewer.get(f"{PAGE}?period=7d").content.decode()

    assert "Worst status per hour" in page
    assert 6 * 24 < page.count('class="cell ') <= 7 * 24
