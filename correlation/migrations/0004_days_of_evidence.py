"""What days add to the evidence, and which days' alarms changed since it was counted."""

from django.db import migrations, models

# Statement-level, so that no writer passes by and a large import adds a row per day.
TRIGGERS = """
CREATE FUNCTION test_alarms_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO test_alarm_changes (day, changes)
    SELECT DISTINCT (failed_at AT TIME ZONE 'UTC')::date, 1 FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER alarms_raised AFTER INSERT ON test_alarms
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION test_alarms_note_changes();
CREATE TRIGGER alarms_withdrawn AFTER DELETE ON test_alarms
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION test_alarms_note_changes();
CREATE TRIGGER alarms_moved_from AFTER UPDATE ON test_alarms
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION test_alarms_note_changes();
CREATE TRIGGER alarms_moved_to AFTER UPDATE ON test_alarms
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION test_alarms_note_changes();
"""
# Marks are dense already: compressing them takes longer than all the rest of a refresh.
STORAGE = """
ALTER TABLE test_evidence_days SET (toast_tuple_target = 8160);
ALTER TABLE test_evidence_days ALTER COLUMN marks SET STORAGE EXTERNAL;
"""
NO_TRIGGERS = """
DROP TRIGGER alarms_moved_to ON test_alarms;
DROP TRIGGER alarms_moved_from ON test_alarms;
DROP TRIGGER alarms_withdrawn ON test_alarms;
DROP TRIGGER alarms_raised ON test_alarms;
DROP FUNCTION test_alarms_note_changes();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("correlation", "0003_keep_backtests"),
    ]

    operations = [
        migrations.RunSQL(
            # A mark holds 27 bits of the number.
            "CREATE SEQUENCE test_cases_number AS integer MAXVALUE 134217727",
            "DROP SEQUENCE test_cases_number",
        ),
        migrations.AddField(
            model_name="testcase",
            name="number",
            field=models.IntegerField(
                db_default=models.Func(
                    models.Value("test_cases_number"), function="nextval"
                ),
                editable=False,
                help_text="Short stand-in for the id in stored evidence.",
                unique=True,
            ),
        ),
        migrations.CreateModel(
            name="AlarmChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("changes", models.BigIntegerField()),
            ],
            options={
                "db_table": "test_alarm_changes",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EvidenceDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("window_seconds", models.PositiveIntegerField()),
                ("integration_id", models.CharField(blank=True, max_length=50)),
                ("day", models.DateField()),
                ("revision", models.BigIntegerField()),
                ("fingerprint", models.BinaryField()),
                ("marks", models.BinaryField()),
            ],
            options={
                "db_table": "test_evidence_days",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("window_seconds", "integration_id", "day"),
                        name="one_evidence_day_per_window_and_integration",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("revision__gte", 0)),
                        name="evidence_day_revision_is_not_negative",
                    ),
                ],
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
