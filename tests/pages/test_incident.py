"""An incident's page says what happened, what goes with it, and lets people act."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from correlation.models import Alarm
from integration_health.incidents.actions import acknowledge, link_ticket, resolve
from integration_health.models import IncidentEntry, IncidentTicket
from tests.pages.incidents import HOUR, PAGE, address, costly, incident
from tests.pages.test_links import link
from tests.pages.world import all_healthy, assume, fail, text_of

pytestmark = pytest.mark.django_db


def act(client, found, action, **fields):
    return client.post(address(found), {"action": action, **fields}, follow=True)


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
    day = re.search(
        r"2 of the day's (\d) failures, which put \$(\d+)\.00 at risk", explained
    )
    assert int(day[2]) == 5 * int(day[1])
    assert "Booking value $100.00, leakage 5.0 %: set for it since" in explained
    assert explained.replace(day[0], "").count("$10.00") == 2


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


def undo_address(response):
    """Return where the page's one undo button leads."""
    (found,) = re.findall(
        r'action="(/dashboard/[^"]+/undo/[^"]+)"', response.content.decode()
    )
    return found


def stands(found):
    found.refresh_from_db()
    return (
        found.state,
        found.acknowledged_at,
        found.acknowledged_by,
        found.resolved_at,
        found.resolved_by,
    )


def told(found):
    return [*found.entries.order_by("at", "id").values_list("action", "actor")]


@pytest.mark.parametrize("first", ["open", "acknowledged"])
def test_undoing_a_resolution_brings_back_the_state_before(engineer, first):
    found = incident()
    if first == "acknowledged":
        acknowledge(found.pk, by="jo", now=timezone.now())
    before, lines = stands(found), told(found)

    undone = engineer.post(
        undo_address(act(engineer, found, "resolve", text="Fixed")), follow=True
    )

    assert "Undone: the incident is back as it was." in text_of(undone)
    assert "Resolution undone" in text_of(engineer.get(address(found)))
    assert stands(found) == before
    assert told(found) == [
        *lines,
        ("resolved", "qa-engineer"),
        ("unresolved", "qa-engineer"),
    ]


def test_undoing_an_acknowledgement_opens_it_again(engineer):
    found = incident()

    engineer.post(undo_address(act(engineer, found, "acknowledge")))

    assert stands(found) == ("open", None, "", None, "")
    assert told(found) == [
        ("acknowledged", "qa-engineer"),
        ("unacknowledged", "qa-engineer"),
    ]


def test_undo_is_refused_in_words_once_the_state_went_on(engineer):
    found = incident()
    old = undo_address(act(engineer, found, "acknowledge"))
    new = undo_address(act(engineer, found, "resolve"))
    before = stands(found)

    refused = engineer.post(old, follow=True)

    assert "The incident was changed since; nothing was undone." in text_of(refused)
    assert stands(found) == before
    engineer.post(new)
    assert "nothing was undone" in text_of(engineer.post(new, follow=True))


def test_a_note_in_between_does_not_prevent_undo(engineer):
    found = incident()
    address_of_undo = undo_address(act(engineer, found, "acknowledge"))
    act(engineer, found, "note", text="Looking")

    engineer.post(address_of_undo)

    assert stands(found)[0] == "open"


def test_a_note_is_no_state_to_undo(engineer):
    found = incident()
    act(engineer, found, "note", text="Looking")
    note = found.entries.get()

    refused = engineer.post(f"{address(found)}/undo/{note.pk}", follow=True)

    assert "nothing was undone" in text_of(refused)
    assert found.entries.get() == note


def test_viewers_may_not_undo(engineer, viewer):
    found = incident()
    undo = undo_address(act(engineer, found, "acknowledge"))

    assert viewer.post(undo).status_code == 403
    assert stands(found)[0] == "acknowledged"
