"""The most urgent incident comes first, and times say how they are counted."""

from datetime import UTC, datetime, timedelta

import pytest

from integration_health.incidents.actions import acknowledge, add_note, link_ticket
from integration_health.models import Incident
from integration_health.reports.incident_filters import IncidentFilters
from integration_health.reports.incident_times import (
    LATE,
    IncidentTimes,
    SourceCount,
    mean_times,
)
from integration_health.reports.incidents import (
    TicketLink,
    TimelineEntry,
    incident_detail,
    incidents_page,
    open_incidents,
)
from qa_observability.lib.errors import NotFound
from qa_observability.lib.ids import uuid7
from qa_observability.lib.periods import Period

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = Period.WEEK.window(ending=NOW)


def incident(hours, severity="high", state="open", slug="airbnb", **changes):
    start = NOW - hours * HOUR
    moments = {
        "acknowledged": {"acknowledged_at": NOW, "acknowledged_by": "ana"},
        "resolved": {"resolved_at": start + 2 * HOUR, "resolved_by": "ana"},
        "withdrawn": {"withdrawn_at": NOW},
    }
    return Incident.objects.create(
        integration_id=slug,
        started_at=start,
        ended_at=start + HOUR,
        severity=severity,
        state=state,
        detected_at=start + timedelta(minutes=1),
        **moments.get(state, {}),
        **changes,
    )


def test_open_and_critical_come_first_then_the_newest():
    resolved = incident(2, "critical", "resolved")
    acknowledged = incident(3, "critical", "acknowledged")
    high = incident(4)
    newer = incident(5, "critical")
    older = incident(6, "critical", slug="vrbo")
    incident(1, "critical", "withdrawn")

    page = incidents_page(WEEK)

    assert [each.id for each in page.incidents] == [
        each.pk for each in (newer, older, high, acknowledged, resolved)
    ]


def test_pages_follow_one_another():
    for hours in range(1, 6):
        incident(hours, "critical" if hours % 2 else "high")

    seen, after = [], None
    for _ in range(3):
        page = incidents_page(WEEK, after=after, limit=2)
        seen += [each.id for each in page.incidents]
        after = page.next_key

    assert after is None
    assert seen == [each.id for each in incidents_page(WEEK).incidents]


def test_old_ones_stay_listed_while_they_are_open():
    still_open = incident(24 * 30)
    incident(24 * 30, state="resolved")

    assert [each.id for each in incidents_page(WEEK).incidents] == [still_open.pk]


@pytest.mark.parametrize(
    "filters",
    [
        pytest.param({"integration_id": "vrbo"}),
        pytest.param({"severity": "critical"}),
        pytest.param({"state": "withdrawn"}),
    ],
)
def test_incidents_are_filtered(filters):
    incident(1)
    wanted = incident(
        2,
        filters.get("severity", "high"),
        filters.get("state", "open"),
        filters.get("integration_id", "airbnb"),
    )

    page = incidents_page(WEEK, filters=IncidentFilters(**filters))

    assert [each.id for each in page.incidents] == [wanted.pk]


def test_times_are_means_over_what_started_in_the_window():
    incident(1, detected_by="splunk")
    incident(5, state="resolved")
    incident(24 * 30, state="resolved")

    assert incidents_page(WEEK).times == IncidentTimes(
        incidents=2,
        detected=2,
        mean_seconds_to_detect=60,
        resolved=1,
        mean_seconds_to_recover=7200,
        detected_by=[SourceCount("api", 1), SourceCount("splunk", 1)],
    )


@pytest.mark.parametrize(
    ("after", "detected"),
    [
        pytest.param(LATE, 1, id="a day after its last failure"),
        pytest.param(LATE + timedelta(seconds=1), 0, id="later"),
    ],
)
def test_what_was_found_in_data_of_the_past_says_nothing_of_detection(after, detected):
    found = incident(100)
    Incident.objects.update(detected_at=found.ended_at + after)

    (times,) = mean_times([WEEK], IncidentFilters())

    expected = HOUR + after if detected else None
    assert (times.begun, times.detected, times.to_detect) == (1, detected, expected)


def test_detail_tells_who_did_what():
    known = incident(1)
    recurrence = incident(0, previous=known)
    acknowledge(known.pk, by="ana", now=NOW)
    add_note(known.pk, text="Called them", by="ben", now=NOW + HOUR)
    link_ticket(
        known.pk, key="QA-7", url="https://jira.test/QA-7", by="ben", now=NOW + HOUR
    )

    detail = incident_detail(known.pk)

    assert (detail.tickets, detail.ticket_links, detail.recurrences) == (
        ["QA-7"],
        [TicketLink("QA-7", "https://jira.test/QA-7", "ben")],
        [recurrence.pk],
    )
    assert detail.timeline == [
        TimelineEntry(NOW, "ana", "acknowledged", ""),
        TimelineEntry(NOW + HOUR, "ben", "noted", "Called them"),
        TimelineEntry(NOW + HOUR, "ben", "ticket_linked", "QA-7"),
    ]


def test_unknown_incident_is_not_found():
    with pytest.raises(NotFound):
        incident_detail(uuid7())


@pytest.mark.parametrize("number", [1, 3])
def test_pages_take_four_queries(number, django_assert_num_queries):
    for hours in range(number):
        incident(hours)

    with django_assert_num_queries(4):
        incidents_page(WEEK)
    with django_assert_num_queries(2):
        open_incidents(["airbnb"])
