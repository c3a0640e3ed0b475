"""Edits and deletions of events pay for the rows they touch, not for their whole days.

Rows and occurrences add up: old rows are taken off, new ones added. A failure stays while
any row has it, so those of the touched rows are counted again, from the ten minutes of
each and from the aggregates of its day. ``rebuild_health_days`` remains as the repair.
"""

from importlib import import_module

from django.db import migrations, models

_before = import_module("integration_health.migrations.0004_rollup_triggers")

# Aggregates are few among points; without it, those of a day are found by reading the day.
INDEX = """
CREATE INDEX idx_events_windows ON integration_events (integration_id, occurred_at)
    WHERE window_start IS NOT NULL
"""

# {changes} are the old rows with sign -1 and the new ones with sign 1. Whether the touched
# rows lay in maintenance when they were counted is not known, so every interval of theirs
# is looked at. Of a slot with one fingerprint the first row that has it is enough. Bitmaps
# would join the index of times with that of whole days; and estimates of how many rows
# intervals make are high enough to compile for seconds what runs for milliseconds.
CHANGED = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger
LANGUAGE plpgsql SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
    empty_hours integration_event_hours[];
    empty_days integration_event_days[];
BEGIN
    PERFORM integration_events_lock(
        (SELECT array_agg(DISTINCT integration_id) FROM ({changes}) changes), true);

    WITH changes AS MATERIALIZED ({changes}),
    touched AS MATERIALIZED (
        SELECT DISTINCT c.integration_id, c.fingerprint, c.event_type, c.severity,
            to_timestamp(n * 600) AS at, (to_timestamp(n * 600) AT TIME ZONE 'UTC')::date
                AS day, (n % 144)::smallint AS slot
        FROM changes c
        CROSS JOIN LATERAL (
            SELECT floor(date_part('epoch', coalesce(c.window_start, c.occurred_at))
                    / 600)::bigint AS first,
                ceil(date_part('epoch', c.occurred_at) / 600)::bigint AS past
        ) reach
        CROSS JOIN LATERAL generate_series(
            reach.first,
            CASE WHEN c.window_start IS NULL THEN reach.first
                ELSE least(reach.first + c.occurrences, reach.past) - 1 END
        ) n
    ),
    counted AS MATERIALIZED (
        SELECT e.integration_id, e.occurred_on, e.occurred_at, e.fingerprint, e.event_type,
            e.severity, e.occurrences, e.window_start, e.in_maintenance
        FROM (
            SELECT integration_id, day, at,
                CASE count(*) WHEN 1 THEN (array_agg(fingerprint))[1] END AS alone
            FROM touched GROUP BY integration_id, day, at
        ) slot
        CROSS JOIN LATERAL (
            SELECT * FROM integration_events
            WHERE integration_id = slot.integration_id AND occurred_on = slot.day
                AND occurred_at >= slot.at
                AND occurred_at < slot.at + interval '10 minutes'
                AND window_start IS NULL AND NOT in_maintenance
                AND (slot.alone IS NULL OR fingerprint = slot.alone)
            LIMIT CASE WHEN slot.alone IS NOT NULL THEN 1 END
        ) e
        UNION ALL
        SELECT e.integration_id, e.occurred_on, e.occurred_at, e.fingerprint, e.event_type,
            e.severity, e.occurrences, e.window_start, e.in_maintenance
        FROM (
            SELECT integration_id, day, min(at) AS low,
                max(at) + interval '10 minutes' AS high
            FROM touched GROUP BY integration_id, day
        ) reach
        CROSS JOIN LATERAL (
            SELECT * FROM integration_events
            WHERE integration_id = reach.integration_id AND occurred_on = reach.day
                AND occurred_at > reach.low AND window_start < reach.high
            UNION ALL
            SELECT * FROM integration_events
            WHERE integration_id = reach.integration_id
                AND occurred_on > reach.day AND occurred_on <= reach.day + 91
                AND window_start < reach.high
                AND (window_start AT TIME ZONE 'UTC')::date < occurred_on
        ) e
    ),
    {failures},
    standing AS MATERIALIZED (
        SELECT integration_id, day, slot, fingerprint FROM touched
        INTERSECT
        SELECT integration_id, day, slot, fingerprint FROM failed
    ),
    ended AS (
        DELETE FROM integration_failures f
        USING (
            SELECT integration_id, day, slot, fingerprint FROM touched
            EXCEPT
            SELECT * FROM standing
        ) past
        WHERE f.integration_id = past.integration_id AND f.day = past.day
            AND f.fingerprint = past.fingerprint AND f."interval" = past.slot
        RETURNING (f.day + make_interval(hours => f."interval" / 6)) AT TIME ZONE 'UTC'
            AS hour, f.integration_id, f.event_type, f.severity
    ),
    born AS (
        INSERT INTO integration_failures AS f
            (integration_id, day, fingerprint, "interval", event_type, severity)
        SELECT integration_id, day, fingerprint, slot, event_type, severity
        FROM standing JOIN touched USING (integration_id, day, fingerprint, slot)
        ORDER BY integration_id, day, fingerprint, slot
        ON CONFLICT DO NOTHING
        RETURNING (f.day + make_interval(hours => f."interval" / 6)) AT TIME ZONE 'UTC'
            AS hour, f.integration_id, f.event_type, f.severity
    ),
    sums AS MATERIALIZED (
        SELECT integration_id, hour, event_type, severity,
            sum(rows) AS rows, sum(occurrences) AS occurrences, sum(failures) AS failures
        FROM (
            SELECT integration_id, date_trunc('hour', occurred_at, 'UTC') AS hour,
                event_type, severity, sign AS rows,
                sign * occurrences::bigint AS occurrences, 0 AS failures
            FROM changes
            UNION ALL
            SELECT integration_id, hour, event_type, severity, 0, 0, -1 FROM ended
            UNION ALL
            SELECT integration_id, hour, event_type, severity, 0, 0, 1 FROM born
        ) parts
        GROUP BY 1, 2, 3, 4
        HAVING sum(rows) <> 0 OR sum(occurrences) <> 0 OR sum(failures) <> 0
    ),
    hours AS (
        INSERT INTO integration_event_hours AS h
            (integration_id, hour, event_type, severity, rows, occurrences, failures)
        SELECT * FROM sums ORDER BY integration_id, hour, event_type, severity
        ON CONFLICT (integration_id, hour, event_type, severity) DO UPDATE
        SET rows = h.rows + excluded.rows,
            occurrences = h.occurrences + excluded.occurrences,
            failures = h.failures + excluded.failures
        RETURNING h AS kept
    ),
    days AS (
        INSERT INTO integration_event_days AS d
            (integration_id, day, event_type, severity, rows, occurrences, failures)
        SELECT integration_id, (hour AT TIME ZONE 'UTC')::date AS day, event_type,
            severity, sum(rows), sum(occurrences), sum(failures)
        FROM sums
        GROUP BY integration_id, 2, event_type, severity
        ORDER BY integration_id, 2, event_type, severity
        ON CONFLICT (integration_id, day, event_type, severity) DO UPDATE
        SET rows = d.rows + excluded.rows,
            occurrences = d.occurrences + excluded.occurrences,
            failures = d.failures + excluded.failures
        RETURNING d AS kept
    )
    SELECT
        (SELECT array_agg(kept) FROM hours
            WHERE (kept).rows = 0 AND (kept).failures = 0),
        (SELECT array_agg(kept) FROM days
            WHERE (kept).rows = 0 AND (kept).failures = 0)
    INTO empty_hours, empty_days;

    DELETE FROM integration_event_hours h USING unnest(empty_hours) e
    WHERE h.integration_id = e.integration_id AND h.hour = e.hour
        AND h.event_type = e.event_type AND h.severity = e.severity;
    DELETE FROM integration_event_days d USING unnest(empty_days) e
    WHERE d.integration_id = e.integration_id AND d.day = e.day
        AND d.event_type = e.event_type AND d.severity = e.severity;

    INSERT INTO integration_burst_days AS b (integration_id, day, revision)
    SELECT DISTINCT integration_id, occurred_on, 1 FROM ({changes}) changes
    WHERE severity IN ('high', 'critical')
    ORDER BY integration_id, occurred_on
    ON CONFLICT (integration_id, day) DO UPDATE SET revision = b.revision + 1;
    RETURN NULL;
END $$;
""".replace("{failures}", _before.FAILURES.format(rows="counted"))

OLD = "SELECT -1 AS sign, * FROM gone"
OLD_AND_NEW = "SELECT -1 AS sign, * FROM gone UNION ALL SELECT 1, * FROM fresh"


def _function(name: str, changes: str) -> str:
    return CHANGED.replace("{name}", name).replace("{changes}", changes)


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0011_count_equal_rows_once")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(INDEX, "DROP INDEX idx_events_windows"),
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="integrationevent",
                    index=models.Index(
                        condition=models.Q(("window_start__isnull", False)),
                        fields=["integration", "occurred_at"],
                        name="idx_events_windows",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            _function("integration_events_removed", OLD)
            + _function("integration_events_edited", OLD_AND_NEW),
            _before.CHANGED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
        ),
    ]
