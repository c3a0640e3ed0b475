"""Blind spots: where channels fail and no test watches, with money by right."""

import csv
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from correlation.models import TestCase, TestSource
from revenue.models import RevenueAssumption
from tests.pages.test_links import link
from tests.pages.world import CHANNELS, assume, fail, text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/correlation/blind-spots"


def matrix(response):
    """Return the cells of the matrix by channel, as one reads them, hatched ones marked."""
    table = response.content.decode().split('<table class="matrix">')[1]
    rows = table.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    return {
        re.search(r">([^<]+)</a>", row)[1]: [
            ("# " if 'class="hatched"' in cell else "")
            + " ".join(re.sub(r"<[^>]+>", " ", cell.partition(">")[2]).split())
            for cell in row.split("<td")[1:]
        ]
        for row in rows
    }


def test_without_failures_there_is_nothing_to_watch_for(viewer):
    page = text_of(viewer.get(PAGE))

    assert "Nothing failed in the last 30 days." in page
    assert "Nothing failed in 30 days: there is nothing to watch for." in page


def test_all_watched_is_one_calm_sentence(viewer):
    fail("airbnb", 1)
    link("a")

    page = text_of(viewer.get(PAGE))

    assert "Every channel that failed is watched by a test." in page
    assert "What to do first" not in page


def test_failures_that_no_test_watches_are_hatched(viewer):
    fail("airbnb", 1)
    fail("vrbo", 2, ago=timedelta(minutes=40))
    fail("vrbo", 1, event_type="api_error")
    link("a")

    response = viewer.get(PAGE)

    assert matrix(response) == {
        "Booking.com": ["0", "none", "none"],
        "Airbnb": ["1", "none", "1 failure"],
        "Vrbo": ["0", "# 1 failure not watched", "# 2 failures not watched"],
        "HMBN": ["0", "none", "none"],
    }
    page = text_of(response)
    assert (
        "2 blind spots: they failed 3 times in the last 30 days while no test watched."
        in page
    )
    assert (
        "Write a test for Vrbo, pricing sync error: it failed 2 times unwatched. "
        "Write a test for Vrbo, API error: it failed 1 time unwatched."
    ) in page


def test_money_ranks_the_advice_and_needs_the_right(viewer, lead):
    assume("airbnb", value="100.00", leakage="0.05")
    assume("vrbo", value="1000.00", leakage="0.05")
    fail("airbnb", 2, ago=timedelta(minutes=40))
    fail("vrbo", 1)
    fail("vrbo", 1, event_type="api_error")

    seen, shown = text_of(viewer.get(PAGE)), text_of(lead.get(PAGE))

    assert not re.search(r"\$|at risk", seen, re.IGNORECASE)
    assert "3 blind spots: about $60 at risk in the last 30 days" in shown
    assert re.search(
        r"Vrbo, pricing sync error: it failed 1 time unwatched \(≈\$50 at risk\)\. "
        r"Write a test for Airbnb, pricing sync error: it failed 2 times unwatched "
        r"\(≈\$10 at risk\)\. Write a test for Vrbo, API error",
        shown,
    )
    assert matrix(lead.get(PAGE))["Vrbo"] == [
        "0",
        "# 1 failure not watched",
        "# ≈$50 1 failure not watched",
    ]


def test_tests_that_watch_no_channel_are_named(viewer):
    fail("airbnb", 1)
    now = timezone.now()
    source = TestSource.objects.create(name="nightly")
    for name in ("x", "y"):
        TestCase.objects.create(
            test_case_id=name,
            name=name,
            source=source,
            first_seen_at=now,
            last_seen_at=now,
        )

    assert "2 tests that ran in the last 30 days watch no channel" in text_of(
        viewer.get(PAGE)
    )


def test_the_period_decides_what_counts(viewer):
    fail("vrbo", 1, ago=timedelta(days=20))

    assert "1 blind spot" in text_of(viewer.get(PAGE))
    assert "Nothing failed in the last 7 days." in text_of(
        viewer.get(f"{PAGE}?period=7d")
    )


def test_an_unknown_period_leaves_the_address(viewer):
    assert viewer.get(f"{PAGE}?period=8d")["Location"] == PAGE


def test_money_that_cannot_be_read_leaves_the_matrix(lead):
    assume("vrbo")
    fail("vrbo", 1)
    RevenueAssumption.objects.update(sealed=bytes(64))

    response = lead.get(PAGE)

    assert "Part of this page is missing" in response.content.decode()
    assert matrix(response)["Vrbo"] == ["0", "# 1 failure not watched"]


def test_the_file_has_the_rows_of_the_page(lead, viewer):
    assume("vrbo", value="1000.00", leakage="0.05")
    fail("vrbo", 1)

    response = lead.get(f"{PAGE}/csv?period=7d")
    lines = list(csv.reader(response.getvalue().decode("utf-8-sig").splitlines()))
    plain = viewer.get(f"{PAGE}/csv").getvalue().decode()

    day = f"{timezone.now():%Y-%m-%d}"
    assert f'filename="qa-blind-spots-7d-{day}.csv"' in response["Content-Disposition"]
    assert lines[-2:] == [
        ["Integration", "What failed", "Watched", "Failures", "At risk ≈ USD"],
        ["Vrbo", "Pricing sync error", "no", "1", "50.00"],
    ]
    assert ("At risk" in plain, "at risk" in plain) == (False, False)


def test_the_page_of_tests_leads_here(viewer):
    page = viewer.get("/dashboard/correlation/test-integration").content.decode()

    assert f'href="{PAGE}"' in page


def test_the_page_costs_the_same_queries_at_one_and_at_many(lead):
    assume("airbnb")
    counts = []
    for many in (1, 3):
        for slug in CHANNELS[:many]:
            fail(slug, many, message="x" * many)
            link(f"{slug}-{many}", integration="hmbn")
        lead.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            lead.get(PAGE)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 30
