"""GET correlation/test-integration and one test of it, over real routes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from rest_framework.test import APIClient

from correlation.models import LinkFeedback, TestIntegrationCorrelation, TestResult
from correlation.refresh import refresh_correlations
from integration_health.models import EventDay
from tests.correlation import scene

pytestmark = pytest.mark.django_db

URL = "/api/v1/correlation/test-integration"
PLAIN = {"priority", "message", "testCaseId", "integrationId"}


@pytest.fixture
def api():
    client = APIClient()
    client.force_authenticate(User.objects.create_user("viewer"))
    return client


@pytest.fixture
def lead():
    user = User.objects.create_user("lead")
    user.user_permissions.add(Permission.objects.get(codename="view_money"))
    client = APIClient()
    client.force_authenticate(user)
    return client


def link(test_case_id="checkout", integration_id="airbnb", score="0.81", **fields):
    now = timezone.now()
    return TestIntegrationCorrelation.objects.create(
        test_case_id=scene.known_test(test_case_id).pk,
        integration_id=integration_id,
        **{
            "correlation_score": score,
            "strength": float(score),
            "correlation_type": "high",
            "pattern": "test_failure_precedes_integration_failure",
            "confidence": "0.95",
            "trials": 11,
            "hits": 10,
            "expected": 1.2345,
            "p_value": 1e-9,
            "q_value": 2e-8,
            "median_lag_seconds": 2280,
            "evidence_from": now - timedelta(days=60),
            "evidence_to": now,
            "last_alarm_at": now - timedelta(days=2),
            "last_correlated": now - timedelta(days=2),
        }
        | fields,
    )


def test_a_link_is_answered_whole(api):
    row = link()

    answer = api.get(URL).json()

    def iso(moment):
        return moment.isoformat().replace("+00:00", "Z")

    assert set(answer) == {"window", "correlations", "recommendations", "nextCursor"}
    assert answer["correlations"] == [
        {
            "testCaseId": "checkout",
            "testCaseName": "Test checkout",
            "integrationId": "airbnb",
            "integrationName": "Airbnb",
            "correlationScore": 0.81,
            "correlationType": "high",
            "pattern": "test_failure_precedes_integration_failure",
            "confidence": 0.95,
            "lastCorrelated": iso(row.last_correlated),
            "trials": 11,
            "hits": 10,
            "expected": 1.23,
            "pValue": 1e-9,
            "qValue": 2e-8,
            "medianLagSeconds": 2280,
            "windowSeconds": 3600,
            "evidenceFrom": iso(row.evidence_from),
            "evidenceTo": iso(row.evidence_to),
            "lastAlarmAt": iso(row.last_alarm_at),
            "preliminary": False,
            "notEnoughData": False,
            "sentence": "When this test failed while Airbnb was healthy, Airbnb failed "
            "within 1 h in 10 of 11 cases; chance alone: 1.2.",
            "feedback": None,
            "flaky": None,
            "alwaysFailing": False,
        }
    ]
    assert answer["recommendations"] == [
        {
            "priority": "high",
            "message": "Fix “Test checkout” first: Airbnb failed within 1 h after it "
            "in 10 of 11 cases.",
            "testCaseId": "checkout",
            "integrationId": "airbnb",
        }
    ]
    assert answer["nextCursor"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", ["a", "b", "c"], id="all, strongest first"),
        pytest.param("?integration=vrbo", ["b"], id="one channel"),
        pytest.param("?minScore=0.5", ["a", "b"], id="from 0.5, included"),
        pytest.param("?minScore=0.51", ["a"], id="above 0.5"),
        pytest.param("?test=b", ["b"], id="by id"),
        pytest.param("?test=TEST+C", ["c"], id="by a part of the name"),
        pytest.param("?period=7d", ["a", "c"], id="an alarm within a week"),
        pytest.param("?test=nothing", [], id="none"),
    ],
)
def test_filters_choose_links(api, query, expected):
    long_ago = timezone.now() - timedelta(days=20)
    link("a", score="0.90")
    link("b", "vrbo", score="0.50", last_alarm_at=long_ago)
    link("c", score="0.20")
    link("d", score="0.00", pattern="none", correlation_type="none")

    answer = api.get(URL + query).json()

    assert [row["testCaseId"] for row in answer["correlations"]] == expected


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("?period=2w", 400, "period"),
        ("?minScore=1.01", 400, "minScore"),
        ("?minScore=-0.01", 400, "minScore"),
        ("?minScore=high", 400, "minScore"),
        ("?integration=expedia", 404, "integration"),
        ("?integraton=airbnb", 400, "integraton"),
        ("?cursor=xyz", 400, "cursor"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(api, query, status, field):
    answer = api.get(URL + query)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)


def test_pages_continue_where_they_stopped(api):
    for name, score in [("a", "0.9"), ("b", "0.5"), ("c", "0.5"), ("d", "0.4")]:
        link(name, score=score)

    seen, cursor = [], ""
    for _ in range(4):
        page = api.get(f"{URL}?limit=1{cursor}").json()
        seen += [row["testCaseId"] for row in page["correlations"]]
        cursor = f"&cursor={page['nextCursor']}"

    assert (seen, page["nextCursor"]) == (["a", "b", "c", "d"], None)


@pytest.mark.parametrize("links", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    api, links, django_assert_num_queries
):
    for number in range(links):
        link(f"test-{number}")

    with django_assert_num_queries(5):  # two of them ask for the user's rights
        api.get(URL)


def test_nobody_sees_links_without_signing_in():
    assert APIClient().get(URL).status_code == 401


def test_feedback_is_shown_and_rejected_links_are_not_recommended(api):
    link()
    for confirmed in (True, False):
        LinkFeedback.objects.create(
            test_case_id="checkout",
            integration_id="airbnb",
            confirmed=confirmed,
            actor="ana",
            note="a firewall rule",
        )

    answer = api.get(URL).json()

    word = answer["correlations"][0]["feedback"]
    assert (word["confirmed"], word["actor"], word["note"]) == (
        False,
        "ana",
        "a firewall rule",
    )
    assert answer["recommendations"] == []


def failed_prices(integration_id, failures):
    EventDay.objects.create(
        integration_id=integration_id,
        day=timezone.now().date(),
        event_type="pricing_sync_error",
        severity="high",
        rows=failures,
        occurrences=failures,
        failures=failures,
    )


def test_recommendations_are_ranked_by_exposure_for_those_who_see_money(lead, api):
    link("strong", "vrbo", score="0.90")
    link("costly", "airbnb", score="0.50", correlation_type="medium")
    failed_prices("airbnb", 40)
    failed_prices("vrbo", 4)

    priced = lead.get(URL).json()["recommendations"]
    plain = api.get(URL).json()["recommendations"]

    assert priced == [
        {
            "priority": "medium",
            "message": "Fix “Test costly” first: Airbnb failed within 1 h after it "
            "in 10 of 11 cases (≈$500 at risk).",
            "testCaseId": "costly",
            "integrationId": "airbnb",
            "exposure": 237.50,
            "moneyAtRisk": 500.00,
            "currency": "USD",
        },
        {
            "priority": "high",
            "message": "Fix “Test strong” first: Vrbo failed within 1 h after it "
            "in 10 of 11 cases (≈$50 at risk).",
            "testCaseId": "strong",
            "integrationId": "vrbo",
            "exposure": 42.75,
            "moneyAtRisk": 50.00,
            "currency": "USD",
        },
    ]
    assert [row["testCaseId"] for row in plain] == ["strong", "costly"]
    assert all(set(row) == PLAIN for row in plain)


def test_at_most_five_tests_are_recommended_each_once(api):
    for number in range(7):
        link(f"test-{number}", score=f"0.{number + 1}0")
    TestIntegrationCorrelation.objects.create(
        test_case_id="test-6",
        integration_id="vrbo",
        correlation_score="0.99",
        strength=0.99,
        correlation_type="high",
        pattern="simultaneous",
        confidence="1.00",
        trials=9,
        hits=9,
        expected=0.04,
        last_alarm_at=timezone.now(),
        last_correlated=timezone.now(),
    )

    answer = api.get(URL).json()

    assert [row["testCaseId"] for row in answer["recommendations"]] == [
        f"test-{number}" for number in (6, 5, 4, 3, 2)
    ]
    assert answer["correlations"][0]["preliminary"] is True
    assert answer["correlations"][0]["sentence"] == (
        "When this test failed, Vrbo began to fail within 2 min before or after "
        "in 9 of 9 cases; chance alone: 0.0."
    )


def test_flaky_and_always_failing_tests_are_tagged(api):
    flaky, broken = link("flaky", score="0.9"), link("broken", score="0.8")
    runs = [("flaky", n % 2 == 0) for n in range(12)] + [("broken", True)] * 12
    TestResult.objects.bulk_create(
        TestResult(
            test_case_id=test,
            source="ci",
            run_id=str(number),
            status="failed" if failed else "passed",
            executed_at=timezone.now() - timedelta(hours=number),
        )
        for number, (test, failed) in enumerate(runs)
    )

    answer = api.get(URL).json()["correlations"]

    assert [
        (row["testCaseId"], row["flaky"], row["alwaysFailing"]) for row in answer
    ] == [
        (flaky.test_case_id, "alternates", False),
        (broken.test_case_id, None, True),
    ]


def test_one_test_is_shown_with_every_integration(api):
    scene.announced_airbnb()
    scene.strangers()
    for day in range(3, 27, 8):
        scene.incident("vrbo", scene.at(day, 4))
    refresh_correlations(now=timezone.now(), as_of=scene.NOW)

    answer = api.get(f"{URL}/checkout").json()

    assert [
        (
            row["integrationId"],
            row["pattern"],
            row["trials"],
            row["hits"],
            row["notEnoughData"],
            row["matchesTotal"],
        )
        for row in answer["correlations"]
    ] == [
        ("airbnb", "test_failure_precedes_integration_failure", 15, 13, False, 15),
        ("booking-com", "none", 15, 0, True, 15),
        ("hmbn", "none", 15, 0, True, 15),
        ("vrbo", "none", 15, 0, False, 15),
    ]
    airbnb = answer["correlations"][0]
    assert airbnb["matches"][0] == {
        "alarmAt": "2026-01-31T17:00:00Z",
        "outcome": "hit",
        "failedAt": "2026-01-31T17:30:00Z",
        "lagSeconds": 1800,
    }
    assert [m["outcome"] for m in airbnb["matches"]].count("hit") == 13
    assert answer["correlations"][1]["sentence"] == (
        "Not enough data: Booking.com had no incident while this test ran."
    )


def test_a_test_without_alarms_has_not_enough_data(api):
    scene.known_test("suite/new [a]")

    answer = api.get(f"{URL}/suite/new%20[a]").json()

    assert answer["testCaseName"] == "Test suite/new [a]"
    assert {
        (row["pattern"], row["trials"], row["notEnoughData"], row["lastAlarmAt"])
        for row in answer["correlations"]
    } == {("none", 0, True, None)}


def test_an_unknown_test_is_not_found(api):
    answer = api.get(f"{URL}/nothing")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_test")


@pytest.mark.parametrize("test_case_id", ["a%00b", "x" * 5000, "%F0%9F%92%A5"])
def test_an_odd_id_is_not_found_either(api, test_case_id):
    assert api.get(f"{URL}/{test_case_id}").status_code == 404
