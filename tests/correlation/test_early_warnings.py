"""One alert per strong link and fresh alarm, closed when its window is over."""

from datetime import timedelta

import pytest

from correlation import early_warnings
from correlation.early_warnings import raise_early_warnings, warn_of
from correlation.enums import TestStatus
from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.models import Alarm, LinkFeedback, TestIntegrationCorrelation
from correlation.parsed import ParsedResult
from integration_health.models import Alert
from tests.correlation import scene

pytestmark = pytest.mark.django_db

NOW = scene.NOW
SENTENCE = (
    "When this test failed while Airbnb was healthy, Airbnb failed within 1 h "
    "in 10 of 11 cases; chance alone: 1.2."
)


def strong_link(test_case_id="checkout", **fields):
    return TestIntegrationCorrelation.objects.create(
        test_case=scene.known_test(test_case_id, name="Checkout"),
        integration_id="airbnb",
        **{
            "correlation_score": "0.81",
            "strength": 0.81,
            "correlation_type": "high",
            "pattern": "test_failure_precedes_integration_failure",
            "confidence": "0.80",
            "trials": 11,
            "hits": 10,
            "expected": 1.2,
            "last_correlated": NOW - timedelta(days=1),
        }
        | fields,
    )


def alarm(minutes_ago, test_case_id="checkout"):
    Alarm.objects.create(
        test_case_id=test_case_id, failed_at=NOW - minutes_ago * scene.MINUTE
    )


def test_a_fresh_alarm_on_a_strong_link_warns_once():
    strong_link()
    alarm(60)

    first = raise_early_warnings(now=NOW)
    second = raise_early_warnings(now=NOW)

    assert first == second == {"warnings": 1, "warnings_closed": 0}
    warning = Alert.objects.get()
    assert (warning.kind, warning.integration_id, warning.title, warning.body) == (
        "early_warning",
        "airbnb",
        "Checkout failed: Airbnb may fail within 1 h",
        SENTENCE,
    )
    assert warning.details == {
        "testCaseId": "checkout",
        "integrationId": "airbnb",
        "correlationScore": 0.81,
        "confidence": 0.8,
        "failedAt": "2026-02-03T23:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("link", "minutes_ago"),
    [
        pytest.param({"correlation_score": "0.80"}, 5, id="not above 0.8"),
        pytest.param({"confidence": "0.79"}, 5, id="not sure"),
        pytest.param({"pattern": "simultaneous"}, 5, id="announces nothing"),
        pytest.param({}, 61, id="its window is over"),
        pytest.param({}, -1, id="not yet"),
    ],
)
def test_other_alarms_do_not_warn(link, minutes_ago):
    strong_link(**link)
    alarm(minutes_ago)

    assert raise_early_warnings(now=NOW) == {"warnings": 0, "warnings_closed": 0}


def bring_failure(minutes_ago, test_case_id="checkout"):
    """Import one failed result, as its sender would."""
    result = ParsedResult(
        line=1,
        test_case_id=test_case_id,
        name="",
        status=TestStatus.FAILED,
        executed_at=NOW - minutes_ago * scene.MINUTE,
    )
    return import_results([result], run=Run("ci"), now=NOW)


def test_results_warn_as_soon_as_they_are_stored(django_capture_on_commit_callbacks):
    strong_link()
    with django_capture_on_commit_callbacks(execute=True):
        bring_failure(5)
    first = Alert.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        bring_failure(5)
        bring_failure(4)

    assert raise_early_warnings(now=NOW) == {"warnings": 1, "warnings_closed": 0}
    warning = Alert.objects.get()
    assert (warning.pk, warning.raised_at) == (first.pk, NOW)
    assert warning.details["failedAt"] == "2026-02-03T23:55:00+00:00"


@pytest.mark.parametrize("minutes_ago", [61, 72 * 60])
def test_results_of_long_ago_warn_of_nothing(
    minutes_ago, django_capture_on_commit_callbacks
):
    strong_link()

    with django_capture_on_commit_callbacks(execute=True):
        bring_failure(minutes_ago)

    assert not Alert.objects.exists()


def test_tests_without_a_strong_link_cost_two_questions(django_assert_num_queries):
    bring_failure(5)

    with django_assert_num_queries(2):
        assert warn_of(["checkout"], now=NOW) == 0


def test_a_warning_that_fails_leaves_the_results_stored(
    monkeypatch, django_capture_on_commit_callbacks
):
    def fails(**_):
        raise ConnectionError

    strong_link()
    monkeypatch.setattr(early_warnings, "raise_alert", fails)
    with django_capture_on_commit_callbacks(execute=True):
        done = bring_failure(5)
    monkeypatch.undo()

    assert (done.accepted, done.alarms) == (1, 1)
    assert raise_early_warnings(now=NOW)["warnings"] == 1


def test_an_alarm_while_the_channel_fails_announces_nothing():
    strong_link()
    alarm(5)
    scene.incident("airbnb", NOW - 10 * scene.MINUTE)

    assert raise_early_warnings(now=NOW)["warnings"] == 0


def test_a_rejected_link_does_not_warn():
    strong_link()
    alarm(5)
    LinkFeedback.objects.create(
        test_case_id="checkout", integration_id="airbnb", confirmed=False, actor="ana"
    )

    assert raise_early_warnings(now=NOW)["warnings"] == 0


def test_a_warning_is_closed_after_its_window_and_kept():
    strong_link()
    alarm(5)
    raise_early_warnings(now=NOW)

    later = raise_early_warnings(now=NOW + timedelta(hours=1))

    assert later == {"warnings": 0, "warnings_closed": 1}
    assert Alert.objects.get().closed_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("links", [1, 3])
def test_warnings_take_the_same_questions_however_many(
    links, django_assert_max_num_queries
):
    for number in range(links):
        strong_link(f"test-{number}")
        alarm(5, f"test-{number}")
    raise_early_warnings(now=NOW)

    with django_assert_max_num_queries(6 + 2 * links):
        raise_early_warnings(now=NOW)
