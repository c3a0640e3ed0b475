"""Tests and failures: links, one test's page, and what people say of a link."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from correlation.enums import LinkType, Pattern
from correlation.models import (
    Backtest,
    LinkFeedback,
    TestCase,
    TestIntegrationCorrelation,
    TestSource,
)
from tests.pages.world import all_healthy, fail, text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/correlation/test-integration"


def link(test, integration="airbnb", pattern=Pattern.PRECEDES, score="0.91", n=12):
    now = timezone.now()
    source, _new = TestSource.objects.get_or_create(name="nightly")
    case, _new = TestCase.objects.get_or_create(
        test_case_id=test,
        defaults={
            "name": f"Test <{test}>",
            "source": source,
            "first_seen_at": now - timedelta(days=60),
            "last_seen_at": now,
        },
    )
    return TestIntegrationCorrelation.objects.create(
        test_case=case,
        integration_id=integration,
        correlation_score=Decimal(score),
        correlation_type=LinkType.HIGH,
        pattern=pattern,
        confidence=Decimal("0.95"),
        strength=float(score),
        trials=n,
        hits=n - 2,
        expected=0.4,
        p_value=0.001,
        q_value=0.01,
        median_lag_seconds=2280,
        last_alarm_at=now - timedelta(days=1),
        last_correlated=now,
        evidence_from=now - timedelta(days=60),
        evidence_to=now,
    )


def test_before_any_result_the_page_says_what_to_send(viewer):
    page = text_of(viewer.get(PAGE))

    assert "No test results have come in yet." in page
    assert "Send results of your tests: JUnit files or result lines." in page


def test_before_any_result_those_who_may_send_some_are_led_there(viewer, engineer):
    upload = '<a class="button primary" href="/admin/correlation/testresult/upload/">'

    assert upload in engineer.get(PAGE).content.decode()
    assert upload not in viewer.get(PAGE).content.decode()


def test_links_are_rows_with_their_evidence(viewer):
    all_healthy()
    link("checkout/pay")
    link("late", integration="vrbo", pattern=Pattern.FOLLOWS, score="0.60", n=6)

    page = text_of(viewer.get(PAGE))

    assert "1 test fails shortly before a channel does." in page
    assert (
        "Test <checkout/pay> Airbnb 0.91 High fails before 95.0 % "
        "10 of 12, median 38 min before"
    ) in page
    assert (
        "Test <late> preliminary Vrbo 0.60 High fails after 95.0 % "
        "4 of 6, median 38 min after"
    ) in page


def backtested(*changes):
    row = {
        "window_seconds": 3600,
        "threshold": 0.3,
        "incidents": 9,
        "announced": 7,
        "alarms": 10,
        "false_alarms": 2,
        "median_lead_seconds": 2280,
        "weeks": 4.0,
    }
    Backtest.objects.create(
        as_of=timezone.now(),
        judged_from=datetime(2026, 1, 1, tzinfo=UTC),
        judged_to=datetime(2026, 1, 31, tzinfo=UTC),
        rows=[row | change for change in changes],
    )


def test_the_backtest_tells_what_would_have_been_announced(viewer):
    assert "What the links would have announced" not in text_of(viewer.get(PAGE))
    nothing = {"announced": 0, "alarms": 0, "false_alarms": 0}
    backtested({}, {"threshold": 0.8, "median_lead_seconds": None} | nothing)

    page = text_of(viewer.get(PAGE))

    assert (
        "What the links would have announced Would have announced 7 of 9 incidents, "
        "median 38 min before. From 1 Jan to 30 Jan each day was judged by the links that "
        "were known when it began. Links Announced Median lead Came true False a week "
        "Score 0.3 and up 7 of 9 38 min 80.0 % 0.5 Score 0.8 and up 0 of 9 — — 0.0 "
        "Blind spots"
    ) in page


def test_windows_that_differ_are_told_apart_and_words_of_people_counted(viewer):
    backtested({"window_seconds": 1800, "announced": 6}, {})
    case = link("a").test_case
    for integration, confirmed in (("airbnb", True), ("vrbo", False)):
        LinkFeedback.objects.create(
            test_case=case, integration_id=integration, confirmed=confirmed, actor="ann"
        )

    page = text_of(viewer.get(PAGE))

    assert "Would have announced 7 of 9 incidents, median 38 min before." in page
    assert "links (1 confirmed, 1 rejected) changes no figure here." in page
    assert (
        "Score 0.3 and up 30 min 6 of 9 38 min 80.0 % 0.5 "
        "Score 0.3 and up 1 h 7 of 9 38 min 80.0 % 0.5" in page
    )


def test_filters_narrow_and_are_named_when_nothing_is_left(viewer):
    link("a")
    link("b", integration="vrbo", score="0.40", n=5)

    default = text_of(viewer.get(PAGE))
    all_scores = text_of(viewer.get(f"{PAGE}?min_score=0"))
    without_thin = text_of(viewer.get(f"{PAGE}?min_score=0&preliminary=hide"))
    nothing = text_of(viewer.get(f"{PAGE}?integration=hmbn"))

    assert ("Test <b>" in default, "Test <b>" in all_scores) == (False, True)
    assert "Test <b>" not in without_thin
    assert "No link with a score of at least 0.5 matches." in nothing


def test_money_in_advice_needs_the_right(viewer, lead):
    all_healthy()
    fail("airbnb", 3)
    link("a")

    seen, shown = text_of(viewer.get(PAGE)), text_of(lead.get(PAGE))

    assert "Fix “Test <a>” first" in seen
    assert ("$" in seen, "$" in shown) == (False, True)


def test_ids_with_slashes_have_a_page(viewer):
    link("suite/checkout/pay")

    page = text_of(viewer.get(f"{PAGE}/suite/checkout/pay?integration=airbnb"))

    assert "Test <suite/checkout/pay>" in page
    assert "Airbnb: fails before" in page
    assert "Not enough data: Vrbo had no incident while this test ran." in page
    assert "Confirm" not in page


def test_an_unknown_test_is_not_there(viewer):
    assert viewer.get(f"{PAGE}/nothing").status_code == 404


def test_a_person_confirms_a_link_and_it_shows(engineer):
    link("a")
    given = {"test": "a", "integration": "airbnb", "verdict": "confirm"}

    response = engineer.post("/dashboard/correlation/feedback", given, follow=True)

    stored = LinkFeedback.objects.get()
    assert (stored.confirmed, stored.actor) == (True, "qa-engineer")
    assert "your word is kept" in text_of(response)
    assert "confirmed" in text_of(response)


def test_feedback_on_nothing_is_refused_in_words(engineer):
    given = {"test": "gone", "integration": "airbnb", "verdict": "confirm"}

    response = engineer.post("/dashboard/correlation/feedback", given, follow=True)

    assert "There is no such test." in text_of(response)
    assert LinkFeedback.objects.count() == 0


def test_viewers_may_not_judge(viewer):
    assert viewer.post("/dashboard/correlation/feedback", {}).status_code == 403


def test_blind_spots_are_failures_no_test_watches(viewer):
    all_healthy()
    fail("vrbo", 2)
    link("a")

    page = text_of(viewer.get(PAGE))

    assert "Vrbo Pricing sync error 2" in page


@pytest.mark.parametrize(
    ("sort", "tests"),
    [
        ("", ["b", "c", "A"]),
        ("&sort=test", ["A", "b", "c"]),
        ("&sort=integration", ["A", "c", "b"]),
        ("&sort=score", ["A", "c", "b"]),
    ],
)
def test_links_are_sorted_as_asked(viewer, sort, tests):
    link("A", integration="airbnb", score="0.60")
    link("b", integration="vrbo", score="0.90")
    link("c", integration="hmbn", score="0.70")

    page = viewer.get(f"{PAGE}?min_score=0{sort}").content.decode()

    table = page.split('id="links-heading"')[1].split("</table>")[0]
    assert re.findall(r"Test &lt;(\w)&gt;", table) == tests
    assert table.count("aria-sort=") == 1


def test_an_unknown_order_leaves_the_address(viewer):
    response = viewer.get(f"{PAGE}?period=7d&sort=q_value")

    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?period=7d")
