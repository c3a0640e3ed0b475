"""Which days of evidence are stored, and what do the alarms of other days say?"""

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString, NamedTuple

import numpy as np
from django.db import connection, transaction
from django.db.models import Sum
from psycopg.sql import SQL

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Index
from correlation.domain.days import DAY, Marks
from correlation.models import AlarmChange, EvidenceDay
from correlation.storage.moments import (
    integers_of,
    moment_of,
    moments_in,
    seconds_of,
)

ALL_ALARMS = ""  # in place of an integration: the alarms themselves
_EPOCH = date(1970, 1, 1)
_NOTHING = np.array([], dtype=np.int64)
_NO_MARKS = Marks.read(_NOTHING, _NOTHING, b"")
_NUMBER_BITS = 27  # a test's number; epoch seconds take 36 of the others

# COPY's binary form, because a cursor's would send every byte as two digits.
_ALARMS = """
    COPY (
        SELECT s.window_seconds, t.number, a.moments
        FROM (
            SELECT test_case_id, string_agg(timestamptz_send(failed_at), '') AS moments
            FROM test_alarms
            WHERE failed_at >= {start} AND failed_at < {end}
            GROUP BY test_case_id
        ) a
        JOIN test_cases t USING (test_case_id)
        JOIN test_sources s ON s.name = t.source_id
    ) TO STDOUT (FORMAT BINARY)
"""
_ALARMS_TYPES = ["int4", "int4", "bytea"]
_MARKS = """
    COPY (
        SELECT integration_id,
            string_agg(int4send(day - date '1970-01-01'), '' ORDER BY day),
            string_agg(int4send(length(marks)), '' ORDER BY day),
            string_agg(marks, '' ORDER BY day)
        FROM test_evidence_days
        WHERE window_seconds = {window} AND integration_id = ANY({integrations})
        GROUP BY integration_id
    ) TO STDOUT (FORMAT BINARY)
"""
_MARKS_TYPES = ["text", "bytea", "bytea", "bytea"]
_WRITERS = "correlation: write days"
# Where a part is stored already it is replaced; without a lock two could add it.
_LOCK_WRITERS = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_REMOVE = """
    DELETE FROM test_evidence_days stored
    USING unnest(%s::integer[], %s::text[], %s::integer[]) AS part(w, i, d)
    WHERE stored.window_seconds = w AND stored.integration_id = i
        AND stored.day = date '1970-01-01' + d
"""
_WRITE = """
    COPY test_evidence_days (
        window_seconds, integration_id, day, revision, fingerprint, marks
    ) FROM STDIN (FORMAT BINARY)
"""
_WRITE_TYPES = ["int4", "text", "date", "int8", "bytea", "bytea"]
_LOCK_FREE = """
    SELECT w, i, d
    FROM unnest(%s::integer[], %s::text[], %s::integer[]) AS part(w, i, d)
    WHERE pg_try_advisory_xact_lock(hashtextextended(
        format('correlation: %%s %%s %%s', w, i, d), 0))
"""
_COMPACT = """
    WITH gone AS (DELETE FROM test_alarm_changes RETURNING day, changes)
    INSERT INTO test_alarm_changes (day, changes)
    SELECT day, sum(changes) FROM gone GROUP BY day
"""


class Part(NamedTuple):
    """One integration's day of evidence, judged with one window: what a refresh counts.

    ``day`` counts from the Unix epoch. In place of an integration ``ALL_ALARMS`` means
    the alarms of the day themselves.
    """

    window_seconds: int
    integration_id: str
    day: int


class Stamp(NamedTuple):
    """What a part was counted from: it stands while both are those of today."""

    revision: int
    fingerprint: bytes


class CountedPart(NamedTuple):
    """The marks of a part, packed as in ``MarksByDay``, and its stamp."""

    stamp: Stamp
    marks: bytes


def alarm_revisions() -> dict[int, int]:
    """Return the revision of each day's alarms; a day without is at 0.

    Ask before reading alarms: what comes between then counts as a change.
    """
    rows = AlarmChange.objects.order_by().values_list("day").annotate(Sum("changes"))
    return {_number(day): int(revision) for day, revision in rows}


