import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.domain.mapping import (
    AMBIGUOUS,
    DEFAULT_RULES,
    UNMAPPED,
    Mapped,
    MappingRule,
    RuleTable,
)
from integration_health.domain.routes import normalised
from integration_health.enums import Aspect

EXPECTED = Path("tests/data/splunk/endpoint_stats.expected_mapping.json")
DEFAULTS = RuleTable(DEFAULT_RULES)


def resolved(endpoint, table=DEFAULTS):
    found = normalised(endpoint)
    return table.resolve(found.route, found.query)


def test_the_contracts_example_maps_as_expected():
    expected = json.loads(EXPECTED.read_text())

    assert {each: resolved(each).integration_key for each in expected} == expected


@pytest.mark.parametrize(
    ("endpoint", "key"),
    [
        ("/v1/booking.com/content", "booking-com"),
        ("/v1/booking-com/content", "booking-com"),
        ("/v1/bookingCom/content", "booking-com"),
        ("/v1/bdc/content", "booking-com"),
        ("/v1/homes-and-villas/units", "hmbn"),
        ("/v1/fewo-direkt/units", "vrbo"),
        ("/v1/AIRBNB/units", "airbnb"),
        ("/v1/AirbnbWebhook", "airbnb"),
        ("/v1/x?ota=airbnb", "airbnb"),
        ("/v1/x?airbnb_id=7", "airbnb"),
        ("/v1/x?channel=booking%2Ecom", "booking-com"),
        ("/v1/airbnb/x?channel=vrbo", "airbnb"),
        ("/v1/vrbo/google-feed", "vrbo"),
        ("/v1/homeaway/expedia", "vrbo"),
        ("https://connect.airbnb.com/v2/x", "airbnb"),
    ],
)
def test_a_channel_is_found(endpoint, key):
    assert resolved(endpoint).integration_key == key


@pytest.mark.parametrize(
    "endpoint",
    [
        pytest.param("/v1/bookings/12", id="the PMS's own word"),
        pytest.param("/v1/units/3fbdc9a1", id="bdc inside a hexadecimal id"),
        pytest.param("/v1/b/dc", id="short words are not joined"),
        pytest.param("/v1/notairbnbish", id="a substring"),
        pytest.param("/v1/x?email=guest%40airbnb.com", id="a guest's relay address"),
        pytest.param("/assets/vrbo-logo.svg", id="brand in a file name"),
        pytest.param("/wp-content/airbnb", id="scanner probe"),
        pytest.param("/airbnb/shell.php", id="scanner probe by ending"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_names_no_channel_stays_unmapped(endpoint):
    assert resolved(endpoint).integration_key == UNMAPPED


@pytest.mark.parametrize(
    "endpoint", ["/airbnb/to/vrbo", "/x?from=airbnb&to=vrbo", "/google/tripadvisor"]
)
def test_two_channels_in_one_place_are_ambiguous(endpoint):
    assert resolved(endpoint).integration_key == AMBIGUOUS


@pytest.mark.parametrize(
    ("endpoint", "aspect"),
    [
        ("/airbnb/rate-push", Aspect.PRICING),
        ("/airbnb/quotes", Aspect.PRICING),
        ("/airbnb/updateRates", Aspect.PRICING),
        ("/airbnb/FeeSync", Aspect.FEES),
        ("/airbnb/taxes", Aspect.FEES),
        ("/airbnb/reservations/12", Aspect.BOOKING),
        ("/airbnb/calendar", Aspect.AVAILABILITY),
        ("/airbnb/content", Aspect.OTHER),
        ("/booking.com/content", Aspect.OTHER),
        ("/booking.com/bookings", Aspect.BOOKING),
        ("/rates/fees", Aspect.PRICING),
        ("/corporate/feedback", Aspect.OTHER),
    ],
)
def test_the_aspect_is_the_first_rules(endpoint, aspect):
    assert resolved(endpoint).aspect == aspect


def test_the_first_rule_of_a_token_wins():
    table = RuleTable(
        [
            MappingRule(("expedia",), "other:expedia"),
            MappingRule(("expedia", "vrbo"), "vrbo"),
        ]
    )

    assert resolved("/expedia/x", table).integration_key == "other:expedia"


def test_a_channel_of_the_query_is_kept_as_its_hint():
    assert resolved("/sync?channel=vrbo&since=2026") == Mapped(
        "vrbo", Aspect.OTHER, "vrbo"
    )


def test_an_unknown_channel_of_the_query_is_kept_for_a_later_rule():
    before = resolved("/sync?channel=Despegar&guest=Ann")
    later = RuleTable([*DEFAULT_RULES, MappingRule(("despegar",), "other:despegar")])

    assert before == Mapped(UNMAPPED, Aspect.OTHER, "despegar")
    assert later.resolve("/sync", before.channel_hint).integration_key == (
        "other:despegar"
    )


WORDS = st.sampled_from(
    [
        "airbnb",
        "vrbo",
        "booking.com",
        "google",
        "rates",
        "fees",
        "x",
        "v9",
        "bdc",
        "Booking",
        "com",
    ]
)


@given(
    path=st.lists(WORDS, max_size=4).map("/".join),
    query=st.lists(WORDS, max_size=3).map("&channel=".join),
)
def test_the_hint_stands_for_the_query(path, query):
    first = DEFAULTS.resolve(path, query)

    again = DEFAULTS.resolve(path, first.channel_hint)

    assert (again.integration_key, again.aspect) == (
        first.integration_key,
        first.aspect,
    )


@given(st.text(), st.text())
def test_any_text_is_mapped_to_something(path, query):
    assert DEFAULTS.resolve(path, query).integration_key != ""
