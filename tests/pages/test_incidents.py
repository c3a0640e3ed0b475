"""The inbox ranks open incidents by money; an incident's page says what to do about it."""

import csv
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from correlation.models import Alarm
from integration_health.incidents.actions import (
    acknowledge,
    add_note,
    link_ticket,
    resolve,
)
from integration_health.models import Incident, IncidentEntry, IncidentTicket
from integration_health.reports import inbox as inbox_report
from revenue.models import RevenueAssumption
from tests.pages.test_links import link
from tests.pages.world import all_healthy, assume, fail, text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/incidents"
HOUR = timedelta(hours=1)


def incident(slug="airbnb", ago=3 * HOUR, lasted=HOUR, severity="high", **changes):
    start = timezone.now() - ago
    given = {
        "state": "open",
        "event_types": {"pricing_sync_error": 5},
        "occurrences": 5,
        "detected_at": start + timedelta(minutes=4, seconds=30),
    } | changes
    return Incident.objects.create(
        integration_id=slug,
        started_at=start,
        ended_at=start + lasted,
        severity=severity,
        **given,
    )


def resolved(**changes):
    now = timezone.now()
    given = {"state": "resolved", "resolved_at": now, "resolved_by": "ana"}
    return incident(**given | changes)


def costly(slug, failures, **changes):
    """Return an incident of an hour with so many failures in it."""
    found = incident(slug, **changes)
    ago = timezone.now() - found.ended_at + timedelta(minutes=1)
    for n in range(failures):
        fail(slug, message=f"kind {chr(ord('a') + n)}", ago=ago)
    return found


def names(page):
    """Return the channels of the open table, in order."""
    table = page.content.decode().split('id="open"')[1].split("</table>")[0]
    return re.findall(r'data-label="Integration">([^<]+)<', table)


def address(found):
    return f"{PAGE}/{found.pk}"


def act(client, found, action, **fields):
    return client.post(address(found), {"action": action, **fields}, follow=True)


# The inbox


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
    assert "Vrbo 60 min High Pricing sync error 5 Resolved ana" in vrbo.replace(
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


# One incident


def test_the_first_line_says_what_happened_and_where_it_stands(viewer):
    found = incident(event_types={"api_error": 1, "pricing_sync_error": 4})

    page = text_of(viewer.get(address(found)))

    assert (
        "Airbnb failed 5 times within 1 h: pricing sync error, API error. "
        "Open: nobody has acknowledged it yet."
    ) in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lasted": timedelta()}, "Airbnb failed 5 times at one moment: pricing"),
        (
            {"lasted": timedelta(), "occurrences": 1},
            "Airbnb failed 1 time: pricing sync error.",
        ),
        (
            {"state": "resolved", "resolved_at": "now"},
            "Resolved by itself, after a week without failures.",
        ),
        (
            {"state": "resolved", "resolved_at": "now", "resolved_by": "ana"},
            "Resolved by ana, just now.",
        ),
        (
            {
                "state": "acknowledged",
                "acknowledged_at": "now",
                "acknowledged_by": "jo",
            },
            "Open: jo acknowledged it just now.",
        ),
        (
            {"state": "withdrawn", "withdrawn_at": "now"},
            "Withdrawn: late data took its evidence away.",
        ),
    ],
)
def test_every_state_has_its_words(viewer, changes, words):
    now = timezone.now()
    found = incident(**{k: now if v == "now" else v for k, v in changes.items()})

    assert words in text_of(viewer.get(address(found)))


def test_cost_is_explained_and_adds_up(lead):
    assume("airbnb", value="100.00", leakage="0.05")
    found = costly("airbnb", 2)
    fail("airbnb", message="another day's", ago=timedelta(minutes=20))

    page = text_of(lead.get(address(found)))
    explained = text_of(lead.get(f"{address(found)}/explain/cost"))

    assert "Cost so far Explain Cost so far ≈$10 Between $6.00 and $14" in page
    assert "Cost of an incident on Airbnb, explained" in explained
    assert re.search(
        r"2 of the day's \d failures, which put \$\d+\.00 at risk", explained
    )
    assert "Booking value $100.00, leakage 5.0 %: set for it since" in explained
    assert explained.count("$10.00") == 2


