"""The inbox ranks open incidents by money, and lists the others newest first."""

import csv
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integration_health.incidents.actions import add_note
from integration_health.reports import inbox as inbox_report
from revenue.models import RevenueAssumption
from tests.pages.incidents import HOUR, PAGE, address, costly, incident, resolved
from tests.pages.test_links import link
from tests.pages.world import all_healthy, assume, text_of

pytestmark = pytest.mark.django_db


def names(page):
    """Return the channels of the open table, in order."""
    table = page.content.decode().split('id="open"')[1].split("</table>")[0]
    return re.findall(r'data-label="Integration">([^<]+)<', table)


def test_without_any_incident_the_inbox_is_calm(viewer):
    page = text_of(viewer.get(PAGE))

    assert "No open incidents. 30 days:" in page
    assert "Nothing is open. Bursts of failures appear here by themselves." in page
    assert "None in 30 days." in page


def test_open_incidents_are_ranked_by_money_and_the_first_line_says_it(lead):
    assume("airbnb", value="100.00", leakage="0.05")
    assume("vrbo", value="100.00", leakage="0.05")
    costly("airbnb", 1, severity="critical")
    costly("vrbo", 3)

    response = lead.get(PAGE)

    assert names(response) == ["Vrbo", "Airbnb"]
    assert (
        "2 open incidents. The worst, on Vrbo, cost about $15 so far, about $"
        in text_of(response)
    )
    assert "Cost of open incidents so far ≈$20" in text_of(response)


def test_without_the_right_money_is_absent_and_severity_ranks(viewer):
    all_healthy()
    assume("vrbo")
    incident("vrbo", ago=2 * HOUR)
    incident("airbnb", severity="critical")
    incident("hmbn", ago=HOUR)

    response = viewer.get(PAGE)

    assert names(response) == ["Airbnb", "HMBN", "Vrbo"]
    page = text_of(response)
    assert "3 open incidents, the most urgent on Airbnb." in page
    assert not re.search(r"\$|cost|money", page, re.IGNORECASE)


def test_failures_without_a_price_are_unknown_and_come_last(lead):
    incident("hmbn", severity="critical", event_types={"api_error": 5})
    costly("vrbo", 1)

    response = lead.get(PAGE)

    assert names(response) == ["Vrbo", "HMBN"]
    assert "1 of them has no price" in text_of(response)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("started", ["Vrbo", "Airbnb", "HMBN"]),
        ("-started", ["HMBN", "Airbnb", "Vrbo"]),
        ("integration", ["Airbnb", "HMBN", "Vrbo"]),
        ("-lasted", ["Vrbo", "Airbnb", "HMBN"]),
        ("severity", ["HMBN", "Vrbo", "Airbnb"]),
    ],
)
def test_the_reader_may_sort(viewer, sort, order):
    incident("vrbo", ago=9 * HOUR, lasted=3 * HOUR)
    incident("airbnb", ago=5 * HOUR, lasted=2 * HOUR, severity="critical")
    incident("hmbn", ago=3 * HOUR)

    response = viewer.get(f"{PAGE}?sort={sort}")

    assert names(response) == order
    head = f'aria-sort="{"descending" if sort[0] == "-" else "ascending"}"'
    assert response.content.decode().count(head) == 1


@pytest.mark.parametrize(
    "query", ["sort=-impact", "sort=name", "state=lost", "severity=low", "page_key=x"]
)
def test_what_the_page_does_not_know_leaves_the_address(viewer, query):
    response = viewer.get(f"{PAGE}?period=7d&{query}")

    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?period=7d")


def test_filters_narrow_both_lists_and_are_named_when_nothing_is_left(viewer):
    incident("airbnb")
    resolved(slug="vrbo", ago=30 * HOUR)

    vrbo = text_of(viewer.get(f"{PAGE}?integration=vrbo"))
    acknowledged = text_of(viewer.get(f"{PAGE}?state=acknowledged&severity=high"))
    over = text_of(viewer.get(f"{PAGE}?state=resolved&integration=airbnb"))

    assert "No open incident matches the filters." in vrbo
    assert "No open incidents match: Vrbo." in vrbo
    assert "Vrbo 60 min High Pricing sync error 5 Resolved · ana" in vrbo.replace(
        "1 h", "60 min"
    )
    assert "No open incidents match: Acknowledged, High." in acknowledged
    assert "Newest first" not in acknowledged
    assert "None match in 30 days: Resolved, Airbnb." in over


def test_withdrawn_incidents_are_listed_when_asked_for(viewer):
    incident(state="withdrawn", withdrawn_at=timezone.now())

    assert "Airbnb 1 h" not in text_of(viewer.get(PAGE))
    assert "Airbnb 1 h High Pricing sync error 5 Withdrawn" in text_of(
        viewer.get(f"{PAGE}?state=withdrawn")
    )


def test_those_that_are_over_come_newest_first_a_page_at_a_time(viewer):
    for n in range(51):
        resolved(ago=(n + 2) * HOUR, lasted=timedelta(minutes=n))

    first = viewer.get(PAGE)
    older = re.search(r'href="([^"]+)#over" rel="next"', first.content.decode())[1]
    second = viewer.get(PAGE + older.replace("&amp;", "&"))

    assert first.content.decode().count("<tr data-href>") == 50
    assert second.content.decode().count("<tr data-href>") == 1
    assert "50 min High" in text_of(second)
    assert 'rel="next"' not in second.content.decode()


