"""Which weeks of events have a table, and how do they come and go unnoticed?

A partition is a week, Monday to Sunday, named for its Monday. It is built beside the
parent and attached, which blocks neither readers nor writers, and leaves by DETACH
CONCURRENTLY, which waits for them instead (DESIGN section 7). It has the parent's triggers
of its own, so that what is written to it by name is counted too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import OperationalError
from psycopg import sql

PARENT = "integration_events"
WEEK = timedelta(days=7)
_MAKING = 5202  # class of the advisory lock held while partitions are made
_PATIENCE = "30s"  # how long to wait for readers of a week that is leaving

_STANDING = """
    SELECT child.relname, link.inhdetachpending
    FROM pg_inherits link JOIN pg_class child ON child.oid = link.inhrelid
    WHERE link.inhparent = 'integration_events'::regclass
    ORDER BY child.relname
"""


@dataclass(frozen=True, slots=True)
class Partition:
    """One week's table; ``leaving`` when a detach was begun and not finished."""

    monday: date
    leaving: bool

    @property
    def name(self) -> str:
        return table_name(self.monday)


def week_of(day: date) -> date:
    """Return the Monday on or before a day."""
    return day - timedelta(days=day.weekday())


def table_name(monday: date) -> str:
    """Return the name of a week's table; the triggers read the date in it."""
    return f"{PARENT}_{monday:%Y%m%d}"


def partitions() -> list[Partition]:
    """Return the attached weeks, oldest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        return [
            Partition(_monday_in(name), leaving) for name, leaving in cursor.fetchall()
        ]


def ensure_partitions(days: Iterable[date]) -> int:
    """Attach the weeks that hold ``days`` and are missing; return how many were.

    Runs in the caller's transaction when there is one. Two callers that miss a week wait
    for each other, nobody else does. One query when nothing is missing.
    """
    weeks = {week_of(day) for day in days}
    if not _missing(weeks):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_MAKING])
        missing = _missing(weeks)
        for monday in missing:
            _attach(cursor, monday)
    return len(missing)


def drop_partitions_before(day: date) -> list[str]:
    """Drop the weeks that ended before ``day``; return their names.

    Each costs milliseconds whatever it holds. Readers are never blocked: a week that is
    still being read after half a minute stays half detached and invisible, and the next
    run finishes it. Cannot run inside a transaction.
    """
    dropped = []
    for partition in partitions():
        if partition.monday + WEEK <= day and _detached(partition):
            with connection.cursor() as cursor:
                cursor.execute(
                    sql.SQL("DROP TABLE {}").format(sql.Identifier(partition.name))
                )
            dropped.append(partition.name)
    return dropped


def _missing(weeks: Iterable[date]) -> list[date]:
    standing = {partition.monday for partition in partitions()}
    return sorted(set(weeks) - standing)


def _attach(cursor: CursorWrapper, monday: date) -> None:
    names = {
        "table": sql.Identifier(table_name(monday)),
        "parent": sql.Identifier(PARENT),
        "first": sql.Literal(monday),
        "past": sql.Literal(monday + WEEK),
    }
    cursor.execute(
        sql.SQL(
            "CREATE TABLE {table}"
            " (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        ).format(**names)
    )
    cursor.execute(
        sql.SQL(
            "ALTER TABLE {parent} ATTACH PARTITION {table}"
            " FOR VALUES FROM ({first}) TO ({past})"
        ).format(**names)
    )
    cursor.execute(
        "SELECT integration_events_watch(%s::regclass)", [table_name(monday)]
    )


def _detached(partition: Partition) -> bool:
    how = "FINALIZE" if partition.leaving else "CONCURRENTLY"
    statement = sql.SQL("ALTER TABLE {} DETACH PARTITION {} {}").format(
        sql.Identifier(PARENT), sql.Identifier(partition.name), sql.SQL(how)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [_PATIENCE])
        try:
            cursor.execute(statement)
        except OperationalError:
            return False
        finally:
            cursor.execute("RESET statement_timeout")
    return True


def _monday_in(name: str) -> date:
    year_month_day = name.rpartition("_")[2]
    return date(
        int(year_month_day[:4]), int(year_month_day[4:6]), int(year_month_day[6:])
    )