def test_an_unknown_cost_says_why(lead):
    found = incident(event_types={"api_error": 5})

    page = text_of(lead.get(address(found)))
    explained = text_of(lead.get(f"{address(found)}/explain/cost"))

    assert "Failures of these kinds have no price." in page
    assert "The cost is unknown. Failures of these kinds have no price." in explained


def test_money_needs_the_right(viewer):
    assume("airbnb")
    found = costly("airbnb", 1)

    assert not re.search(r"\$|cost", text_of(viewer.get(address(found))), re.IGNORECASE)
    assert viewer.get(f"{address(found)}/explain/cost").status_code == 403


def test_what_goes_with_it_is_on_the_page(viewer):
    all_healthy()
    earlier = incident(ago=30 * HOUR)
    found = costly("airbnb", 2, previous=earlier)
    link("checkout")
    Alarm.objects.create(
        test_case_id="checkout", failed_at=found.started_at - timedelta(minutes=38)
    )
    link_ticket(
        found.pk, key="CHAN-7", url="https://t.example/7", by="ana", now=timezone.now()
    )

    page = text_of(viewer.get(address(found)))
    html = viewer.get(address(found)).content.decode()

    assert "Test <checkout> 38 min before 0.91" in page
    assert "CHAN-7 ana" in page
    assert 'href="https://t.example/7" rel="noreferrer"' in html
    assert f'href="{address(earlier)}"' in html
    assert "Pricing sync error" in page.split("Events while it lasted")[1]
    assert "about 2 events" not in page.lower()


def test_events_outside_the_span_are_left_out(viewer):
    found = incident(ago=5 * HOUR, lasted=HOUR)
    fail("airbnb", message="inside", ago=timedelta(hours=4, minutes=30))
    fail("airbnb", message="outside", ago=timedelta(hours=3, minutes=30))

    page = text_of(viewer.get(address(found)))

    assert ("inside" in page, "outside" in page) == (True, False)


def test_event_filters_work_without_a_period(viewer):
    found = incident()

    page = viewer.get(f"{address(found)}?severity=low")

    assert "No events match: severity Low. Clear filters" in text_of(page)
    assert f'href="{address(found)}#events"' in page.content.decode()


def test_an_incident_with_nothing_beside_it_says_so(viewer):
    page = text_of(viewer.get(address(incident())))

    for words in (
        "Nobody has done anything about it yet.",
        "No ticket is linked.",
        "It repeats no incident of the week before, and none repeats it so far.",
        "No events are kept of that time.",
        "No test failed in the hour before.",
    ):
        assert words in page


def test_an_unknown_incident_is_not_there(viewer, engineer):
    unknown = f"{PAGE}/00000000-0000-0000-0000-000000000000"

    assert viewer.get(unknown).status_code == 404
    assert engineer.post(unknown, {"action": "acknowledge"}).status_code == 404


def test_without_revenue_there_is_no_money(lead, settings):
    assume("airbnb")
    found = costly("airbnb", 1)
    settings.REVENUE_IMPACT_ENABLED = False

    for path in (PAGE, address(found)):
        assert not re.search(r"\$|cost", text_of(lead.get(path)), re.IGNORECASE)


def test_without_correlation_there_are_no_tests(viewer, settings):
    settings.CORRELATION_ENABLED = False

    page = text_of(viewer.get(address(incident())))

    assert "Tests that failed in the hour before" not in page
    assert "Tests linked with this channel" not in page


# What people do


def test_viewers_see_no_forms_and_may_not_act(viewer):
    found = incident()

    assert 'name="action"' not in viewer.get(address(found)).content.decode()
    assert act(viewer, found, "acknowledge").status_code == 403
    found.refresh_from_db()
    assert found.state == "open"


def test_acknowledging_is_told_and_twice_changes_nothing(engineer):
    found = incident()

    first = text_of(act(engineer, found, "acknowledge"))
    second = text_of(act(engineer, found, "acknowledge"))

    assert "Acknowledged: you look after it." in first
    assert "Acknowledged qa-engineer" in first
    assert "qa-engineer has acknowledged it already." in second
    assert IncidentEntry.objects.count() == 1


def test_resolving_keeps_the_reason(engineer):
    found = incident()

    page = text_of(act(engineer, found, "resolve", text="Token renewed"))

    assert "Resolved. It opens again if it goes on failing." in page
    assert "Resolved qa-engineer Token renewed" in page
    found.refresh_from_db()
    assert (found.state, found.resolved_by) == ("resolved", "qa-engineer")


