"""How do many events enter the table at once? COPY beside it, then one INSERT."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from integration_health.storage.maintenance import IS_SHUT

_CREATE = """
    CREATE TEMP TABLE IF NOT EXISTS pending_events (
        line bigint, id uuid, integration_id varchar(50), event_type varchar(50),
        severity varchar(20), message text, metadata jsonb, occurred_at timestamptz,
        occurrences integer, dedup_key varchar(200), fingerprint bytea,
        window_start timestamptz
    ) ON COMMIT DELETE ROWS
"""
_COPY = "COPY pending_events FROM STDIN"

# Sorted by the unique key: two writers of the same events wait for each other in one
# order, and of two equal lines the first wins.
_INSERT = """
    WITH shut AS MATERIALIZED (
        SELECT spans.* FROM (
            SELECT min(coalesce(window_start, occurred_at)) AS low,
                max(occurred_at) AS high
            FROM pending_events
        ) reach CROSS JOIN LATERAL integration_maintenance_spans(
            reach.low, reach.high + interval '1 second') spans
    )
    INSERT INTO integration_events (
        id, integration_id, event_type, severity, message, metadata, occurred_at,
        occurred_on, created_at, occurrences, dedup_key, fingerprint, window_start,
        window_end, in_maintenance, source, actor, batch_id)
    SELECT id, integration_id, event_type, severity, message, metadata, occurred_at,
        (occurred_at AT TIME ZONE 'UTC')::date, %(created_at)s, occurrences, dedup_key,
        fingerprint, window_start,
        CASE WHEN window_start IS NOT NULL THEN occurred_at END,
        {is_shut},
        %(source)s, %(actor)s, %(batch_id)s
    FROM pending_events event
    ORDER BY integration_id, (occurred_at AT TIME ZONE 'UTC')::date, dedup_key, line
    ON CONFLICT DO NOTHING
""".replace("{is_shut}", IS_SHUT)
_NOT_INSERTED = """
    SELECT line FROM pending_events p
    WHERE NOT EXISTS (
        SELECT FROM integration_events e
        WHERE e.id = p.id AND e.occurred_on = (p.occurred_at AT TIME ZONE 'UTC')::date
    )
    ORDER BY line
"""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who says so: the source, the person or token, the import, and when."""

    source: str
    actor: str
    created_at: datetime
    batch_id: UUID | None = None


def clear_pending() -> None:
    """Make an empty table of pending events; it lasts as long as the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        cursor.execute("DELETE FROM pending_events")


def copy_pending(rows: Sequence[str]) -> None:
    """Append rows in COPY's text form, one line each without its line end."""
    block = "\n".join(rows) + "\n"
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(block)


def insert_pending(total: int, provenance: Provenance) -> list[int]:
    """Insert the pending rows; return the lines of those that were there already.

    ``total`` is how many are pending: when as many went in, nothing else is asked. The
    triggers add the rollups in the same statement. Partitions must stand.
    """
    values: dict[str, Any] = {
        "created_at": provenance.created_at,
        "source": provenance.source,
        "actor": provenance.actor,
        "batch_id": provenance.batch_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        if cursor.rowcount == total:
            return []
        cursor.execute(_NOT_INSERTED)
        return [line for (line,) in cursor.fetchall()]
