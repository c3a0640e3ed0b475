"""Rollups of many new events at less cost: equal rows first become one, with their count.

Failures that are known are left out before the insert: refusing one there costs twice a
look at the index. Hours are updated by nearly every batch; with room in its page a new
version needs no entry in the index.
"""

from importlib import import_module

from django.db import migrations

_before = import_module("integration_health.migrations.0004_rollup_triggers")

# A point counts as its 10-minute interval. An aggregate's window stays as it is; of those
# that only differ in occurrences the largest has the failures of all.
ADDED = """
CREATE OR REPLACE FUNCTION integration_events_added() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM integration_events_lock(
        (SELECT array_agg(DISTINCT integration_id) FROM fresh), false);

    WITH counted AS MATERIALIZED (
        SELECT CASE WHEN window_start IS NULL
                THEN date_bin('10 minutes', occurred_at, timestamptz '2000-01-01 00:00Z')
                ELSE occurred_at
            END AS occurred_at,
            fingerprint, integration_id, occurred_on, event_type, severity,
            window_start, in_maintenance,
            count(*) AS rows, sum(occurrences) AS total, max(occurrences) AS occurrences
        FROM fresh
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ),
    {failures},
    born AS (
        INSERT INTO integration_failures AS f
            (integration_id, day, fingerprint, "interval", event_type, severity)
        SELECT DISTINCT integration_id, day, fingerprint, slot, event_type, severity
        FROM failed
        WHERE (
            SELECT true FROM integration_failures known
            WHERE known.integration_id = failed.integration_id
                AND known.day = failed.day
                AND known.fingerprint = failed.fingerprint
                AND known."interval" = failed.slot
        ) IS NULL
        ORDER BY integration_id, day, fingerprint, slot
        ON CONFLICT DO NOTHING
        RETURNING f.integration_id, f.day, f."interval", f.event_type, f.severity
    ),
    sums AS MATERIALIZED (
        SELECT integration_id, hour, event_type, severity, sum(rows) AS rows,
            sum(occurrences) AS occurrences, sum(failures) AS failures
        FROM (
            SELECT integration_id, date_trunc('hour', occurred_at, 'UTC') AS hour,
                event_type, severity, rows, total AS occurrences, 0 AS failures
            FROM counted
            UNION ALL
            SELECT integration_id,
                (day + make_interval(hours => "interval" / 6)) AT TIME ZONE 'UTC',
                event_type, severity, 0, 0, 1
            FROM born
        ) parts
        GROUP BY integration_id, hour, event_type, severity
    ),
    hours AS (
        INSERT INTO integration_event_hours AS h
            (integration_id, hour, event_type, severity, rows, occurrences, failures)
        SELECT * FROM sums ORDER BY integration_id, hour, event_type, severity
        ON CONFLICT (integration_id, hour, event_type, severity) DO UPDATE
        SET rows = h.rows + excluded.rows,
            occurrences = h.occurrences + excluded.occurrences,
            failures = h.failures + excluded.failures
    )
    INSERT INTO integration_event_days AS d
        (integration_id, day, event_type, severity, rows, occurrences, failures)
    SELECT integration_id, (hour AT TIME ZONE 'UTC')::date AS day, event_type, severity,
        sum(rows), sum(occurrences), sum(failures)
    FROM sums
    GROUP BY integration_id, 2, event_type, severity
    ORDER BY integration_id, 2, event_type, severity
    ON CONFLICT (integration_id, day, event_type, severity) DO UPDATE
    SET rows = d.rows + excluded.rows,
        occurrences = d.occurrences + excluded.occurrences,
        failures = d.failures + excluded.failures;

    INSERT INTO integration_burst_days AS b (integration_id, day, revision)
    SELECT DISTINCT integration_id, occurred_on, 1 FROM fresh
    WHERE severity IN ('high', 'critical')
    ORDER BY integration_id, occurred_on
    ON CONFLICT (integration_id, day) DO UPDATE SET revision = b.revision + 1;
    RETURN NULL;
END $$;
""".replace("{failures}", _before.FAILURES.format(rows="counted"))

ROOM = """
ALTER TABLE integration_event_hours SET (fillfactor = 50);
ALTER TABLE integration_event_days SET (fillfactor = 50);
"""
NO_ROOM = """
ALTER TABLE integration_event_hours RESET (fillfactor);
ALTER TABLE integration_event_days RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0010_maintenance_by_local_clocks")]

    operations = [
        migrations.RunSQL(
            ADDED,
            _before.ADDED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
        ),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
