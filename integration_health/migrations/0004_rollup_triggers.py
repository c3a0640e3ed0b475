"""Rollups of events, kept by statement-level triggers so that no writer can pass them by.

Order of locks, the same for every writer: advisory lock of the integration, failures,
days, hours, burst days, each in key order. Inserts share the advisory lock; updates,
deletes and repairs hold it alone, because they count rows again and must see every one.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# The class of advisory locks; the object is the hash of the integration's id.
LOCKS = """
CREATE FUNCTION integration_events_lock(integrations text[], alone boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    slug text;
BEGIN
    FOR slug IN SELECT DISTINCT s FROM unnest(integrations) s ORDER BY s LOOP
        IF alone THEN
            PERFORM pg_advisory_xact_lock(5201, hashtext(slug));
        ELSE
            PERFORM pg_advisory_xact_lock_shared(5201, hashtext(slug));
        END IF;
    END LOOP;
END $$;
"""

# Every repetition of the maintenance windows that has a moment in [low, high); an empty
# integration_id holds for all. Steps are hours, so that no session's time zone shifts them.
MAINTENANCE = """
CREATE FUNCTION integration_maintenance_spans(low timestamptz, high timestamptz)
RETURNS TABLE (integration_id varchar, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT w.integration_id, turn.at, turn.at + (w.ends_at - w.starts_at)
    FROM integration_maintenance_windows w
    CROSS JOIN LATERAL (
        SELECT CASE w.recurrence WHEN 'daily' THEN 86400
                                 WHEN 'weekly' THEN 604800 END AS seconds
    ) every
    CROSS JOIN LATERAL (
        SELECT w.starts_at AS at
        WHERE every.seconds IS NULL AND w.starts_at < high AND w.ends_at > low
        UNION ALL
        SELECT w.starts_at + n * every.seconds * interval '1 second'
        FROM generate_series(
            greatest(0, floor(
                extract(epoch FROM low - w.ends_at) / every.seconds)::bigint + 1),
            ceil(extract(epoch FROM least(high, w.repeats_until) - w.starts_at)
                / every.seconds)::bigint - 1
        ) n
        WHERE every.seconds IS NOT NULL
    ) turn
$$;
"""

# One row per failure of the rows of {rows}: points in time outside maintenance, and the
# first min(occurrences, intervals) intervals of an aggregate's window that do not start
# inside maintenance. The same definition as integration_health.domain.failures.
FAILURES = """
    shut AS MATERIALIZED (
        SELECT spans.*
        FROM (
            SELECT min(window_start) AS low, max(occurred_at) AS high
            FROM {rows} WHERE window_start IS NOT NULL
        ) reach
        CROSS JOIN LATERAL integration_maintenance_spans(
            reach.low - interval '10 minutes', reach.high) spans
    ),
    failed AS (
        SELECT integration_id, occurred_on AS day,
            (floor(date_part('epoch', occurred_at) / 600)::bigint % 144)::smallint AS slot,
            fingerprint, event_type, severity
        FROM {rows}
        WHERE window_start IS NULL AND NOT in_maintenance
        UNION ALL
        SELECT e.integration_id, (at AT TIME ZONE 'UTC')::date,
            (floor(date_part('epoch', at) / 600)::bigint % 144)::smallint,
            e.fingerprint, e.event_type, e.severity
        FROM {rows} e
        CROSS JOIN LATERAL (
            SELECT floor(date_part('epoch', e.window_start) / 600)::bigint AS first,
                ceil(date_part('epoch', e.occurred_at) / 600)::bigint AS past
        ) reach
        CROSS JOIN LATERAL (
            SELECT to_timestamp(n * 600) AS at
            FROM generate_series(
                reach.first,
                least(reach.first + e.occurrences, reach.past) - 1
            ) n
        ) turn
        WHERE e.window_start IS NOT NULL AND NOT EXISTS (
            SELECT FROM shut
            WHERE (shut.integration_id IS NULL
                    OR shut.integration_id = e.integration_id)
                AND turn.at >= shut.starts_at AND turn.at < shut.ends_at
        )
    )
"""

ADDED = """
CREATE FUNCTION integration_events_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM integration_events_lock(
        (SELECT array_agg(DISTINCT integration_id) FROM fresh), false);

    WITH {failures},
    born AS (
        INSERT INTO integration_failures AS f
            (integration_id, day, fingerprint, "interval", event_type, severity)
        SELECT DISTINCT integration_id, day, fingerprint, slot, event_type, severity
        FROM failed
        ORDER BY integration_id, day, fingerprint, slot
        ON CONFLICT DO NOTHING
        RETURNING f.integration_id, f.day, f."interval", f.event_type, f.severity
    ),
    sums AS MATERIALIZED (
        SELECT integration_id, hour, event_type, severity, sum(rows) AS rows,
            sum(occurrences) AS occurrences, sum(failures) AS failures
        FROM (
            SELECT integration_id, date_trunc('hour', occurred_at, 'UTC') AS hour,
                event_type, severity, 1 AS rows, occurrences, 0 AS failures
            FROM fresh
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
""".replace("{failures}", FAILURES.format(rows="fresh"))

# The repair and the oracle: one day of one integration, counted from its rows. Days older
# than the oldest partition keep what they have, because their rows are gone by design.
REBUILD = """
CREATE FUNCTION rebuild_health_day(slug text, the_day date)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    midnight timestamptz := the_day::timestamp AT TIME ZONE 'UTC';
BEGIN
    PERFORM integration_events_lock(ARRAY[slug], true);
    IF the_day < (
        SELECT min(to_date(right(c.relname, 8), 'YYYYMMDD'))
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'integration_events'::regclass
    ) THEN
        RETURN;
    END IF;

    DELETE FROM integration_failures WHERE integration_id = slug AND day = the_day;
    WITH counted AS (
        SELECT * FROM integration_events
        WHERE integration_id = slug AND occurred_on = the_day
        UNION ALL
        SELECT * FROM integration_events
        WHERE integration_id = slug
            AND occurred_on > the_day AND occurred_on <= the_day + 91
            AND window_start < midnight + interval '24 hours'
            AND (window_start AT TIME ZONE 'UTC')::date < occurred_on
    ), {failures}
    INSERT INTO integration_failures
        (integration_id, day, fingerprint, "interval", event_type, severity)
    SELECT DISTINCT integration_id, day, fingerprint, slot, event_type, severity
    FROM failed WHERE day = the_day;

    DELETE FROM integration_event_hours
    WHERE integration_id = slug
        AND hour >= midnight AND hour < midnight + interval '24 hours';
    INSERT INTO integration_event_hours
        (integration_id, hour, event_type, severity, rows, occurrences, failures)
    SELECT slug, hour, event_type, severity, sum(rows), sum(occurrences), sum(failures)
    FROM (
        SELECT date_trunc('hour', occurred_at, 'UTC') AS hour, event_type, severity,
            1 AS rows, occurrences, 0 AS failures
        FROM integration_events
        WHERE integration_id = slug AND occurred_on = the_day
        UNION ALL
        SELECT (day + make_interval(hours => "interval" / 6)) AT TIME ZONE 'UTC',
            event_type, severity, 0, 0, 1
        FROM integration_failures
        WHERE integration_id = slug AND day = the_day
    ) parts
    GROUP BY hour, event_type, severity;

    DELETE FROM integration_event_days WHERE integration_id = slug AND day = the_day;
    INSERT INTO integration_event_days
        (integration_id, day, event_type, severity, rows, occurrences, failures)
    SELECT slug, the_day, event_type, severity,
        sum(rows), sum(occurrences), sum(failures)
    FROM integration_event_hours
    WHERE integration_id = slug
        AND hour >= midnight AND hour < midnight + interval '24 hours'
    GROUP BY event_type, severity;

    INSERT INTO integration_burst_days AS b (integration_id, day, revision)
    SELECT slug, the_day, 1
    WHERE EXISTS (
        SELECT FROM integration_events
        WHERE integration_id = slug AND occurred_on = the_day
            AND severity IN ('high', 'critical')
    ) OR EXISTS (
        SELECT FROM integration_burst_days
        WHERE integration_id = slug AND day = the_day
    )
    ON CONFLICT (integration_id, day) DO UPDATE SET revision = b.revision + 1;
END $$;
""".replace("{failures}", FAILURES.format(rows="counted"))

CHANGED = """
CREATE FUNCTION rebuild_health_days(slugs text[], days date[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    touched record;
BEGIN
    PERFORM integration_events_lock(slugs, true);
    FOR touched IN
        SELECT DISTINCT slug, day FROM unnest(slugs, days) t(slug, day) ORDER BY slug, day
    LOOP
        PERFORM rebuild_health_day(touched.slug, touched.day);
    END LOOP;
END $$;

CREATE FUNCTION integration_events_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM rebuild_health_days(array_agg(integration_id), array_agg(day))
    FROM (
        SELECT DISTINCT integration_id, day::date
        FROM gone CROSS JOIN LATERAL generate_series(
            (coalesce(window_start, occurred_at) AT TIME ZONE 'UTC')::date,
            occurred_on, interval '1 day') day
    ) touched HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION integration_events_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM rebuild_health_days(array_agg(integration_id), array_agg(day))
    FROM (
        SELECT DISTINCT integration_id, day::date
        FROM (SELECT * FROM gone UNION ALL SELECT * FROM fresh) either
        CROSS JOIN LATERAL generate_series(
            (coalesce(window_start, occurred_at) AT TIME ZONE 'UTC')::date,
            occurred_on, interval '1 day') day
    ) touched HAVING count(*) > 0;
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE INDEX idx_events_past_midnight ON integration_events (integration_id, occurred_on)
    WHERE (window_start AT TIME ZONE 'UTC')::date < occurred_on;

CREATE TRIGGER events_added AFTER INSERT ON integration_events
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION integration_events_added();
CREATE TRIGGER events_removed AFTER DELETE ON integration_events
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION integration_events_removed();
CREATE TRIGGER events_edited AFTER UPDATE ON integration_events
    REFERENCING OLD TABLE AS gone NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION integration_events_edited();
"""

UNDO = """
DROP TRIGGER events_added ON integration_events;
DROP TRIGGER events_removed ON integration_events;
DROP TRIGGER events_edited ON integration_events;
DROP INDEX idx_events_past_midnight;
DROP FUNCTION integration_events_added, integration_events_removed,
    integration_events_edited, rebuild_health_days, rebuild_health_day,
    integration_maintenance_spans, integration_events_lock;
"""


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0003_seed_integrations")]

    operations = [
        migrations.CreateModel(
            name="BurstDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "integration_id",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("revision", models.BigIntegerField(default=1)),
                ("judged", models.BigIntegerField(db_default=0, default=0)),
                (
                    "counts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "burst_size",
                    models.PositiveIntegerField(null=True, verbose_name="burst size"),
                ),
                (
                    "integration",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="integration_health.integration",
                    ),
                ),
            ],
            options={"db_table": "integration_burst_days"},
        ),
        migrations.RunSQL(
            LOCKS + MAINTENANCE + ADDED + REBUILD + CHANGED + TRIGGERS, UNDO
        ),
    ]