def test_what_somebody_else_did_meanwhile_is_said(engineer):
    found, now = incident(), timezone.now()
    acknowledge(found.pk, by="ana", now=now)
    resolve(found.pk, by="ana", now=now)

    again = text_of(act(engineer, found, "resolve", text="me too"))
    late = text_of(act(engineer, found, "acknowledge"))

    assert "ana has resolved it already. Your words were not kept; add a note." in again
    assert "This incident is resolved already." in late
    assert not IncidentEntry.objects.filter(actor="qa-engineer").exists()


def test_acting_on_a_withdrawn_incident_is_refused_in_words(engineer):
    found = incident(state="withdrawn", withdrawn_at=timezone.now())

    page = text_of(act(engineer, found, "resolve"))

    assert "This incident was withdrawn: late data took its evidence away." in page


def test_assigning_to_a_person_and_to_nobody(engineer):
    found = incident()

    given = text_of(act(engineer, found, "assign", person="qa-engineer"))
    taken = text_of(act(engineer, found, "assign", person=""))

    assert "Assigned to qa-engineer." in given
    assert "Assigned to nobody." in taken
    found.refresh_from_db()
    assert found.assigned_to is None


def test_only_those_who_may_act_can_be_assigned(engineer):
    User.objects.create_user("stranger")
    found = incident()

    response = engineer.post(address(found), {"action": "assign", "person": "stranger"})

    assert response.status_code == 422
    assert "Select a valid choice." in response.content.decode()
    assert IncidentEntry.objects.count() == 0


def test_notes_join_the_timeline(engineer):
    found = incident()

    page = text_of(act(engineer, found, "note", text="Looking <b>now</b>"))

    assert "Your note is on the timeline." in page
    assert "Note qa-engineer Looking <b>now</b>" in page


def test_a_wrong_form_is_shown_again_with_the_error_beside_its_field(engineer):
    found = incident()

    response = engineer.post(
        address(found), {"action": "ticket", "key": "CHAN-7", "url": "javascript:1"}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#ticket-url"' in page
    assert 'id="ticket-url_error"' in page
    assert "Write the whole address, beginning with https://." in page
    assert 'value="CHAN-7"' in page
    assert '<details class="disclosure" id="ticket" open>' in page
    assert IncidentTicket.objects.count() == 0


@pytest.mark.parametrize(
    ("action", "fields", "field"),
    [
        ("note", {"text": " "}, "note-text"),
        ("note", {"text": "x" * 4001}, "note-text"),
        ("resolve", {"text": "nul \0"}, "resolve-text"),
        ("ticket", {"key": "", "url": "https://t.example/1"}, "ticket-key"),
        ("ticket", {"key": "k" * 51, "url": "https://t.example/1"}, "ticket-key"),
        ("ticket", {"key": "k", "url": "https://t.example/" + "1" * 500}, "ticket-url"),
    ],
)
def test_bad_input_changes_nothing_and_names_its_field(engineer, action, fields, field):
    found = incident()

    response = engineer.post(address(found), {"action": action, **fields})

    assert response.status_code == 422
    assert f'href="#{field}"' in response.content.decode()
    assert (IncidentEntry.objects.count(), IncidentTicket.objects.count()) == (0, 0)


def test_a_ticket_is_linked_once_and_another_address_is_refused(engineer):
    found = incident()
    given = {"key": "CHAN-7", "url": "https://t.example/7"}

    first = text_of(act(engineer, found, "ticket", **given))
    again = text_of(act(engineer, found, "ticket", **given))
    other = text_of(
        act(engineer, found, "ticket", key="CHAN-7", url="https://t.example/8")
    )

    assert "CHAN-7 is linked." in first
    assert "CHAN-7 is linked already." in again
    assert "with another address: https://t.example/7." in other
    assert IncidentTicket.objects.count() == 1


@pytest.mark.parametrize("action", ["", "explode"])
def test_unknown_deeds_change_nothing(engineer, action):
    found = incident()

    response = engineer.post(address(found), {"action": action})

    assert response["Location"] == address(found)
    found.refresh_from_db()
    assert (found.state, IncidentEntry.objects.count()) == ("open", 0)


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
