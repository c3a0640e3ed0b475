"""The list of tests by API: pages, filters, money by right."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from rest_framework.test import APIClient

from tests.correlation.scene import known_test

URL = "/api/v1/correlation/tests"

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    cache.clear()  # the throttle counts across tests
    return User.objects.create_user("quinn", password="a-long-password")


@pytest.fixture
def api(user):
    client = APIClient(raise_request_exception=False)
    client.force_login(user)
    return client


def test_a_test_is_told_without_money(api):
    known_test("t", name="Airbnb: fees")

    answer = api.get(URL).json()

    (item,) = answer.pop("tests")
    assert answer["total"] == answer["unmapped"] == 1
    assert answer["nextCursor"] is None
    assert answer["flakyDefinition"].startswith("Flaky:")
    assert item == {
        "testCaseId": "t",
        "name": "Airbnb: fees",
        "source": "ci",
        "integrationId": None,
        "suggestedIntegrationId": "airbnb",
        "firstRunAt": "2026-01-05T00:00:00Z",
        "lastRunAt": "2026-02-04T00:00:00Z",
        "lastStatus": None,
        "history": [],
        "flaky": None,
        "alwaysFailing": False,
    }


def test_money_is_told_to_those_who_may_see_it(api, user):
    user.user_permissions.add(Permission.objects.get(codename="view_money"))
    known_test("t")

    assert api.get(URL).json()["tests"][0]["guardValue"] == 0


def test_cursors_lead_through_all_pages(api):
    for test in "abc":
        known_test(test)

    first = api.get(URL, {"limit": 2}).json()
    second = api.get(URL, {"limit": 2, "cursor": first["nextCursor"]}).json()

    assert [item["testCaseId"] for item in first["tests"] + second["tests"]] == [
        "a",
        "b",
        "c",
    ]
    assert second["nextCursor"] is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("integration=ebay", 404),
        ("period=1d", 400),
        ("unmapped=perhaps", 400),
        ("cursor=x", 400),
        ("limit=0", 400),
        ("sort=name", 400),
        ("source=cy", 400),
    ],
)
def test_a_wrong_parameter_is_refused(query, status, api):
    assert api.get(f"{URL}?{query}").status_code == status


@pytest.mark.parametrize(
    ("tests", "known"), [(["t"], "ci"), ([], "none")], ids=["one known", "none known"]
)
def test_an_unknown_source_is_refused_naming_those_known(tests, known, api):
    for test in tests:
        known_test(test)

    answer = api.get(URL, {"source": "cy"})

    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "field": "source",
            "code": "invalid_choice",
            "detail": f"must be one of {known}.",
        }
    ]


def test_tests_are_narrowed_to_a_source(api):
    known_test("mine")

    assert len(api.get(URL, {"source": "ci"}).json()["tests"]) == 1


def test_a_stranger_sees_nothing(db):
    assert APIClient().get(URL).status_code == 401
