"""Rollups are what the rows add up to, whatever happened to the rows and in what order."""

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from integration_health.domain.failures import fingerprint
from integration_health.ingest.events import EventInput, ingest_events
from integration_health.models import (
    BurstDay,
    EventDay,
    EventHour,
    Failure,
    IntegrationEvent,
    MaintenanceWindow,
)
from integration_health.refresh.event_days import check_event_day, rebuild_event_days
from integration_health.refresh.maintenance import reach_of, remark_maintenance
from integration_health.storage.maintenance import maintenance_spans
from integration_health.storage.partitions import ensure_partitions
from qa_observability.lib.periods import Window
from tests.integration_health.storage.oracle import expected_rollups, stored_rollups

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SLUGS = ("airbnb", "vrbo")
TYPES = ("api_error", "booking_loss")
SEVERITIES = ("low", "high", "critical")


def random_event(chance, line):
    """One of few messages, around midnight more often than elsewhere; a third windows."""
    moment = NOW - chance.choice([0.2, 0.5, 1, 1.001, 2, 9]) * DAY
    moment -= timedelta(seconds=chance.randrange(-900, 900))
    values = {
        "integration_id": chance.choice(SLUGS),
        "event_type": chance.choice(TYPES),
        "severity": chance.choice(SEVERITIES),
        "message": f"{chance.choice(['refused', 'timed out'])} {chance.randrange(9)}",
        "occurrences": chance.choice([1, 1, 2, 40]),
    }
    if chance.random() < 0.33:
        start = moment - chance.choice([0.02, 1, 5, 30]) * HOUR
        return EventInput(line=line, window_start=start, window_end=moment, **values)
    return EventInput(line=line, occurred_at=moment, **values)


def ingest(events, batch_id=None):
    return ingest_events(events, source="api", actor="", now=NOW, batch_id=batch_id)


def edit(chance, event):
    """Change an event as the admin does: any field, its day included."""
    event.event_type = chance.choice(TYPES)
    event.severity = chance.choice(SEVERITIES)
    event.message = chance.choice(["edited 1", "refused 3"])
    event.occurrences = chance.choice([1, 7])
    if event.window_start is None:
        event.occurred_at -= chance.choice([0, 1, 26]) * HOUR
    event.occurred_on = event.occurred_at.date()
    event.fingerprint = fingerprint(
        event.integration_id, event.event_type, event.severity, event.message
    )
    event.in_maintenance = False
    event.save()


def plan(chance):
    start = NOW - chance.choice([10, 24, 30]) * HOUR
    window = MaintenanceWindow.objects.create(
        integration_id=chance.choice([None, *SLUGS]),
        title="Upgrade",
        starts_at=start,
        ends_at=start + chance.choice([0.5, 3, 20]) * HOUR,
        **chance.choice(
            [{}, {"recurrence": "daily", "repeats_until": start + 3 * DAY}]
        ),
        time_zone=chance.choice(["UTC", "America/New_York"]),
    )
    remark_maintenance(window.integration_id, reach_of(window), NOW)


def call_off(chance):
    window = chance.choice(list(MaintenanceWindow.objects.all()) or [None])
    if window is not None:
        window.delete()
        remark_maintenance(window.integration_id, reach_of(window), NOW)


def act(chance):
    """Do one of the things that happen to events."""
    events = list(IntegrationEvent.objects.all())
    deed = chance.choice(["ingest", "ingest", "edit", "delete", "undo", "plan", "off"])
    if deed == "ingest" or not events:
        ingest([random_event(chance, n) for n in range(chance.randrange(1, 30))])
    elif deed == "edit":
        edit(chance, chance.choice(events))
        remark_maintenance(None, reach_of_all(), NOW)
    elif deed == "delete":
        chance.choice(events).delete()
    elif deed == "undo":
        IntegrationEvent.objects.filter(pk__in=[e.pk for e in events[::3]]).delete()
    elif deed == "plan":
        plan(chance)
    else:
        call_off(chance)


def reach_of_all():
    return Window(NOW - 20 * DAY, NOW + DAY)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_rollups_agree_with_the_rows_after_anything(seed):
    chance = random.Random(seed)
    for _ in range(14):
        act(chance)
        assert stored_rollups() == expected_rollups(NOW)


@pytest.mark.django_db
def test_last_event_takes_its_rollups_with_it():
    ingest([random_event(random.Random(1), n) for n in range(20)])

    IntegrationEvent.objects.all().delete()

    assert not any(rollup.objects.exists() for rollup in (EventDay, EventHour, Failure))


@pytest.mark.django_db
def test_equal_windows_of_one_batch_fail_as_often_as_the_largest():
    ingest(
        EventInput(
            integration_id="airbnb",
            event_type="api_error",
            severity="high",
            occurrences=occurrences,
            window_start=NOW - HOUR,
            window_end=NOW,
        )
        for occurrences in (2, 5, 3)
    )

    day = EventDay.objects.get()

    assert (day.rows, day.occurrences, day.failures) == (3, 10, 5)
    assert stored_rollups() == expected_rollups(NOW)


@pytest.mark.django_db
def test_severe_changes_of_a_day_ask_for_a_new_search():
    moment = NOW - HOUR
    values = {"integration_id": "airbnb", "event_type": "api_error"}
    ingest([EventInput(severity="low", occurred_at=moment, **values)])
    assert not BurstDay.objects.exists()

    ingest([EventInput(severity="high", occurred_at=moment, **values)])
    seen = [BurstDay.objects.get().revision]
    IntegrationEvent.objects.filter(severity="high").delete()
    seen.append(BurstDay.objects.get().revision)

    assert seen == [1, 2]


