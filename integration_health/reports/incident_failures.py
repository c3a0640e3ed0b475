"""Which failures belong to an incident? Counted by day and type, as money counts them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection

INTERVAL = timedelta(minutes=10)
FailuresByDay = dict[tuple[date, str], int]

# The intervals that an incident touches: none starts after its last failure, none ends
# before its first. Incidents of a channel lie further apart, so none is counted twice.
_FAILURES = """
    SELECT i.id, f.day, f.event_type, count(*)
    FROM integration_incidents i
    JOIN integration_failures f ON f.integration_id = i.integration_id
        AND f.day BETWEEN (i.started_at AT TIME ZONE 'UTC')::date
            AND (i.ended_at AT TIME ZONE 'UTC')::date
        AND (f.day + f.interval * interval '10 minutes') AT TIME ZONE 'UTC'
            <= i.ended_at
        AND (f.day + f.interval * interval '10 minutes') AT TIME ZONE 'UTC'
            > i.started_at - interval '10 minutes'
    WHERE i.id = ANY(%s)
    GROUP BY i.id, f.day, f.event_type
"""


def failures_of(incident_ids: Iterable[UUID]) -> dict[UUID, FailuresByDay]:
    """Return the failures of each incident by UTC day and event type. One query.

    A failure belongs to an incident when its ten minutes touch it. Incidents without any
    are absent: those in maintenance, and those older than events are kept.
    """
    found: dict[UUID, FailuresByDay] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_FAILURES, [list(incident_ids)])
        for incident_id, day, event_type, count in cursor.fetchall():
            found[incident_id][day, event_type] = count
    return dict(found)


def time_counted(started_at: datetime, ended_at: datetime) -> timedelta:
    """Return the length of the ten-minute intervals that an incident touches.

    At least ten minutes: a single failure fills one interval.
    """
    first = _interval(started_at)
    return _interval(ended_at) + INTERVAL - first


def _interval(moment: datetime) -> datetime:
    at = moment.astimezone(UTC)
    return at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)
