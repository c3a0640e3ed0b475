"""Which days of evidence are stored, and what do the alarms of other days say?"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction
from django.db.models import Sum

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Index
from correlation.domain.days import DAY
from correlation.models import AlarmChange, EvidenceDay
from correlation.storage.moments import moment_of, seconds_of_each

ALL_ALARMS = ""  # in place of an integration: the alarms themselves
_EPOCH = date(1970, 1, 1)
_ROWS_AT_ONCE = 1000
_NUMBER_BITS = 27  # a test's number; epoch seconds take 36 of the others

_ALARMS = """
    SELECT s.window_seconds, t.number, a.moments
    FROM (
        SELECT test_case_id, array_send(array_agg(failed_at)) AS moments
        FROM test_alarms
        WHERE failed_at >= %(start)s AND failed_at < %(end)s
        GROUP BY test_case_id
    ) a
    JOIN test_cases t USING (test_case_id)
    JOIN test_sources s ON s.name = t.source_id
"""
_PENDING = """
    CREATE TEMP TABLE IF NOT EXISTS pending_parts (
        window_seconds integer, integration_id text, day date, revision bigint,
        fingerprint bytea, marks bytea
    ) WITH (toast_tuple_target = 8160) ON COMMIT DELETE ROWS;
    ALTER TABLE pending_parts ALTER COLUMN marks SET STORAGE EXTERNAL;
    TRUNCATE pending_parts
"""
_COPY = "COPY pending_parts FROM STDIN (FORMAT BINARY)"
_COLUMN_TYPES = ["int4", "text", "date", "int8", "bytea", "bytea"]
# In order of their key, so that two writers never wait for each other crosswise.
_WRITE = """
    INSERT INTO test_evidence_days (
        window_seconds, integration_id, day, revision, fingerprint, marks)
    SELECT * FROM pending_parts ORDER BY 1, 2, 3
    ON CONFLICT (window_seconds, integration_id, day) DO UPDATE SET
        revision = excluded.revision, fingerprint = excluded.fingerprint,
        marks = excluded.marks
"""
_LOCK_FREE = """
    SELECT w, i, d FROM unnest(%s::integer[], %s::text[], %s::date[]) AS part(w, i, d)
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
    """The marks of a part, packed as in ``MarkedDays``, and its stamp."""

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
    window_seconds: int, parts: Collection[Part]
) -> dict[str, dict[int, bytes]]:
    """Return the marks of those of the ``parts`` that are stored, by integration."""
    found: dict[str, dict[int, bytes]] = {}
    of_window = EvidenceDay.objects.filter(window_seconds=window_seconds)
    rows = of_window.values_list("integration_id", "day", "marks")
    for integration, day, marks in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        part = Part(window_seconds, integration, _number(day))
        if part in parts:
            found.setdefault(integration, {})[part.day] = bytes(marks)
    return found


def write_parts(counted: Mapping[Part, CountedPart]) -> None:
    """Store counted parts; of two writers of one part the later one stays.

    Should that be the one that knew less, its stamp tells.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PENDING)
        with cursor.copy(_COPY) as copy:
            copy.set_types(_COLUMN_TYPES)
            for part, (stamp, marks) in counted.items():
                window, integration, day = part
                copy.write_row((window, integration, _date(day), *stamp, marks))
        cursor.execute(_WRITE)


def forget_parts() -> None:
    """Make the next refresh count every day anew."""
    EvidenceDay.objects.all().delete()


def free_parts(parts: Collection[Part]) -> list[Part]:
    """Lock the parts that nobody else is counting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LOCK_FREE,
            [
                [part.window_seconds for part in parts],
                [part.integration_id for part in parts],
                [_date(part.day) for part in parts],
            ],
        )
        rows = cursor.fetchall()
    return [Part(window, slug, _number(day)) for window, slug, day in rows]


def read_alarms(days: Collection[int]) -> dict[int, Alarms]:
    """Return the stored alarms of whole days by the window of their test's source.

    ``tests`` are test numbers. One query for each unbroken run of days.
    """
    found: dict[int, list[Index]] = {}
    with connection.cursor() as cursor:
        for first, end in _runs(sorted(days)):
            span = {"start": moment_of(first * DAY), "end": moment_of(end * DAY)}
            cursor.execute(_ALARMS, span)
            by_window = groupby(sorted(cursor.fetchall()), key=itemgetter(0))
            for window, rows in by_window:
                _windows, numbers, sent = zip(*rows, strict=True)
                lengths, moments = seconds_of_each(sent)
                keys = (moments << _NUMBER_BITS) | np.repeat(numbers, lengths)
                found.setdefault(window, []).append(np.sort(keys))
    return {
        window: _alarms(np.concatenate(sorted_keys))
        for window, sorted_keys in found.items()
    }


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
