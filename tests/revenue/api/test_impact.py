"""Impact, days and what-if over HTTP: the contract's fields, rights and tags."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integration_health.models import EventDay
from revenue.configure import Authorship, set_assumption
from revenue.models import RevenueAssumption
from tests.revenue.builders import values

IMPACT = "/api/v1/revenue/impact"
TIMESERIES = "/api/v1/revenue/timeseries"
WHAT_IF = "/api/v1/revenue/what-if"
ROWS = "/api/v1/integrations/health/{}/events?period=7d&type=pricing_sync_error"
DRAFT = {"revenue": {"integrations": {"airbnb": {"avgBookingValue": 300.0}}}}


def failed(integration_id="airbnb", ago=1, event_type="pricing_sync_error", number=2):
    EventDay.objects.create(
        integration_id=integration_id,
        day=timezone.now().date() - timedelta(days=ago),
        event_type=event_type,
        severity="high",
        failures=number,
    )


def problem(response):
    body = response.json()
    errors = [(each["field"], each["code"]) for each in body["errors"]]
    return response.status_code, body["code"], errors


def test_impact_has_the_contracts_fields(lead):
    failed(event_type="booking_loss", number=1)

    response = lead.get(IMPACT)

    body = response.json()
    assert response.status_code == 200
    assert body["revenueAtRisk"] == {
        "value": 250.0,
        "change": None,
        "changeBasis": "insufficientHistory",
        "trend": "neutral",
        "low": 250.0,
        "high": 250.0,
        "basis": "per_failure",
    }
    assert body["revenueProtected"] == {
        "value": None,
        "change": None,
        "changeBasis": "insufficientHistory",
        "trend": "neutral",
        "low": None,
        "high": None,
        "basis": "bookings_per_day_missing",
    }
    assert body["breakdown"] == [
        {
            "integrationId": "airbnb",
            "integrationName": "Airbnb",
            "impact": 250.0,
            "impactType": "booking_loss",
            "estimatedLoss": 250.0,
            "trend": "neutral",
            "change": None,
            "changeBasis": "insufficientHistory",
            "low": 250.0,
            "high": 250.0,
            "share": 1.0,
        }
    ]
    assert (body["period"], body["currency"], body["coverage"], body["explain"]) == (
        "30d",
        "USD",
        0.0,
        None,
    )
    assert set(body["window"]) == {"from", "to"}
    assert body["assumptions"][0] == {
        "integrationId": "booking-com",
        "integrationName": "Booking.com",
        "avgBookingValue": 250.0,
        "leakagePercentage": 0.05,
        "bookingsPerDay": None,
        "method": "per_failure",
        "version": None,
        "validFrom": None,
        "isDefault": True,
        "inherited": [
            "avg_booking_value",
            "leakage_percentage",
            "bookings_per_day",
            "method",
        ],
    }


def test_money_is_a_json_number_with_its_cents(lead):
    failed(number=3)

    assert b'"impact":37.50,' in lead.get(IMPACT).content


def test_explain_adds_terms_that_add_up(lead):
    failed(number=14)
    failed("vrbo", number=1)

    body = lead.get(IMPACT, {"explain": "1", "period": "7d"}).json()

    explained = body["explain"]["revenueAtRisk"]
    assert explained["value"] == body["revenueAtRisk"]["value"] == 187.5
    assert [
        (term["integrationId"], term["amount"], term["formula"], term["rows"])
        for term in explained["terms"]
    ] == [
        (
            "airbnb",
            175.0,
            "14 failures × $250.00 × 5 % = $175.00",
            ROWS.format("airbnb"),
        ),
        (
            "vrbo",
            12.5,
            "1 failure × $250.00 × 5 % = $12.50",
            ROWS.format("vrbo"),
        ),
    ]
    assert explained["terms"][0]["inputs"] == {
        "quantity": 14,
        "days": 1,
        "measuredDays": None,
        "meanRate": None,
        "benchmark": None,
        "cost": None,
    }
    assert explained["sentence"] == (
        "About $187.50 at risk in the last 7 days, not enough history to compare."
    )


def test_one_integration(lead):
    failed()
    failed("vrbo")

    body = lead.get(IMPACT, {"integration": "vrbo"}).json()

    assert body["integrationId"] == "vrbo"
    assert [row["integrationId"] for row in body["breakdown"]] == ["vrbo"]
    assert [used["integrationId"] for used in body["assumptions"]] == ["vrbo"]


def test_days_are_points_that_add_up(lead):
    failed(ago=2)
    failed(ago=5, number=1)

    body = lead.get(TIMESERIES, {"period": "7d"}).json()

    assert [point["atRisk"] for point in body["points"]] == [
        None,
        12.5,
        None,
        None,
        25.0,
        None,
        None,
    ]
    assert len(body["previousPoints"]) == 7
    assert body["points"][1] == {
        "day": (timezone.now().date() - timedelta(days=5)).isoformat(),
        "atRisk": 12.5,
        "low": 7.5,
        "high": 17.5,
        "protected": None,
        "coverage": 0.0,
    }


@pytest.mark.parametrize("path", [IMPACT, TIMESERIES])
class TestEachReport:
    def test_an_unchanged_answer_is_not_sent_again(self, lead, path):
        failed()
        tag = lead.get(path)["ETag"]

        again = lead.get(path, HTTP_IF_NONE_MATCH=tag)

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)

    def test_new_failures_are_sent_at_once(self, lead, path):
        failed()
        tag = lead.get(path)["ETag"]
        failed(ago=2)

        assert lead.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 200

    def test_new_assumptions_are_sent_at_once(self, lead, path):
        failed(ago=0)
        tag = lead.get(path)["ETag"]
        now = timezone.now()
        set_assumption("airbnb", values("300.00"), Authorship(None, "", now))

        assert lead.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 200

    def test_another_question_has_another_tag(self, lead, path):
        failed()

        tags = {
            lead.get(path, query)["ETag"]
            for query in ({}, {"period": "7d"}, {"integration": "airbnb"})
        }

        assert len(tags) == 3

    def test_money_needs_the_right(self, viewer, client, path):
        assert problem(viewer.get(path)) == (403, "permission_denied", [])
        assert client.get(path).status_code == 401

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"period": "2d"}, (400, "invalid_choice", [("period", "invalid_choice")])),
            (
                {"integration": "expedia"},
                (404, "not_found", [("integration", "unknown_integration")]),
            ),
            (
                {"perod": "7d"},
                (400, "unknown_parameter", [("perod", "unknown_parameter")]),
            ),
        ],
    )
    def test_wrong_questions_are_named(self, lead, path, query, expected):
        status, _code, errors = expected
        found = problem(lead.get(path, query))

        assert (found[0], found[2]) == (status, errors)


def test_an_assumption_that_does_not_open_is_no_figure(lead):
    now = timezone.now()
    row = set_assumption("airbnb", values("300.00"), Authorship(None, "", now))
    RevenueAssumption.objects.filter(pk=row.pk).update(sealed=bytes(row.sealed)[:40])

    assert problem(lead.get(IMPACT)) == (503, "assumption_unreadable", [])


def test_what_if_answers_before_and_after_and_stores_nothing(lead):
    failed(number=10)

    response = lead.post(WHAT_IF, DRAFT, format="json")

    body = response.json()
    assert response.status_code == 200
    assert [effect["period"] for effect in body["periods"]] == [
        "7d",
        "30d",
        "90d",
        "1y",
    ]
    assert body["periods"][0]["before"] == {
        "atRisk": 125.0,
        "low": 75.0,
        "high": 175.0,
        "protected": None,
    }
    assert body["periods"][0]["after"]["atRisk"] == 150.0
    assert RevenueAssumption.objects.count() == 0


def test_what_if_of_one_period_from_a_day_on(lead):
    failed(ago=5)
    failed(ago=1)
    day = (timezone.now().date() - timedelta(days=3)).isoformat()

    body = lead.post(
        f"{WHAT_IF}?period=7d", {**DRAFT, "validFrom": day}, format="json"
    ).json()

    assert body["validFrom"] == day
    assert [
        (effect["period"], effect["before"]["atRisk"], effect["after"]["atRisk"])
        for effect in body["periods"]
    ] == [("7d", 50.0, 55.0)]


@pytest.mark.parametrize(
    ("draft", "field", "code"),
    [
        (
            {"revenue": {"integrations": {"expedia": {}}}},
            "integrations.expedia",
            "unknown_integration",
        ),
        (
            {"revenue": {"integrations": {"airbnb": {"leakagePercentage": 5}}}},
            "revenue.integrations.airbnb.leakagePercentage",
            "out_of_range",
        ),
        ({"revenue": {"currency": "EUR"}}, "revenue.currency", "currency_mixed"),
        ({"validFrom": "0001-01-01", "revenue": {}}, "validFrom", "out_of_range"),
        ([], "document", "wrong_type"),
    ],
)
def test_wrong_drafts_are_refused_by_field(lead, draft, field, code):
    found = problem(lead.post(WHAT_IF, draft, format="json"))

    assert found == (422, "invalid_field", [(field, code)])


def test_what_if_needs_the_right(viewer):
    assert viewer.post(WHAT_IF, DRAFT, format="json").status_code == 403
