"""How do many results enter the table at once? COPY beside it, then one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

LARGEST_FAMILY = 200  # variants of one parametrised test that stay tests of their own

_CREATE = """
    CREATE TEMP TABLE IF NOT EXISTS pending_results (
        line bigint, id uuid, test_case_id text, name text, family text,
        family_name text, integration_id text, source text, run_id text, status text,
        executed_at timestamptz, time_basis text, duration_ms bigint, attempts integer,
        message text, revision text, joined boolean DEFAULT false
    ) ON COMMIT DELETE ROWS
"""
_COPY = """
    COPY pending_results (
        line, id, test_case_id, name, family, family_name, integration_id, source,
        run_id, status, executed_at, time_basis, duration_ms, attempts, message, revision
    ) FROM STDIN
"""
# Importers of one source, or of one test, take turns: each sees what the other stored.
_LOCK = """
    SELECT name FROM test_sources WHERE name IN (
        SELECT source FROM pending_results
        UNION
        SELECT source_id FROM pending_results JOIN test_cases USING (test_case_id)
    ) ORDER BY name FOR NO KEY UPDATE
"""
_JOIN_FAMILIES = """
    WITH newcomers AS (
        SELECT p.family, p.test_case_id, min(p.line) AS line
        FROM pending_results p LEFT JOIN test_cases t USING (test_case_id)
        WHERE p.family <> '' AND t.test_case_id IS NULL
        GROUP BY p.family, p.test_case_id
    ), known AS (
        SELECT family, count(*) AS size FROM test_cases
        WHERE family IN (SELECT family FROM newcomers) GROUP BY family
    ), ranked AS (
        SELECT test_case_id, coalesce(known.size, 0)
            + row_number() OVER (PARTITION BY family ORDER BY line, test_case_id) AS place
        FROM newcomers LEFT JOIN known USING (family)
    )
    UPDATE pending_results p SET
        test_case_id = p.family, name = p.family_name, family = '', joined = true,
        message = CASE WHEN p.status IN ('failed', 'error')
            THEN concat_ws(': ', coalesce(nullif(p.name, ''), p.test_case_id),
                nullif(p.message, ''))
            ELSE p.message END
    FROM ranked
    WHERE ranked.test_case_id = p.test_case_id AND ranked.place > %(largest)s
