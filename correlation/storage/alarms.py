"""Which failed results are alarms? Kept true as results come, change and go."""

from typing import Any

from django.db import connection

from correlation.storage.pending_results import FailureSpans

# A failed result depends on the one before it, so a change reaches half a window ahead.
_JUDGED = """
    WITH touched AS (
        SELECT changed.test_case_id, changed.low, changed.high,
            make_interval(secs => s.window_seconds / 2.0) AS quiet
        FROM unnest(%(tests)s::text[], %(lows)s::timestamptz[], %(highs)s::timestamptz[])
            AS changed(test_case_id, low, high)
        JOIN test_cases t USING (test_case_id) JOIN test_sources s ON s.name = t.source_id
    ), failed AS (
        SELECT test_case_id, executed_at, low, quiet,
            lag(executed_at) OVER (PARTITION BY test_case_id ORDER BY executed_at)
                AS previous_at
        FROM touched JOIN test_results USING (test_case_id)
        WHERE status IN ('failed', 'error')
            AND executed_at BETWEEN low - quiet AND high + quiet
    ), raised AS (
        SELECT test_case_id, executed_at FROM failed
        WHERE executed_at >= low
            AND (previous_at IS NULL OR executed_at - previous_at > quiet)
    )
"""
_WITHDRAW = f"""
    {_JUDGED}
    DELETE FROM test_alarms a USING touched
    WHERE a.test_case_id = touched.test_case_id
        AND a.failed_at BETWEEN touched.low AND touched.high + touched.quiet
        AND NOT EXISTS (
            SELECT FROM raised WHERE raised.test_case_id = a.test_case_id
                AND raised.executed_at = a.failed_at
        )
"""  # noqa: S608
# A version 7 UUID by the alarm's own moment keeps the alarms of one time together.
_RAISE = f"""
    {_JUDGED}
    INSERT INTO test_alarms (id, test_case_id, failed_at, created_at)
    SELECT encode(set_bit(set_bit(overlay(
            uuid_send(gen_random_uuid()) PLACING
            substring(int8send((extract(epoch FROM executed_at) * 1000)::bigint) FROM 3)
            FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
        test_case_id, executed_at, now()
    FROM raised ORDER BY executed_at, test_case_id
    ON CONFLICT (test_case_id, failed_at) DO NOTHING
"""  # noqa: S608
_ALL_OF_SOURCE = """
    SELECT test_case_id, min(executed_at), max(executed_at)
    FROM (
        SELECT test_case_id, executed_at FROM test_results
        WHERE status IN ('failed', 'error')
        UNION ALL
        SELECT test_case_id, failed_at FROM test_alarms
    ) moments JOIN test_cases t USING (test_case_id)
    WHERE t.source_id = %s GROUP BY test_case_id
"""


def judge_alarms(spans: FailureSpans) -> tuple[int, int]:
    """Make the alarms of the touched spans true; return how many were raised, withdrawn.

    An alarm is a failed result whose previous one of the same test is more than half the
    source's window earlier; alarms that stay true keep their row. The order in which
    results arrive does not matter.
    Source: DESIGN section 6, step 1.
    """
    if not spans.tests:
        return 0, 0
    values: dict[str, Any] = {
        "tests": spans.tests,
        "lows": spans.lows,
        "highs": spans.highs,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, values)
        withdrawn = cursor.rowcount
        cursor.execute(_RAISE, values)
        return cursor.rowcount, withdrawn


def rejudge_source(source: str) -> tuple[int, int]:
    """Make all alarms of a source's tests true, as after a change of its window."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL_OF_SOURCE, [source])
        rows = cursor.fetchall()
    spans = FailureSpans(
        [test for test, _low, _high in rows],
        [low for _test, low, _high in rows],
        [high for _test, _low, high in rows],
    )
    return judge_alarms(spans)
