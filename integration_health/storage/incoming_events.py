"""How do many events enter the table at once? By COPY, straight in where nothing is known.

Straight into the table, as if there were no duplicates, which costs the least, and by name
into the table of their week when they are of one, which PostgreSQL fills a page at a time.
When there was a duplicate after all, that is undone and the same rows go through a
temporary table and one INSERT ... ON CONFLICT DO NOTHING. Either way it is one statement,
whose triggers add the rollups and take their locks in one order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date, datetime
from typing import IO
from uuid import UUID

from django.db import connection, transaction
from psycopg import errors, sql

from integration_health.storage.copy_fields import (
    DAY,
    HEADER,
    NULL,
    TRAILER,
    field,
    moment_at,
    moment_field,
)
from integration_health.storage.maintenance import IS_SHUT
from integration_health.storage.partitions import PARENT, table_name, week_of

_PIECE = 256 * 1024

_CREATE = """
    CREATE TEMP TABLE IF NOT EXISTS pending_events (
        place bigint GENERATED ALWAYS AS IDENTITY,
        LIKE integration_events INCLUDING DEFAULTS
    ) ON COMMIT DELETE ROWS
"""
# Sorted by the unique key: two writers of the same events wait for each other in one
# order, and of two equal rows the first wins.
_INSERT = """
    WITH shut AS MATERIALIZED (
        SELECT spans.* FROM (
            SELECT min(occurred_at) AS low, max(occurred_at) AS high FROM pending_events
        ) reach CROSS JOIN LATERAL integration_maintenance_spans(
            reach.low - interval '1 second', reach.high + interval '1 second') spans
    )
    INSERT INTO integration_events ({columns}, in_maintenance)
    SELECT {columns}, {is_shut}
    FROM pending_events event
    ORDER BY integration_id, occurred_on, dedup_key, place
    ON CONFLICT DO NOTHING
"""
_NOT_INSERTED = """
    SELECT place - (SELECT min(place) FROM pending_events) FROM pending_events pending
    WHERE NOT EXISTS (
        SELECT FROM integration_events stored
        WHERE stored.id = pending.id AND stored.occurred_on = pending.occurred_on
    )
    ORDER BY place
"""
_AHEAD = """
    SELECT
        EXISTS (
            SELECT FROM integration_maintenance_spans(
                %s - interval '1 second', %s + interval '1 second')),
        EXISTS (
            SELECT FROM pg_trigger
            WHERE tgrelid = to_regclass(%s) AND tgname = 'events_added')
"""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who says so: the source, the person or token, the import, and when."""

    source: str
    actor: str
    created_at: datetime
    batch_id: UUID | None = None

    COLUMNS = ("created_at", "source", "actor", "batch_id")

    def fields(self) -> bytes:
        """Return the columns all rows share, as COPY reads them."""
        return (
            moment_field(self.created_at)
            + field(self.source.encode())
            + field(self.actor.encode())
            + (field(self.batch_id.bytes) if self.batch_id else NULL)
        )


@dataclass(slots=True)
class IncomingEvents:
    """Rows on their way in: spooled, so that they may be sent twice and fill no memory.

    ``columns`` name the fields of a row, in order; ``spool`` is an empty file.
    """

    columns: Sequence[str]
    provenance: Provenance
    spool: IO[bytes]
    total: int = 0
    _reach: list[int] = attribute(default_factory=list)  # from where to where, if any
    _days: set[int] = attribute(default_factory=set)

    def add(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Append rows, each with its moment; their fields are those of all ``columns``.

        Moments are microseconds from 2000.
        """
        if not rows:
            return
        moments = [moment for moment, _fields in rows]
        self._days.update({moment // DAY for moment in moments})
        first, last = min(moments), max(moments)
        self._reach = [min([first, *self._reach]), max([last, *self._reach])]
        self.total += len(rows)
        start = len(self._all_columns).to_bytes(2)
        end = self.provenance.fields()
        fields = (end + start).join([fields for _moment, fields in rows])
        self.spool.write(start + fields + end)

    @property
    def days(self) -> set[date]:
        """Return the UTC days the rows are of: their partitions must stand."""
        return {moment_at(day * DAY).date() for day in self._days}

    def store(self) -> list[int]:
        """Store what is new; return the places, from 0, of rows that were there already.

        There must be some. Runs in the caller's transaction.
        """
        table = self._table_to_fill()
        if table and self._stored_straight(table):
            return []
        return self._stored_around_known()

    def _table_to_fill(self) -> str | None:
        """Return the table to copy into; ``None`` when rows may lie in maintenance.

        A week's own, if all are of one and it counts what it is given: it may have been
        made by a release that knew no triggers of weeks.
        """
        first_at, last_at = map(moment_at, self._reach)
        weeks = {week_of(moment.date()) for moment in (first_at, last_at)}
        table = table_name(min(weeks))
        with connection.cursor() as cursor:
            cursor.execute(_AHEAD, [first_at, last_at, table])
            is_shut, counts = cursor.fetchone()
        if is_shut:
            return None
        return table if counts and len(weeks) == 1 else PARENT

    def _stored_straight(self, table: str) -> bool:
        """Copy into the table itself; undone when one of the rows is known."""
        try:
            with transaction.atomic():
                self._copy_into(table)
        except (errors.UniqueViolation, errors.DeadlockDetected):
            # A deadlock: another writer of the same rows holds them in another order.
            return False
        return True

    def _stored_around_known(self) -> list[int]:
        columns = sql.SQL(", ").join(map(sql.Identifier, self._all_columns))
        insert = sql.SQL(_INSERT).format(columns=columns, is_shut=sql.SQL(IS_SHUT))
        with connection.cursor() as cursor:
            cursor.execute(_CREATE)
            cursor.execute("DELETE FROM pending_events")
            self._copy_into("pending_events")
            cursor.execute(insert)
            if cursor.rowcount == self.total:
                return []
            cursor.execute(_NOT_INSERTED)
            return [place for (place,) in cursor.fetchall()]

    @property
    def _all_columns(self) -> tuple[str, ...]:
        return (*self.columns, *Provenance.COLUMNS)

    def _copy_into(self, table: str) -> None:
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, self._all_columns)),
        )
        self.spool.seek(0)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(HEADER)
            while piece := self.spool.read(_PIECE):
                copy.write(piece)
            copy.write(TRAILER)