"""
# A known test takes no new number: they would be used up by runs, not by tests.
# `judged`: is a line news, against what is stored under its key? Of several lines of one
# key the last decides; of the joined variants of one test the worst does.
_STORE = """
    WITH judged AS MATERIALIZED (
        SELECT p.*, r.executed_at AS old_at, r.status AS old_status,
            CASE WHEN p.joined THEN array_position(%(by_badness)s, p.status) END AS badness,
            CASE
                WHEN r.id IS NULL THEN true
                WHEN p.joined THEN array_position(%(by_badness)s, p.status)
                    > array_position(%(by_badness)s, r.status::text)
                WHEN p.time_basis = 'upload' THEN p.status <> r.status
                ELSE p.executed_at > r.executed_at
                    OR (p.executed_at = r.executed_at AND p.status <> r.status)
            END AS is_news
        FROM pending_results p LEFT JOIN test_results r USING (source, run_id, test_case_id)
    ), deciding AS (
        SELECT DISTINCT ON (source, run_id, test_case_id) *,
            sum(attempts) FILTER (WHERE is_news)
                OVER (PARTITION BY source, run_id, test_case_id) AS tries
        FROM judged
        ORDER BY source, run_id, test_case_id, badness DESC, executed_at DESC, line DESC
    ), arriving AS MATERIALIZED (
        SELECT * FROM deciding WHERE is_news
    ), tests AS (
        INSERT INTO test_cases AS t (
            test_case_id, number, name, source_id, integration_id, family,
            first_seen_at, last_seen_at, sample, created_at, updated_at)
        SELECT test_case_id,
            coalesce(
                (SELECT number FROM test_cases k
                    WHERE k.test_case_id = arriving.test_case_id),
                nextval('test_cases_number')),
            coalesce((array_agg(name ORDER BY executed_at DESC, line DESC)
                FILTER (WHERE name <> ''))[1], test_case_id),
            (array_agg(source ORDER BY executed_at DESC, line DESC))[1],
            (array_agg(integration_id ORDER BY executed_at DESC, line DESC)
                FILTER (WHERE integration_id IS NOT NULL))[1],
            max(family), min(executed_at), max(executed_at),
            %(sample)s, %(now)s, %(now)s
        FROM arriving GROUP BY test_case_id ORDER BY test_case_id
        ON CONFLICT (test_case_id) DO UPDATE SET
            name = CASE WHEN excluded.name <> excluded.test_case_id
                    AND excluded.last_seen_at >= t.last_seen_at
                THEN excluded.name ELSE t.name END,
            integration_id = coalesce(t.integration_id, excluded.integration_id),
            first_seen_at = least(t.first_seen_at, excluded.first_seen_at),
            last_seen_at = greatest(t.last_seen_at, excluded.last_seen_at),
            sample = t.sample AND excluded.sample,
            updated_at = excluded.updated_at
    ), results AS (
        INSERT INTO test_results AS r (
            id, test_case_id, source, run_id, status, executed_at, time_basis,
            duration_ms, attempts, message, revision, sample, created_at)
        SELECT id, test_case_id, source, run_id, status, executed_at, time_basis,
            duration_ms, least(tries, %(most_tries)s), message, revision, %(sample)s,
            %(now)s
        FROM arriving ORDER BY source, run_id, test_case_id
        ON CONFLICT (source, run_id, test_case_id) DO UPDATE SET
            status = excluded.status, executed_at = excluded.executed_at,
            time_basis = excluded.time_basis, duration_ms = excluded.duration_ms,
            attempts = least(r.attempts + excluded.attempts, %(most_tries)s),
            message = excluded.message, sample = r.sample AND excluded.sample,
            revision = coalesce(nullif(excluded.revision, ''), r.revision)
    ), spans AS (
        SELECT test_case_id, min(least(executed_at, old_at)) AS low,
            max(greatest(executed_at, old_at)) AS high
        FROM arriving
        WHERE status IN ('failed', 'error') OR old_status IN ('failed', 'error')
        GROUP BY test_case_id
    )
    SELECT
        ARRAY(
            SELECT judged.line FROM judged
            LEFT JOIN arriving USING (source, run_id, test_case_id)
            WHERE arriving.id IS NULL OR NOT judged.is_news
            ORDER BY judged.line
        ),
        (SELECT array_agg(test_case_id) FROM spans),
        (SELECT array_agg(low) FROM spans),
        (SELECT array_agg(high) FROM spans),
        (SELECT count(*) FROM pending_results WHERE joined)
"""
_BY_BADNESS = ["skipped", "passed", "flaky", "failed", "error"]
_MOST_TRIES = 32_767  # what the column holds


@dataclass(frozen=True, slots=True)
class FailureSpans:
    """Per test, from when to when its failed results changed; three equally long lists."""

    tests: list[str]
    lows: list[datetime]
    highs: list[datetime]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of the pending rows: lines that were known, failures, joined variants."""

    duplicates: list[int]
    spans: FailureSpans
    joined: int


def clear_pending() -> None:
    """Make an empty table of pending results; it lasts as long as the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        cursor.execute("TRUNCATE pending_results")


def copy_pending(rows: Sequence[str]) -> None:
    """Append rows in COPY's text form, one line each without its line end."""
    block = "\n".join(rows) + "\n"
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(block)


def store_pending(*, sample: bool, now: datetime) -> Stored:
    """Store the pending results and their tests; say which lines were known already.

    Same source, run and test is one result: a later attempt takes its place and adds to
    its attempts, an earlier or equal one is a duplicate. Of a parametrised test the first
    LARGEST_FAMILY variants ever seen stay tests of their own; results of the others go to
    the base test, where the worst of a run stands and its message names the variant.
    The sources must exist.
    """
    with connection.cursor() as cursor:
        # Without statistics a few rows are taken for hundreds, and all results are read.
        cursor.execute("ANALYZE pending_results")
        cursor.execute(_LOCK)
        cursor.execute(_JOIN_FAMILIES, {"largest": LARGEST_FAMILY})
        cursor.execute(
            _STORE,
            {
                "by_badness": _BY_BADNESS,
                "most_tries": _MOST_TRIES,
                "sample": sample,
                "now": now,
            },
        )
        duplicates, tests, lows, highs, joined = cursor.fetchone()
    spans = FailureSpans(tests or [], lows or [], highs or [])
    return Stored(duplicates, spans, joined)
