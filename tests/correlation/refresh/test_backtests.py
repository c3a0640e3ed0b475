"""Rolling origin over stored evidence: no peeking, repeatable, answered by the API."""

from datetime import timedelta

import numpy as np
import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from correlation.models import Backtest, LinkFeedback, TestCase
from correlation.refresh import run_backtest
from correlation.storage.evidence import read_evidence
from tests.correlation import scene

pytestmark = pytest.mark.django_db

URL = "/api/v1/correlation/backtest"


@pytest.fixture
def api():
    client = APIClient()
    client.force_authenticate(User.objects.create_user("viewer"))
    return client


def test_links_of_the_morning_announce_the_days_failures(api):
    scene.announced_airbnb()
    scene.strangers()

    run_backtest(now=scene.NOW)

    answer = api.get(URL).json()
    assert (answer["asOf"], answer["judgedFrom"], answer["judgedTo"]) == (
        "2026-02-04T00:00:00Z",
        "2026-01-06T00:00:00Z",
        "2026-02-04T00:00:00Z",
    )
    every = answer["rows"][0]
    known_from_the_fourth_on = 13 - every["announced"]
    assert 3 <= known_from_the_fourth_on <= 5
    assert every == {
        "windowSeconds": 3600,
        "threshold": 0.0,
        "incidents": 13,
        "announced": every["announced"],
        "alarms": every["announced"] + 1,
        "falseAlarms": 1,
        "precision": round(1 - 1 / (every["announced"] + 1), 3),
        "recall": round(every["announced"] / 13, 3),
        "medianLeadSeconds": 1800,
        "falseAlarmsPerWeek": 0.2,
        "sentence": f"Would have announced {every['announced']} of 13 incidents, "
        "median 30 min before.",
    }


def test_a_day_is_judged_by_what_lay_before_it(api):
    scene.announced_airbnb()
    scene.strangers()
    past = scene.at(20)
    first = run_backtest(now=past).rows
    for hour in range(1, 99, 9):
        scene.incident("airbnb", past + timedelta(hours=hour))
    later = [past + timedelta(hours=hour, minutes=-30) for hour in range(1, 99, 9)]
    for name in ("checkout", "stranger-3"):
        scene.failures(TestCase.objects.get(test_case_id=name), later)

    again = run_backtest(now=past).rows

    assert again == first


def test_evidence_before_a_moment_is_what_was_read_then():
    scene.announced_airbnb()
    scene.strangers()
    scene.incident("vrbo", scene.at(14, 23), minutes=180)
    moment = scene.at(15)

    cut = read_evidence(until=scene.NOW).before(int(moment.timestamp()))
    then = read_evidence(until=moment)

    assert (cut.start(3600), cut.end) == (then.start(3600), then.end)
    for name in ("integrations", "starts", "ends"):
        assert np.array_equal(getattr(cut.episodes, name), getattr(then.episodes, name))
    (group,), (group_then,) = cut.groups, then.groups
    assert np.array_equal(group.alarms.moments, group_then.alarms.moments)


def test_the_same_moment_is_kept_once_and_old_ones_go():
    scene.announced_airbnb()
    run_backtest(now=scene.NOW - timedelta(days=401))

    run_backtest(now=scene.NOW)
    run_backtest(now=scene.NOW)

    assert [test.as_of for test in Backtest.objects.all()] == [scene.NOW]


def test_no_backtest_yet_and_what_people_said(api):
    scene.known_test("checkout")
    for integration, confirmed in [
        ("airbnb", True),
        ("airbnb", False),
        ("vrbo", True),
        ("hmbn", True),
    ]:
        LinkFeedback.objects.create(
            test_case_id="checkout",
            integration_id=integration,
            confirmed=confirmed,
            actor="ana",
        )

    assert api.get(URL).json() == {
        "asOf": None,
        "judgedFrom": None,
        "judgedTo": None,
        "rows": [],
        "linksConfirmed": 2,
        "linksRejected": 1,
    }
