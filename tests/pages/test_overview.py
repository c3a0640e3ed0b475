"""The overview answers in words, worst first, and shows money by right."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from integration_health.models import Integration
from integration_health.reports.overview import health_overview
from qa_observability.lib.periods import Period
from qa_observability.roof.cards import channel_cards
from qa_observability.roof.sentences import overview_sentence
from tests.pages.world import (
    HEALTHY,
    all_healthy,
    assume,
    check,
    fail,
    text_of,
)

pytestmark = pytest.mark.django_db
CRITICAL = {"error_rate": Decimal("0.061")}
REASON = "Critical because error rate 6.1 % ≥ 5 %"


def health():
    return health_overview(period=Period.MONTH, now=timezone.now())


def test_one_channel_in_trouble_is_named_with_its_reason():
    all_healthy()
    check("airbnb", ago=timedelta(minutes=1), **CRITICAL)

    assert overview_sentence(health(), None) == (
        f"Airbnb needs attention. {REASON}. 3 of 4 channels healthy."
    )


def test_of_several_channels_in_trouble_the_worst_leads():
    all_healthy()
    check("vrbo", ago=timedelta(minutes=1), **CRITICAL)
    for slug in ("airbnb", "booking-com"):
        check(slug, ago=timedelta(minutes=1), error_rate=Decimal("0.03"))

    assert overview_sentence(health(), None) == (
        "Vrbo, Booking.com and Airbnb need attention. "
        f"Vrbo: {REASON}. 1 of 4 channels healthy."
    )


def test_the_sentence_says_since_when():
    all_healthy()
    check("airbnb", ago=timedelta(minutes=1), **CRITICAL)
    found = health()

    said = overview_sentence(found, found.generated_at - timedelta(hours=2))

    assert re.search(r"≥ 5 %, since \w{3} \d\d:\d\d \(2 h ago\)\. 3 of 4", said)


def test_all_healthy_is_one_calm_sentence():
    all_healthy()

    assert overview_sentence(health(), None) == "All 4 channels are healthy."


def test_unknown_channels_are_never_healthy():
    check("airbnb", **HEALTHY)

    assert overview_sentence(health(), None) == (
        "No data on 3 channels: Booking.com, Vrbo, HMBN. 1 of 4 channels healthy."
    )


def test_cards_come_worst_first_and_those_with_little_to_say_are_small():
    check("booking-com", **HEALTHY)
    check("vrbo", **CRITICAL)
    check("airbnb", error_rate=Decimal("0.03"))

    cards = channel_cards(health(), None)

    assert [(c.slug, c.is_small, c.at_risk) for c in cards] == [
        ("vrbo", False, None),
        ("airbnb", False, None),
        ("hmbn", True, None),
        ("booking-com", True, None),
    ]
    assert cards[0].label == f"Vrbo, Critical. {REASON}"


def test_cards_of_a_healthy_page_are_whole():
    all_healthy()

    assert {card.is_small for card in channel_cards(health(), None)} == {False}


def test_the_first_visit_says_what_belongs_here(viewer):
    page = text_of(viewer.get("/dashboard"))

    assert "Nothing has come in yet" in page
    assert "Your account may look but not add data." in page
    assert "No data" in page


def test_money_is_absent_without_the_right(viewer, lead):
    all_healthy()
    assume("airbnb")
    fail("airbnb", 3)

    seen, shown = (text_of(each.get("/dashboard")) for each in (viewer, lead))

    assert not re.search(r"\$|at risk|protected", seen, re.IGNORECASE)
    assert "≈$63" in shown


def test_a_stale_channel_keeps_its_values_and_says_their_age(viewer):
    check("airbnb", ago=timedelta(days=3), **CRITICAL)

    page = text_of(viewer.get("/dashboard"))

    assert "Airbnb: last data 3 d ago (expected every 24 h)" in page
    assert "6.1 %" in page
    assert "Critical because" not in page


def test_unknown_periods_lead_to_the_default(viewer):
    response = viewer.get("/dashboard?period=8d")

    assert (response.status_code, response["Location"]) == (302, "/dashboard")


@pytest.mark.parametrize("period", list(Period))
def test_every_period_shows_its_exact_days(viewer, period):
    all_healthy()
    window = period.window(ending=timezone.now())

    page = text_of(viewer.get(f"/dashboard?period={period.value}"))

    assert f"{window.last_day.day} {window.last_day:%b %Y}" in page


def test_a_refresh_gets_the_live_part_alone(viewer):
    all_healthy()

    response = viewer.get("/dashboard", headers={"HX-Target": "live"})

    page = response.content.decode()
    assert "<html" not in page
    assert "All 4 channels are healthy." in page
    assert response["Vary"] == "HX-Target, Accept-Language, Cookie, Accept-Encoding"
    assert response["Cache-Control"] == "private, no-store"


def test_the_favicon_tells_the_worst_state(viewer):
    all_healthy()
    check("airbnb", ago=timedelta(minutes=1), **CRITICAL)

    assert "favicon-critical.svg" in viewer.get("/dashboard").content.decode()


def test_channels_beyond_four_are_shown_too(viewer):
    all_healthy()
    Integration.objects.create(slug="expedia", name="Expedia <b>")
    check("expedia", **HEALTHY)

    response = viewer.get("/dashboard")

    assert "Expedia &lt;b&gt;" in response.content.decode()
    assert "All 5 channels are healthy." in text_of(response)


def test_notes_on_the_data_are_one_line_per_kind(lead):
    check("airbnb", source="manual", **HEALTHY)
    check("vrbo", ago=timedelta(days=5), **HEALTHY)
    assume("airbnb")

    page = text_of(lead.get("/dashboard"))

    assert "No data yet: Booking.com, HMBN" in page
    assert "Vrbo: last data 5 d ago (expected every 24 h)" in page
    assert "Entered by hand: Airbnb" in page
    assert "Default booking value: Booking.com, Vrbo, HMBN" in page
