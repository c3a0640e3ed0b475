"""Where do rows wait while it is decided what they come to? In a table of the session.

Grouping is the database's: memory stays flat whatever the file holds. The table is empty
again when the transaction ends, so that a dry run leaves nothing behind.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from integration_health.domain.mapping import OTHER_PREFIX
from integration_health.domain.traffic import Traffic
from integration_health.enums import Aspect
from integration_health.imports.extent import Slots

EVENT_KEY_PREFIX = "splunk:"

_CHUNK = 2_000

_CREATE = """
    CREATE TEMP TABLE IF NOT EXISTS staged_import (
        position integer, line integer, integration_key text, route text, aspect text,
        channel_hint text, row_key bytea, bin_start timestamptz, requests bigint,
        errors bigint, client_errors bigint, server_errors bigint,
        occurred_at timestamptz, severity text, message text, metadata text
    ) ON COMMIT DELETE ROWS
"""
_REPEATED = """
    WITH ranked AS (
        SELECT position, first_value(line) OVER same AS first_line,
            row_number() OVER same AS occurrence,
            (requests, errors, client_errors, server_errors) = (
                first_value(requests) OVER same, first_value(errors) OVER same,
                first_value(client_errors) OVER same,
                first_value(server_errors) OVER same) AS equal
        FROM staged_import
        WINDOW same AS (PARTITION BY row_key ORDER BY position)
    )
    DELETE FROM staged_import staged USING ranked
    WHERE staged.position = ranked.position AND ranked.occurrence > 1
    RETURNING staged.line, staged.route, ranked.first_line, ranked.equal
"""
_KNOWN_EVENTS = """
    DELETE FROM staged_import staged USING integration_events event
    WHERE staged.errors > 0
        AND event.integration_id = staged.integration_key
        AND event.occurred_on = (staged.occurred_at AT TIME ZONE 'UTC')::date
        AND event.dedup_key = %s || encode(staged.row_key, 'hex')
        AND event.occurred_on >= %s AND event.occurred_on <= %s
"""
_TOTALS = """
    SELECT integration_key, count(*), sum(requests), sum(errors)
    FROM staged_import GROUP BY 1 ORDER BY 1
"""
_ROUTES = """
    SELECT integration_key, route, aspect, channel_hint, count(*), sum(requests),
        sum(errors), sum(client_errors), sum(server_errors)
    FROM staged_import GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
_FAILING = """
    SELECT integration_key, route, aspect, channel_hint, bin_start, sum(requests),
        sum(errors), sum(client_errors), sum(server_errors)
    FROM staged_import
    WHERE integration_key = ANY(%s)
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(errors) > 0
    ORDER BY 5, 1, 2, 3, 4
"""
_SLOTS = """
    SELECT integration_key, date_bin(%s, bin_start, %s::timestamptz), aspect, sum(requests),
        sum(errors), sum(server_errors)
    FROM staged_import
    WHERE integration_key = ANY(%s)
    GROUP BY 1, 2, 3 ORDER BY 2, 1, 3
"""
_EVENTS = """
    SELECT line, integration_key, aspect, severity, message, metadata, occurred_at,
        encode(row_key, 'hex')
    FROM staged_import
    WHERE integration_key = ANY(%s) AND errors > 0
    ORDER BY position
"""


class StagedRow(NamedTuple):
    """One accepted row, mapped and free of personal data.

    ``row_key`` is the same for the same endpoint and bin, or the same event. The last
    four columns are set for events only.
    """

    position: int
    line: int
    integration_key: str
    route: str
    aspect: str
    channel_hint: str
    row_key: bytes
    bin_start: datetime | None
    requests: int
    errors: int
    client_errors: int
    server_errors: int
    occurred_at: datetime | None = None
    severity: str | None = None
    message: str | None = None
    metadata: str | None = None


class RepeatedRow(NamedTuple):
    """A row whose endpoint and bin, or event, stood in the file before."""

    line: int
    route: str
    first_line: int
    equal: bool


class KeyTotals(NamedTuple):
    """What the rows of one integration key add up to."""

    integration_key: str
    rows: int
    requests: int
    errors: int

    @property
    def other_name(self) -> str:
        """The name behind ``other:``; empty for any other key."""
        key = self.integration_key
        return key.removeprefix(OTHER_PREFIX) if key.startswith(OTHER_PREFIX) else ""


class FailingRoute(NamedTuple):
    """Requests and errors of a route that failed, in one bin or the whole window."""

    integration_key: str
    route: str
    aspect: str
    channel_hint: str
    bin_start: datetime | None
    requests: int
    errors: int
    client_errors: int
    server_errors: int


class AspectTraffic(NamedTuple):
    """The traffic of one aspect of a channel in one stretch of time, or in all."""

    integration_key: str
    slot: datetime | None
    aspect: Aspect
    traffic: Traffic


def clear_staged(cursor: Any) -> None:
    """Make the table empty; it lasts as long as the session."""
    cursor.execute(_CREATE)
    cursor.execute("TRUNCATE staged_import")


def stage(rows: Iterable[StagedRow]) -> None:
    """Put rows into the empty table, as they come."""
    with connection.cursor() as cursor:
        clear_staged(cursor)
        with cursor.copy("COPY staged_import FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE staged_import")


def drop_repeated() -> list[RepeatedRow]:
    """Remove all but the first of rows with the same key; return the removed."""
    with connection.cursor() as cursor:
        cursor.execute(_REPEATED)
        return sorted(map(RepeatedRow._make, cursor.fetchall()))


def drop_known_events(first: datetime, last: datetime) -> int:
    """Remove failing events that are stored already; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_EVENTS, [EVENT_KEY_PREFIX, first.date(), last.date()])
        return int(cursor.rowcount)


def totals() -> list[KeyTotals]:
    """Return rows, requests and errors by integration key."""
    return [
        KeyTotals(key, rows, int(requests), int(errors))
        for key, rows, requests, errors in _fetched(_TOTALS)
    ]


def bins() -> list[datetime]:
    """Return the distinct starts of bins, in order."""
    return [
        start
        for (start,) in _fetched(
            "SELECT DISTINCT bin_start FROM staged_import"
            " WHERE bin_start IS NOT NULL ORDER BY 1"
        )
    ]


def routes() -> Iterator[tuple[Any, ...]]:
    """Yield counts by integration key, route, aspect and hint, as EndpointStat has them."""
    yield from _streamed(_ROUTES)


def failing_routes(slugs: Sequence[str]) -> Iterator[FailingRoute]:
    """Yield what failed by route and bin, in order of time."""
    for row in _streamed(_FAILING, list(slugs)):
        yield FailingRoute(*row[:5], *map(int, row[5:]))


def traffic_by_slot(slugs: Sequence[str], slots: Slots | None) -> list[AspectTraffic]:
    """Return traffic by integration, stretch of time and aspect, in order of time.

    Without ``slots`` all rows are one stretch.
    """
    length, origin = (slots.length, slots.origin) if slots else (timedelta(1), None)
    return [
        AspectTraffic(
            key, slot, Aspect(aspect), Traffic(int(requests), int(errors), int(server))
        )
        for key, slot, aspect, requests, errors, server in _fetched(
            _SLOTS, length, origin, list(slugs)
        )
    ]


def failing_events(slugs: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the failing events in the file's order."""
    yield from _streamed(_EVENTS, list(slugs))


def _fetched(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _streamed(query: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
    with _server_side_cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


@contextmanager
def _server_side_cursor() -> Iterator[Any]:
    cursor = connection.chunked_cursor()
    try:
        yield cursor
    finally:
        cursor.close()
