"""From stored alarms and incidents to links, whole and repeatable."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from correlation.models import Alarm, TestIntegrationCorrelation
from correlation.refresh import refresh_correlations
from qa_observability.lib.errors import InvalidField
from tests.correlation import scene

pytestmark = pytest.mark.django_db

SHOWN = [
    "test_case_id",
    "integration_id",
    "pattern",
    "correlation_type",
    "trials",
    "hits",
    "median_lag_seconds",
    "window_seconds",
    "evidence_from",
    "evidence_to",
    "last_alarm_at",
    "last_correlated",
]


def stored(*fields):
    return list(
        TestIntegrationCorrelation.objects.order_by(
            "test_case_id", "integration_id"
        ).values_list(*(fields or [f.attname for f in _FIELDS]))
    )


_FIELDS = [
    field
    for field in TestIntegrationCorrelation._meta.concrete_fields
    if field.name != "updated_at"
]


def test_a_test_that_fails_before_a_channel_is_linked_to_it():
    scene.announced_airbnb()
    scene.strangers()

    summary = refresh_correlations(now=scene.NOW)

    assert stored(*SHOWN) == [
        (
            "checkout",
            "airbnb",
            "test_failure_precedes_integration_failure",
            "high",
            15,
            13,
            1800,
            3600,
            scene.INCIDENT_STARTS[0] - 60 * scene.MINUTE,
            scene.NOW,
            scene.INCIDENT_STARTS[-1] - 30 * scene.MINUTE,
            scene.INCIDENT_STARTS[-1] - 30 * scene.MINUTE,
        )
    ]
    link = TestIntegrationCorrelation.objects.get()
    assert link.expected == pytest.approx(0.21, abs=0.01)  # 0.3 at any hours
    assert Decimal("0.70") < link.correlation_score < Decimal("0.90")
    assert link.confidence == Decimal("1.00")
    assert summary == {
        "as_of": "2026-02-04T00:00:00Z",
        "evidence_from": "2026-01-07T17:30:00Z",
        "tests": 11,
        "integrations": 4,
        "alarms": 15 + 80,  # the strangers' first are older than what is known
        "incidents": 13,
        "links": 1,
        "announcing": 1,
        "removed": 0,
    }


def test_a_second_refresh_changes_nothing():
    scene.announced_airbnb()
    scene.strangers()
    refresh_correlations(now=scene.NOW)
    before = stored()

    refresh_correlations(now=scene.NOW)

    assert stored() == before


def test_a_link_whose_evidence_left_goes():
    scene.announced_airbnb()
    refresh_correlations(now=scene.NOW)
    Alarm.objects.all().delete()

    summary = refresh_correlations(now=scene.NOW)

    assert (summary["links"], summary["removed"], stored("pk")) == (0, 1, [])


def test_later_data_cannot_change_a_past_answer():
    scene.announced_airbnb()
    scene.strangers()
    past = scene.at(22)
    Alarm.objects.filter(failed_at__gte=past).delete()
    refresh_correlations(now=past)
    before = stored(*SHOWN, "strength", "confidence", "expected", "p_value")
    case = scene.known_test("late")
    scene.failures(case, [past + timedelta(hours=h) for h in range(1, 99, 7)])
    for hour in range(1, 99, 9):
        scene.incident("airbnb", past + timedelta(hours=hour))
        scene.incident("vrbo", past + timedelta(hours=hour))

    refresh_correlations(now=scene.NOW, as_of=past)

    assert stored(*SHOWN, "strength", "confidence", "expected", "p_value") == before


def test_an_incident_still_going_on_is_seen_as_it_was():
    scene.announced_airbnb()
    scene.incident("airbnb", scene.at(26), minutes=60 * 24 * 3)
    refresh_correlations(now=scene.NOW, as_of=scene.at(27))
    before = stored("trials", "hits", "strength")
    scene.incident("airbnb", scene.at(28))

    refresh_correlations(now=scene.NOW, as_of=scene.at(27))

    assert stored("trials", "hits", "strength") == before


def test_a_refresh_that_fails_leaves_the_previous_answers():
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE test_integration_correlations "
            "ADD CONSTRAINT refuses CHECK (trials > 14)"
        )
    scene.announced_airbnb()
    refresh_correlations(now=scene.NOW)
    before = stored()
    Alarm.objects.filter(failed_at__lt=scene.at(10)).delete()

    with pytest.raises(IntegrityError):
        refresh_correlations(now=scene.NOW)

    assert stored() == before


def test_a_full_refresh_derives_the_alarms_anew():
    scene.announced_airbnb()
    scene.strangers()
    refresh_correlations(now=scene.NOW)
    before = stored()
    Alarm.objects.all().delete()

    refresh_correlations(now=scene.NOW, full=True)

    assert stored() == before


def test_each_source_has_its_own_window():
    nightly = scene.source("nightly", window_seconds=12 * 3600)
    for day in range(2, 27, 2):
        scene.incident("vrbo", scene.at(day, 9, 30))
    slow = scene.known_test("nightly-sync", of=nightly)
    scene.failures(slow, [scene.at(day, 2) for day in range(2, 27, 2)])
    scene.strangers()

    refresh_correlations(now=scene.NOW)

    assert stored("test_case_id", "integration_id", "hits", "window_seconds") == [
        ("nightly-sync", "vrbo", 13, 43200)
    ]


def test_a_window_given_judges_all_tests_alike():
    scene.announced_airbnb(minutes=50)
    scene.strangers()

    refresh_correlations(now=scene.NOW, window_seconds=1800)
    assert stored("pk") == []

    refresh_correlations(now=scene.NOW, window_seconds=7200)
    assert stored("test_case_id", "hits", "window_seconds") == [("checkout", 13, 7200)]


@pytest.mark.parametrize("window", [299, 259_201])
def test_a_window_out_of_range_is_refused(window):
    with pytest.raises(InvalidField) as refusal:
        refresh_correlations(now=scene.NOW, window_seconds=window)

    assert refusal.value.detail == (
        "window_seconds: must be from 300 (5 minutes) to 259200 (72 hours)."
    )


@pytest.mark.parametrize("window", [300, 259_200])
def test_the_edges_of_the_window_are_fine(window):
    assert refresh_correlations(now=scene.NOW, window_seconds=window)["links"] == 0


def test_a_moment_in_the_future_is_refused():
    with pytest.raises(InvalidField, match="as_of: must not be in the future"):
        refresh_correlations(now=scene.NOW, as_of=scene.NOW + scene.MINUTE)


def test_nothing_known_gives_no_links():
    assert refresh_correlations(now=scene.NOW) == {
        "as_of": "2026-02-04T00:00:00Z",
        "evidence_from": "2026-02-04T00:00:00Z",
        "tests": 0,
        "integrations": 4,
        "alarms": 0,
        "incidents": 0,
        "links": 0,
        "announcing": 0,
        "removed": 0,
    }


def test_withdrawn_incidents_and_disabled_channels_say_nothing():
    scene.announced_airbnb()
    for day in range(2, 27, 2):
        scene.incident("vrbo", scene.at(day), state="withdrawn", withdrawn_at=scene.NOW)

    summary = refresh_correlations(now=scene.NOW)

    assert summary["incidents"] == 13
