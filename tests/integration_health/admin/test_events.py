"""Events are found, added and put right in the admin, and everything follows."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from integration_health.incidents import sweep
from integration_health.ingest.events import EventInput, ingest_events
from integration_health.models import (
    EventDay,
    Incident,
    IntegrationEvent,
    MaintenanceWindow,
)
from qa_observability.models import AuditEntry
from tests.integration_health.storage.oracle import expected_rollups, stored_rollups

LIST = "/admin/integration_health/integrationevent/"


def ingest(number=1, hours=1, **changes):
    values = {"integration_id": "airbnb", "event_type": "api_error", "severity": "low"}
    message = changes.pop("message", "fault {}")
    now = timezone.now()
    ingest_events(
        [
            EventInput(
                line=n,
                message=message.format(n),
                occurred_at=now - timedelta(hours=hours, seconds=n),
                **(values | changes),
            )
            for n in range(number)
        ],
        source="api",
        actor="pipeline",
        now=now,
    )


def listed(answer):
    return [event.message for event in answer.context["cl"].result_list]


def sent(moment=None, **changes):
    moment = moment or timezone.now() - timedelta(minutes=1)
    return {
        "integration": "airbnb",
        "event_type": "booking_loss",
        "severity": "critical",
        "occurred_at_0": f"{moment:%Y-%m-%d}",
        "occurred_at_1": f"{moment:%H:%M:%S}",
        "occurrences": "2",
        "message": "Guest ana@example.com called",
        "metadata": "{}",
    } | changes


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", ["fault 0"], id="two days"),
        pytest.param("?period=7d", ["fault 0", "week"]),
        pytest.param("?period=90d", ["fault 0", "week", "quarter"]),
        pytest.param("?period=90d&q=quart", ["quarter"], id="search"),
        pytest.param("?period=90d&severity=critical", ["week"]),
        pytest.param("?period=90d&integration__slug__exact=vrbo", ["quarter"]),
        pytest.param("?event_type=booking_loss", []),
        pytest.param("?source=splunk", []),
    ],
)
def test_events_are_searched_and_filtered(boss, query, found):
    ingest()
    ingest(hours=24 * 5, severity="critical")
    IntegrationEvent.objects.filter(severity="critical").update(message="week")
    ingest(hours=24 * 80, integration_id="vrbo")
    IntegrationEvent.objects.filter(integration="vrbo").update(message="quarter")

    assert listed(boss.get(LIST + query)) == found


def test_date_hierarchy_keeps_to_the_day(boss):
    ingest()
    ingest(hours=24 * 80, integration_id="vrbo")
    day = IntegrationEvent.objects.get(integration="vrbo").occurred_on

    answer = boss.get(
        f"{LIST}?occurred_on__year={day.year}&occurred_on__month={day.month}"
        f"&occurred_on__day={day.day}"
    )

    assert [event.integration_id for event in answer.context["cl"].result_list] == [
        "vrbo"
    ]


def test_dates_on_offer_come_from_the_rollups(boss):
    ingest()
    ingest(hours=24 * 80)
    days = sorted(EventDay.objects.values_list("day", flat=True))
    parts = {"occurred_on__month": days[0].month, "occurred_on__year": days[0].year}

    months, of_month = (
        boss.get(LIST, query).context["cl"].day_choices() for query in ({}, parts)
    )

    assert [choice["link"] for choice in months["choices"]] == [
        f"?occurred_on__month={day.month}&occurred_on__year={day.year}" for day in days
    ]
    assert [choice["link"] for choice in of_month["choices"]] == [
        "?" + urlencode({"occurred_on__day": days[0].day} | parts)
    ]
    assert (months["back"], of_month["back"]["link"]) == (None, "?")


def test_list_counts_no_further_than_its_last_page(boss, monkeypatch):
    monkeypatch.setattr("integration_health.admin.events.MOST_COUNTED", 3)
    ingest(5)

    assert boss.get(LIST).context["cl"].result_count == 3


@pytest.mark.parametrize("events", [1, 3])
def test_list_costs_the_same_for_any_number(boss, events, django_assert_num_queries):
    ingest(events)
    boss.get(LIST)

    with django_assert_num_queries(7):
        boss.get(LIST)


def test_the_page_of_a_new_event_asks_only_what_a_person_knows(boss):
    page = boss.get(f"{LIST}add/")

    assert "DatabaseDefault" not in page.content.decode()
    assert not list(page.context["adminform"].readonly_fields)


def test_added_event_comes_in_by_the_one_verb(boss):
    answer = boss.post(f"{LIST}add/", sent(), follow=True)

    event = IntegrationEvent.objects.get()
    assert (event.message, event.source, event.actor, event.occurrences) == (
        "Guest [email] called",
        "manual",
        "ana",
        2,
    )
    assert answer.status_code == 200
    assert Incident.objects.get().origin == "manual"
    assert stored_rollups() == expected_rollups(timezone.now())


def test_equal_event_may_be_added_twice(boss):
    same = sent()
    for _ in range(2):
        boss.post(f"{LIST}add/", same)

    assert IntegrationEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"event_type": "Booking"}, "event_type"),
        pytest.param({"severity": "urgent"}, "severity"),
        pytest.param({"occurred_at_0": "2126-01-01"}, "occurred_at"),
        pytest.param({"occurred_at_0": "2020-01-01"}, "occurred_at"),
        pytest.param({"occurrences": "0"}, "occurrences"),
        pytest.param({"metadata": "{"}, "metadata"),
        pytest.param({"message": "x" * 8001}, "message"),
    ],
)
def test_wrong_event_is_marked(boss, changes, field):
    answer = boss.post(f"{LIST}add/", sent(**changes))

    assert set(answer.context["adminform"].form.errors) == {field}
    assert not IntegrationEvent.objects.exists()


def test_event_put_right_moves_its_rollups(boss):
    ingest(3)
    event = IntegrationEvent.objects.order_by("message").first()
    url = reverse("admin:integration_health_integrationevent_change", args=[event.pk])
    moved = (timezone.now() - timedelta(days=9)).replace(microsecond=0)
    assert boss.get(url).status_code == 200

    boss.post(url, sent(moved, integration="vrbo"))

    event.refresh_from_db()
    assert (event.integration_id, event.severity) == ("airbnb", "critical")
    assert event.occurred_at == moved
    assert stored_rollups() == expected_rollups(timezone.now())
    assert AuditEntry.objects.get(action="event.changed").actor_name == "ana"


@pytest.mark.parametrize(
    ("hours", "marked"),
    [
        pytest.param(2, True, id="into maintenance"),
        pytest.param(4, False, id="out of it"),
    ],
)
def test_event_moved_lies_in_maintenance_where_it_is_now(boss, hours, marked):
    now = timezone.now().replace(microsecond=0)
    MaintenanceWindow.objects.create(
        title="Upgrade",
        starts_at=now - timedelta(hours=3),
        ends_at=now - timedelta(hours=1),
    )
    ingest(hours=6 - hours)
    event = IntegrationEvent.objects.get()
    assert event.in_maintenance is not marked

    boss.post(f"{LIST}{event.pk}/change/", sent(now - timedelta(hours=hours)))

    event.refresh_from_db()
    assert event.in_maintenance is marked
    assert stored_rollups() == expected_rollups(timezone.now())


def test_incidents_of_too_many_events_to_wait_for_are_left_to_the_sweep(
    boss, monkeypatch
):
    monkeypatch.setattr("integration_health.incidents.search.MOST_AT_ONCE", 1)
    for _ in range(2):
        boss.post(f"{LIST}add/", sent())
    at_once = Incident.objects.get().occurrences
    sweep(timezone.now())

    assert (at_once, Incident.objects.get().occurrences) == (2, 4)


@pytest.mark.parametrize(
    ("severity", "searched"),
    [pytest.param("medium", 0), pytest.param("high", 1)],
)
def test_only_severe_events_are_searched_for_incidents(
    boss, monkeypatch, severity, searched
):
    ingest(severity=severity)
    days = []
    monkeypatch.setattr(
        "integration_health.incidents.search.recompute",
        lambda slugs, first, last, now: days.append((slugs, first, last)),
    )
    event = IntegrationEvent.objects.get()

    boss.post(f"{LIST}{event.pk}/delete/", {"post": "yes"})

    day = event.occurred_on
    assert days == [(["airbnb"], day, day)] * searched


def test_deleted_events_take_rollups_and_incidents_with_them(boss):
    boss.post(f"{LIST}add/", sent())
    ingest(2)
    chosen = IntegrationEvent.objects.filter(source="manual")

    boss.post(
        LIST,
        {
            "action": "delete_selected",
            "_selected_action": [str(event.pk) for event in chosen],
            "post": "yes",
        },
    )

    assert EventDay.objects.get().event_type == "api_error"
    assert not Incident.objects.exists()
    assert stored_rollups() == expected_rollups(timezone.now())


def test_a_search_pages_through_what_it_found_once(
    admin_client, django_assert_max_num_queries
):
    ingest(130)
    ingest(5, event_type="booking_loss", hours=2)

    with django_assert_max_num_queries(20) as queries:
        second = admin_client.get(LIST, {"q": "api_error", "p": "2"})

    assert second.context["cl"].result_count == 130
    assert listed(second) == [f"fault {n}" for n in range(100, 130)]
    searches = [each["sql"] for each in queries if "LIKE" in each["sql"]]
    assert len([sql for sql in searches if "LIMIT 10000" in sql]) == 1
    assert not [sql for sql in searches if "COUNT(" in sql]


def test_a_search_that_takes_too_long_is_stopped_and_says_what_to_do(
    admin_client, monkeypatch
):
    monkeypatch.setattr("integration_health.admin.events.LONGEST_SEARCH_MS", 1)
    ingest(3_000, message="x" * 8_000)

    page = admin_client.get(LIST, {"q": "needle"})

    assert (page.status_code, listed(page)) == (200, [])
    assert "The search was stopped after 5 seconds." in page.content.decode()
