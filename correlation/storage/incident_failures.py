"""How many failures of each type fell into each incident? One pass in the database."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

_FAILURES = """
    SELECT i.id, i.integration_id, (i.started_at AT TIME ZONE 'UTC')::date,
        f.event_type, count(f.event_type)
    FROM integration_incidents i
    LEFT JOIN integration_failures f ON f.integration_id = i.integration_id
        AND f.day BETWEEN (i.started_at AT TIME ZONE 'UTC')::date
            AND (i.ended_at AT TIME ZONE 'UTC')::date
        AND (f.day + f.interval * interval '10 minutes') AT TIME ZONE 'UTC'
            BETWEEN i.started_at - interval '10 minutes' AND i.ended_at
    WHERE i.state <> 'withdrawn' AND i.started_at >= %s AND i.started_at < %s
    GROUP BY 1, 2, 3, 4
"""


@dataclass(slots=True)
class IncidentFailures:
    """One incident: its integration, the UTC day it began, its failures by type."""

    integration_id: str
    day: date
    failures: dict[str, int] = field(default_factory=dict)


def incident_failures(since: datetime, until: datetime) -> list[IncidentFailures]:
    """Return the standing incidents that began from ``since`` up to ``until``.

    A failure belongs to an incident when its ten minutes touch it; one query.
    """
    found: dict[object, IncidentFailures] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FAILURES, [since, until])
        for pk, integration_id, day, event_type, count in cursor.fetchall():
            incident = found.setdefault(pk, IncidentFailures(integration_id, day))
            if event_type is not None:
                incident.failures[event_type] = count
    return list(found.values())
