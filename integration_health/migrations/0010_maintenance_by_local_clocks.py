"""Recurring maintenance repeats by the clocks of its own time zone; so far that was UTC.

Releases before know no zone: what they plan repeats in UTC, as they mean it.
"""

from django.db import migrations, models

# A zone the database does not know would fail every writer of events: refused here.
KNOWN = """
ALTER TABLE integration_maintenance_windows ADD CONSTRAINT maintenance_zone_is_known
    CHECK ((starts_at AT TIME ZONE time_zone) IS NOT NULL);
"""

# Every repetition of the maintenance windows that has a moment in [low, high); an empty
# integration_id holds for all. Steps are days of a clock without a zone and lengths are
# seconds, so that no session's time zone shifts them. A zone's offset changes by a day at
# most (where the date line moved), so that much is looked at on either side.
#
# Where clocks go back PostgreSQL takes the later of two moments; RFC 5545 the first, which
# is a day after the same time yesterday. Where they skip the time, both read it by the
# offset before. Zones are slow to read: OFFSET 0 keeps what is read from being read again
# in every condition, and UTC needs no reading.
SPANS = """
CREATE OR REPLACE FUNCTION integration_maintenance_spans(
    low timestamptz, high timestamptz)
RETURNS TABLE (integration_id varchar, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT planned.integration_id, turn.at, turn.at + planned.lasts
    FROM (
        SELECT w.*, w.starts_at AT TIME ZONE w.time_zone AS clock,
            CASE w.recurrence WHEN 'daily' THEN 1 WHEN 'weekly' THEN 7 END AS days,
            extract(epoch FROM w.ends_at - w.starts_at) * interval '1 second' AS lasts
        FROM integration_maintenance_windows w
        OFFSET 0
    ) planned
    CROSS JOIN LATERAL (
        SELECT planned.starts_at AS at
        UNION ALL
        SELECT CASE
            WHEN planned.time_zone = 'UTC' THEN tick.clock AT TIME ZONE 'UTC'
            WHEN tick.later AT TIME ZONE planned.time_zone = tick.clock THEN tick.later
            ELSE tick.clock AT TIME ZONE planned.time_zone
            END
        FROM (
            SELECT clock, (clock - interval '1 day') AT TIME ZONE planned.time_zone
                + interval '24 hours' AS later
            FROM (
                SELECT planned.clock + n * planned.days * interval '1 day' AS clock
                FROM generate_series(
                    greatest(1, floor((
                        extract(epoch FROM low - planned.ends_at) / 86400 - 1)
                        / planned.days)::bigint),
                    ceil((extract(epoch FROM
                        least(high, planned.repeats_until) - planned.starts_at) / 86400
                        + 1) / planned.days)::bigint
                ) n
            ) series
        ) tick
        WHERE planned.days IS NOT NULL
        OFFSET 0
    ) turn
    WHERE turn.at < high AND turn.at + planned.lasts > low
        AND (planned.days IS NULL OR turn.at < planned.repeats_until)
$$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION integration_maintenance_spans(
    low timestamptz, high timestamptz)
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
ALTER TABLE integration_maintenance_windows DROP CONSTRAINT maintenance_zone_is_known;
"""


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0009_count_a_week_written_alone")]

    operations = [
        migrations.AddField(
            model_name="maintenancewindow",
            name="time_zone",
            field=models.CharField(
                db_default="UTC",
                default="UTC",
                max_length=64,
                verbose_name="time zone",
            ),
        ),
        migrations.RunSQL(KNOWN + SPANS, BEFORE),
    ]