@pytest.mark.django_db
def test_check_repairs_a_day_that_disagrees_and_says_so():
    ingest([random_event(random.Random(2), n) for n in range(50)])
    slug, day = EventDay.objects.values_list("integration_id", "day").first()
    agreed = check_event_day(slug, day).agreed
    EventDay.objects.filter(integration=slug, day=day).update(rows=99)

    disagreed, repaired = (check_event_day(slug, day).agreed for _ in range(2))

    assert (agreed, disagreed, repaired) == (True, False, True)
    assert stored_rollups() == expected_rollups(NOW)


@pytest.mark.django_db
def test_days_whose_events_left_by_age_keep_what_they_were():
    ingest([random_event(random.Random(3), n) for n in range(5)])
    old = (NOW - 100 * DAY).date()
    EventDay.objects.create(
        integration_id="airbnb", day=old, event_type="api_error", severity="low", rows=7
    )

    rebuild_event_days([("airbnb", old)])

    assert EventDay.objects.get(day=old).rows == 7


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("low", "high", "spans"),
    [
        pytest.param(0, 1, 1, id="inside the first"),
        pytest.param(1, 24, 0, id="between two, ends excluded"),
        pytest.param(24, 25, 1, id="the second"),
        pytest.param(0, 24 * 30, 3, id="all three"),
        pytest.param(24 * 3, 24 * 4, 0, id="after the last"),
        pytest.param(-5, 0, 0, id="before the first"),
        pytest.param(23, 24.01, 1, id="reaching into the second"),
    ],
)
def test_recurring_maintenance_is_expanded(low, high, spans):
    MaintenanceWindow.objects.create(
        title="Nightly",
        starts_at=NOW,
        ends_at=NOW + HOUR,
        recurrence="daily",
        repeats_until=NOW + 3 * DAY,
    )
    found = maintenance_spans(Window(NOW + low * HOUR, NOW + high * HOUR))

    assert len(found) == spans


FAULTS_OF_A_MINUTE = """
    INSERT INTO integration_events (id, integration_id, event_type, severity, occurred_at,
        occurred_on, dedup_key, fingerprint, source)
    SELECT gen_random_uuid(), 'airbnb', 'api_error', 'low', minute,
        (minute AT TIME ZONE 'UTC')::date, minute || '-' || n, decode(md5(n::text), 'hex'),
        'api'
    FROM generate_series(%s::timestamptz, %s, interval '1 minute') minute,
        generate_series(1, 4) n
"""


def rows_read(statement, events):
    """Run a statement on some events; return how many stored events its triggers read."""
    with connection.cursor() as cursor:
        before = _read(cursor)
        with transaction.atomic():
            cursor.execute(
                f"{statement} WHERE id = ANY(%s) AND occurred_on = ANY(%s)",
                [[each.pk for each in events], [each.occurred_on for each in events]],
            )
            return _read(cursor) - before


def _read(cursor):
    """How many rows of events this transaction has read, in any way."""
    cursor.execute(
        """SELECT sum(pg_stat_get_xact_tuples_returned(oid)
            + pg_stat_get_xact_tuples_fetched(oid))
        FROM pg_class
        WHERE relname LIKE 'integration_events%' OR oid IN (
            SELECT indexrelid FROM pg_index JOIN pg_class c ON c.oid = indrelid
            WHERE c.relname LIKE 'integration_events%')"""
    )
    return int(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "number", "most"),
    [
        pytest.param("DELETE FROM integration_events", 1, 200, id="a deletion"),
        pytest.param(
            "UPDATE integration_events SET occurrences = 2", 1, 200, id="edit"
        ),
        pytest.param(
            "UPDATE integration_events SET severity = 'high'", 1, 200, id="its kind"
        ),
        pytest.param("DELETE FROM integration_events", 20, 1_000, id="twenty"),
    ],
)
def test_a_correction_reads_the_ten_minutes_it_touches_not_the_day(
    statement, number, most
):
    ensure_partitions([NOW.date(), (NOW - DAY).date()])
    midnight = NOW.replace(hour=0)
    with connection.cursor() as cursor:
        cursor.execute(FAULTS_OF_A_MINUTE, [midnight, midnight + 24 * HOUR - MINUTE])
        cursor.execute("ANALYZE integration_events")
    events = list(IntegrationEvent.objects.newest_first()[:: 5_760 // number])

    read = rows_read(statement, events)

    assert (len(events), IntegrationEvent.objects.count() >= 5_700) == (number, True)
    assert 0 < read < most


def in_threads(*works):
    """Run each in a thread with a connection of its own; raise what any raised."""
    failed = []

    def run(work):
        try:
            work()
        except Exception as failure:  # noqa: BLE001  told to the test below
            failed.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_concurrent_writers_editors_and_repairs_leave_rollups_true():
    def write(seed):
        chance = random.Random(seed)
        for _ in range(12):
            ingest([random_event(chance, n) for n in range(25)])

    def disturb():
        chance = random.Random(99)
        for _ in range(15):
            with transaction.atomic():
                event = IntegrationEvent.objects.order_by("?").first()
                if event is not None:
                    edit(chance, event) if chance.random() < 0.5 else event.delete()
            rebuild_event_days([("airbnb", NOW.date()), ("vrbo", NOW.date())])

    in_threads(*(lambda s=s: write(s) for s in (1, 2, 1, 3)), disturb)

    assert stored_rollups() == expected_rollups(NOW)
    assert IntegrationEvent.objects.count() > 300
