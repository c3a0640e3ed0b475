"""The table of events: range-partitioned in SQL, an ordinary model in Django's state."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import qa_observability.lib.ids

CREATE = """
CREATE TABLE integration_events (
    id uuid NOT NULL,
    integration_id varchar(50) NOT NULL,
    event_type varchar(50) NOT NULL,
    severity varchar(20) NOT NULL,
    message text NOT NULL DEFAULT '',
    metadata jsonb NOT NULL DEFAULT '{}',
    occurred_at timestamptz NOT NULL,
    occurred_on date NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    occurrences integer NOT NULL DEFAULT 1,
    dedup_key varchar(200) NOT NULL,
    fingerprint bytea NOT NULL,
    window_start timestamptz,
    window_end timestamptz,
    in_maintenance boolean NOT NULL DEFAULT false,
    source varchar(20) NOT NULL,
    actor varchar(150) NOT NULL DEFAULT '',
    batch_id uuid,
    PRIMARY KEY (id, occurred_on),
    CONSTRAINT one_event_per_dedup_key_and_day
        UNIQUE (integration_id, occurred_on, dedup_key),
    CONSTRAINT occurred_on_is_the_utc_day_of_occurred_at
        CHECK (occurred_on = (occurred_at AT TIME ZONE 'UTC')::date),
    CONSTRAINT event_type_is_a_snake_case_word
        CHECK (event_type ~ '^[a-z][a-z0-9_]{1,49}$'),
    CONSTRAINT event_severity_is_known
        CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT event_source_is_known
        CHECK (source IN ('manual', 'api', 'splunk', 'poller', 'webhook', 'sample')),
    CONSTRAINT event_occurs_at_least_once CHECK (occurrences >= 1),
    CONSTRAINT event_window_is_whole_and_ends_at_occurred_at
        CHECK ((window_start IS NULL AND window_end IS NULL)
            OR (window_start IS NOT NULL AND window_end IS NOT NULL
                AND window_start < window_end AND window_end = occurred_at))
) PARTITION BY RANGE (occurred_on);

CREATE INDEX idx_events_integration_time
    ON integration_events (integration_id, occurred_at DESC, id);
CREATE INDEX idx_events_hot
    ON integration_events (integration_id, occurred_at)
    WHERE severity IN ('high', 'critical');
CREATE INDEX idx_events_batch ON integration_events (batch_id)
    WHERE batch_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(CREATE, "DROP TABLE integration_events"),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="IntegrationEvent",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=qa_observability.lib.ids.uuid7,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event_type",
                            models.CharField(max_length=50, verbose_name="type"),
                        ),
                        (
                            "severity",
                            models.CharField(
                                choices=[
                                    ("low", "Low"),
                                    ("medium", "Medium"),
                                    ("high", "High"),
                                    ("critical", "Critical"),
                                ],
                                max_length=20,
                                verbose_name="severity",
                            ),
                        ),
                        (
                            "message",
                            models.TextField(
                                blank=True, default="", verbose_name="message"
                            ),
                        ),
                        (
                            "metadata",
                            models.JSONField(
                                blank=True, default=dict, verbose_name="metadata"
                            ),
                        ),
                        (
                            "occurred_at",
                            models.DateTimeField(verbose_name="occurred at"),
                        ),
                        (
                            "occurred_on",
                            models.DateField(editable=False, verbose_name="UTC day"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                auto_now_add=True,
                                db_default=django.db.models.functions.datetime.Now(),
                            ),
                        ),
                        (
                            "occurrences",
                            models.PositiveIntegerField(
                                default=1, verbose_name="occurrences"
                            ),
                        ),
                        ("dedup_key", models.CharField(editable=False, max_length=200)),
                        ("fingerprint", models.BinaryField()),
                        ("window_start", models.DateTimeField(blank=True, null=True)),
                        ("window_end", models.DateTimeField(blank=True, null=True)),
                        (
                            "in_maintenance",
                            models.BooleanField(
                                default=False, verbose_name="in maintenance"
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("manual", "Entered by hand"),
                                    ("api", "Pushed by API"),
                                    ("splunk", "Splunk import"),
                                    ("poller", "Polled"),
                                    ("webhook", "Webhook"),
                                    ("sample", "Sample"),
                                ],
                                max_length=20,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "actor",
                            models.CharField(
                                blank=True,
                                default="",
                                max_length=150,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "batch_id",
                            models.UUIDField(
                                blank=True,
                                editable=False,
                                null=True,
                                verbose_name="import",
                            ),
                        ),
                        (
                            "integration",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="integration_health.integration",
                                verbose_name="integration",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "event",
                        "verbose_name_plural": "events",
                        "db_table": "integration_events",
                    },
                ),
                migrations.AddIndex(
                    model_name="integrationevent",
                    index=models.Index(
                        models.F("integration"),
                        models.OrderBy(models.F("occurred_at"), descending=True),
                        models.F("id"),
                        name="idx_events_integration_time",
                    ),
                ),
                migrations.AddIndex(
                    model_name="integrationevent",
                    index=models.Index(
                        condition=models.Q(("severity__in", ["high", "critical"])),
                        fields=["integration", "occurred_at"],
                        name="idx_events_hot",
                    ),
                ),
                migrations.AddIndex(
                    model_name="integrationevent",
                    index=models.Index(
                        condition=models.Q(("batch_id__isnull", False)),
                        fields=["batch_id"],
                        name="idx_events_batch",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="integrationevent",
                    constraint=models.UniqueConstraint(
                        fields=("integration", "occurred_on", "dedup_key"),
                        name="one_event_per_dedup_key_and_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="integrationevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("event_type__regex", "^[a-z][a-z0-9_]{1,49}$")
                        ),
                        name="event_type_is_a_snake_case_word",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="integrationevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("severity__in", ["low", "medium", "high", "critical"])
                        ),
                        name="event_severity_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="integrationevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    "manual",
                                    "api",
                                    "splunk",
                                    "poller",
                                    "webhook",
                                    "sample",
                                ],
                            )
                        ),
                        name="event_source_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="integrationevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("occurrences__gte", 1)),
                        name="event_occurs_at_least_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="integrationevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("window_end__isnull", True),
                                ("window_start__isnull", True),
                            ),
                            models.Q(
                                ("window_end", models.F("occurred_at")),
                                ("window_end__isnull", False),
                                ("window_start__isnull", False),
                                ("window_start__lt", models.F("window_end")),
                            ),
                            _connector="OR",
                        ),
                        name="event_window_is_whole_and_ends_at_occurred_at",
                    ),
                ),
            ],
        ),
    ]