def compact_revisions() -> None:
    """Leave one row for each day's revision."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPACT)


def stored_stamps() -> dict[Part, Stamp]:
    """Return what the stored parts were counted from."""
    rows = EvidenceDay.objects.values_list(
        "window_seconds", "integration_id", "day", "revision", "fingerprint"
    )
    return {
        Part(window, integration, _number(day)): Stamp(revision, bytes(fingerprint))
        for window, integration, day, revision, fingerprint in rows
    }


def stored_marks(
    window_seconds: int, integrations: Sequence[str], parts: Container[Part]
) -> list[Marks]:
    """Return for each integration the marks of those of the ``parts`` that are stored."""
    found = dict.fromkeys(integrations, _NO_MARKS)
    rows = _sent_rows(
        _MARKS, _MARKS_TYPES, window=window_seconds, integrations=list(integrations)
    )
    for slug, sent_days, sizes, packed in rows:
        days = integers_of(sent_days)
        wanted = [Part(window_seconds, slug, day) in parts for day in days.tolist()]
        marks = Marks.read(days, integers_of(sizes), packed)
        found[slug] = marks.chosen(np.array(wanted))
    return list(found.values())


def write_parts(
    parts: Collection[Part], counted: Iterable[tuple[Part, CountedPart]]
) -> None:
    """Store the counted ``parts``; of two writers of one part the later one stays.

    Should that be the one that knew less, its stamp tells. Until the transaction ends
    no other writes: what is stored meanwhile would be added twice.
    """
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(_LOCK_WRITERS, [_WRITERS])
        cursor.execute(_REMOVE, _columns(parts))
        with cursor.copy(_WRITE) as copy:
            copy.set_types(_WRITE_TYPES)
            for part, (stamp, marks) in counted:
                window, integration, day = part
                copy.write_row((window, integration, _date(day), *stamp, marks))


def forget_parts() -> None:
    """Make the next refresh count every day anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK_WRITERS, [_WRITERS])
        EvidenceDay.objects.all().delete()


def free_parts(parts: Collection[Part]) -> list[Part]:
    """Lock the parts that nobody else is counting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_FREE, _columns(parts))
        return [Part(*row) for row in cursor.fetchall()]


def read_alarms(days: Collection[int]) -> dict[int, Alarms]:
    """Return the stored alarms of whole days by the window of their test's source.

    ``tests`` are test numbers. One query for each unbroken run of days.
    """
    found: dict[int, list[Index]] = {}
    for first, end in _runs(sorted(days)):
        span = {"start": moment_of(first * DAY), "end": moment_of(end * DAY)}
        rows = sorted(_sent_rows(_ALARMS, _ALARMS_TYPES, **span))
        for window, of_window in groupby(rows, key=itemgetter(0)):
            _windows, numbers, moments = zip(*of_window, strict=True)
            found.setdefault(window, []).append(_sorted_keys(numbers, moments))
    return {
        window: _alarms(np.concatenate(sorted_keys))
        for window, sorted_keys in found.items()
    }


def _sent_rows(
    statement: LiteralString, types: Sequence[str], **values: Any
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a COPY that names its values in braces."""
    filled = SQL(statement).format(**values).as_string()
    with connection.cursor() as cursor, cursor.copy(filled) as copy:
        copy.set_types(types)
        yield from copy.rows()


def _columns(parts: Collection[Part]) -> list[list[Any]]:
    return [
        [part.window_seconds for part in parts],
        [part.integration_id for part in parts],
        [part.day for part in parts],
    ]


def _sorted_keys(numbers: Sequence[int], sent: Sequence[bytes]) -> Index:
    """Return a number for each alarm that ascends by moment."""
    moments = seconds_of(b"".join(sent))
    each = np.repeat(numbers, list(map(moments_in, sent)))
    return np.sort((moments << _NUMBER_BITS) | each)


def _alarms(keys: Index) -> Alarms:
    numbers = keys & (2**_NUMBER_BITS - 1)
    return Alarms(numbers, keys >> _NUMBER_BITS, int(numbers.max(initial=0)) + 1)


def _runs(days: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first day and the day after each unbroken run of ascending days."""
    for _gap, run in groupby(enumerate(days), key=lambda each: each[1] - each[0]):
        numbers = [day for _place, day in run]
        yield numbers[0], numbers[-1] + 1


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _date(number: int) -> date:
    return _EPOCH + timedelta(days=number)
