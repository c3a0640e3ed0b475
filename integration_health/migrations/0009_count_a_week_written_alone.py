"""Rollups also follow what is written to one week's own table, as COPY of new events is.

Statement-level triggers fire for the table a statement names. On the parent alone they
would make COPY insert row by row; named itself, a week takes a thousand at once.
"""

from django.db import migrations

WATCH = """
CREATE FUNCTION integration_events_watch(week regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER events_added AFTER INSERT ON %1$s
            REFERENCING NEW TABLE AS fresh
            FOR EACH STATEMENT EXECUTE FUNCTION integration_events_added();
        CREATE TRIGGER events_removed AFTER DELETE ON %1$s
            REFERENCING OLD TABLE AS gone
            FOR EACH STATEMENT EXECUTE FUNCTION integration_events_removed();
        CREATE TRIGGER events_edited AFTER UPDATE ON %1$s
            REFERENCING OLD TABLE AS gone NEW TABLE AS fresh
            FOR EACH STATEMENT EXECUTE FUNCTION integration_events_edited()', week);
END $$;

SELECT integration_events_watch(inhrelid::regclass)
FROM pg_inherits WHERE inhparent = 'integration_events'::regclass ORDER BY inhrelid;
"""

UNDO = """
DO $$
DECLARE
    week regclass;
BEGIN
    FOR week IN
        SELECT tgrelid::regclass FROM pg_trigger
        JOIN pg_inherits ON inhrelid = tgrelid
        WHERE inhparent = 'integration_events'::regclass AND tgname = 'events_added'
    LOOP
        EXECUTE format(
            'DROP TRIGGER events_added ON %1$s; DROP TRIGGER events_removed ON %1$s;
            DROP TRIGGER events_edited ON %1$s', week);
    END LOOP;
END $$;
DROP FUNCTION integration_events_watch;
"""


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0008_keep_traffic_by_route")]

    operations = [migrations.RunSQL(WATCH, UNDO)]
