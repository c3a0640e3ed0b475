"""Events copied into the table of their week are counted, whoever made that table."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from integration_health.ingest.events import EventInput, ingest_events
from integration_health.models import EventDay, IntegrationEvent
from integration_health.storage.partitions import table_name, week_of
from tests.integration_health.storage.oracle import expected_rollups, stored_rollups

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2026, 1, 11, 23, 59, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = table_name(week_of(SUNDAY.date()))


def ingest(*moments):
    events = [
        EventInput(
            line=line,
            integration_id="airbnb",
            event_type="api_error",
            severity="high",
            message=f"refused by {'abc'[line % 3]}",
            occurred_at=moment,
        )
        for line, moment in enumerate(moments, 1)
    ]
    return ingest_events(events, source="api", actor="", now=SUNDAY + 2 * DAY)


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([SUNDAY - DAY, SUNDAY], id="one week"),
        pytest.param([SUNDAY, SUNDAY + timedelta(minutes=1)], id="two weeks"),
        pytest.param([SUNDAY, SUNDAY - 7 * DAY, SUNDAY], id="two weeks, not in order"),
    ],
)
def test_rows_of_any_weeks_are_stored_and_counted(moments):
    assert ingest(*moments).accepted == len(moments)

    assert sorted(IntegrationEvent.objects.values_list("occurred_at", flat=True)) == (
        sorted(moments)
    )
    assert stored_rollups() == expected_rollups(SUNDAY)


def test_known_rows_are_found_in_a_week_and_across_weeks():
    ingest(SUNDAY, SUNDAY + DAY)

    within = ingest(SUNDAY, SUNDAY - DAY)
    across = ingest(SUNDAY - 2 * DAY, SUNDAY + DAY)

    assert [(each.accepted, each.duplicates) for each in (within, across)] == [
        (1, 1),
        (1, 1),
    ]
    assert stored_rollups() == expected_rollups(SUNDAY)


def test_week_that_counts_nothing_by_itself_is_filled_through_the_parent():
    ingest(SUNDAY)
    for name in ("added", "removed", "edited"):  # as an older release made it
        run(f"DROP TRIGGER events_{name} ON {WEEK}")

    ingest(SUNDAY - DAY)

    assert EventDay.objects.count() == 2
    assert stored_rollups() == expected_rollups(SUNDAY)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(f"DELETE FROM {WEEK} WHERE occurrences = 1", id="deleted"),
        pytest.param(
            f"UPDATE {WEEK} SET occurrences = 7, occurred_at = occurred_at - interval '1 h'",
            id="edited",
        ),
        pytest.param(
            f"""INSERT INTO {WEEK} (id, integration_id, event_type, severity, message,
                occurred_at, occurred_on, dedup_key, fingerprint, source)
            SELECT gen_random_uuid(), integration_id, event_type, severity, message,
                occurred_at, occurred_on, 'copy of ' || dedup_key, fingerprint, source
            FROM {WEEK}""",
            id="inserted",
        ),
    ],
)
def test_writing_to_a_week_by_its_name_is_counted_too(statement):
    ingest(SUNDAY, SUNDAY - DAY, SUNDAY - 2 * DAY)

    run(statement)

    assert stored_rollups() == expected_rollups(SUNDAY)