def test_open_ones_stay_listed_whatever_the_period_others_do_not(viewer):
    incident("vrbo", ago=timedelta(days=40))
    resolved(slug="airbnb", ago=timedelta(days=40))

    response = viewer.get(f"{PAGE}?period=7d")

    assert names(response) == ["Vrbo"]
    assert "None in 7 days." in text_of(response)


def test_more_open_incidents_than_are_ranked_are_said(viewer, monkeypatch):
    monkeypatch.setattr(inbox_report, "MOST_UNRESOLVED", 2)
    for n in range(3):
        incident(ago=(n + 2) * HOUR)

    page = text_of(viewer.get(PAGE))

    assert "3 open incidents" in page
    assert "Ranked are the newest 2 of 3 open incidents." in page


def test_times_to_detect_and_recover_stand_beside_the_period_before(viewer):
    now = timezone.now()
    incident(ago=3 * HOUR)
    resolved(ago=5.1 * HOUR)
    incident(
        ago=timedelta(days=40),
        state="resolved",
        resolved_at=now - timedelta(days=40) + 2.1 * HOUR,
        detected_at=now - timedelta(days=40) + timedelta(minutes=9, seconds=30),
    )

    page = text_of(viewer.get(PAGE))

    assert (
        "Time to detect 4 min mean of 2 incidents; 9 min in the 30 days before" in page
    )
    assert (
        "Time to recover 5 h 5 min mean of 1 incident; 2 h 5 min in the 30 days before"
        in page
    )


@pytest.mark.parametrize(
    ("in_time", "shown"),
    [
        (
            0,
            "Time to detect — 1 incident, found in data that came more than a day late",
        ),
        (
            1,
            "Time to detect 4 min mean of 1 incident; 1 more in data that came a day late",
        ),
    ],
)
def test_incidents_in_data_of_the_past_leave_time_to_detect_alone(
    viewer, in_time, shown
):
    start = timezone.now() - timedelta(days=9)
    late = resolved(ago=timedelta(days=9), detected_at=start + timedelta(days=8))
    for _ in range(in_time):
        incident(ago=3 * HOUR)

    inbox, own = text_of(viewer.get(PAGE)), text_of(viewer.get(address(late)))

    assert shown in inbox
    assert "Time to detect — found in data that came more than a day late" in own


def test_money_that_cannot_be_read_leaves_the_rest_of_the_page(lead):
    assume("airbnb")
    costly("airbnb", 1)
    RevenueAssumption.objects.update(sealed=bytes(64))

    page = text_of(lead.get(PAGE))

    assert "Part of this page is missing" in lead.get(PAGE).content.decode()
    assert "1 open incident, on Airbnb." in page
    assert "Retry" in page


def test_the_overview_and_the_channel_lead_here(viewer):
    found = incident("airbnb")

    overview = viewer.get("/dashboard").content.decode()
    channel = viewer.get("/dashboard/integrations/airbnb").content.decode()

    assert f'<a href="{PAGE}?period=30d">Open incidents</a>' in overview
    assert f'href="{address(found)}"' in channel


@pytest.mark.parametrize("path", ["inbox", "incident"])
def test_pages_cost_the_same_queries_at_one_and_at_many(lead, path):
    assume("airbnb")
    first = costly("airbnb", 1)
    link("a")
    counts = []
    for many in (1, 20):
        for n in range(many):
            costly("airbnb", 1, ago=(n + 6) * HOUR)
            resolved(ago=(n + 5) * HOUR, previous=first)
            link(f"{many}-{n}")
            add_note(first.pk, text="seen", by="ana", now=timezone.now())
        shown = PAGE if path == "inbox" else address(first)
        lead.get(shown)
        with CaptureQueriesContext(connection) as asked:
            lead.get(shown)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 30


# The file


def lines_of(response):
    return list(csv.reader(response.getvalue().decode("utf-8-sig").splitlines()))


def test_the_file_has_every_incident_as_filtered_with_money_by_right(lead, viewer):
    assume("airbnb", value="100.00", leakage="0.05")
    costly("airbnb", 2)
    for n in range(51):
        resolved(slug="vrbo", ago=(n + 5) * HOUR, resolved_by="=ana")

    response = lead.get(f"{PAGE}/csv?period=7d")
    lines = lines_of(response)
    plain = lines_of(viewer.get(f"{PAGE}/csv?period=7d&integration=vrbo"))

    day = f"{timezone.now():%Y-%m-%d}"
    assert f'filename="qa-incidents-7d-{day}.csv"' in response["Content-Disposition"]
    opened = lines.index(["Open"])
    assert lines[opened + 1][-2:] == ["Cost so far ≈ USD", "Per hour ≈ USD"]
    assert lines[opened + 2][2:8] == [
        *("Airbnb", "high", "Pricing sync error", "5", "Open", "")
    ]
    assert lines[opened + 2][-2] == "10.00"
    over = lines[lines.index(["Resolved"]) + 2 :]
    assert (len(over), over[0][7]) == (51, "'=ana")
    assert ["Filters", "integration vrbo"] in plain
    assert len(plain[plain.index(["Resolved"]) + 1]) == 9
    assert plain[plain.index(["Open"]) + 2] == []


def test_the_file_of_open_ones_has_no_others(viewer):
    incident()
    resolved()

    lines = lines_of(viewer.get(f"{PAGE}/csv?state=open"))

    assert len(lines[lines.index(["Open"]) + 2 :]) == 1
    assert ["Resolved"] not in lines
