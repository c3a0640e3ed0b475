"""Rows of imports step by step, so that other rules can map 90 days again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("integration_health", "0007_index_events_by_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="span",
            field=models.DurationField(
                blank=True, editable=False, null=True, verbose_name="length of a step"
            ),
        ),
        migrations.CreateModel(
            name="EndpointTraffic",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("bin_start", models.DateTimeField(null=True)),
                ("requests", models.BigIntegerField()),
                ("errors", models.BigIntegerField()),
                ("client_errors", models.BigIntegerField()),
                ("server_errors", models.BigIntegerField()),
                ("occurred_at", models.DateTimeField(null=True)),
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
                        null=True,
                    ),
                ),
                ("message", models.TextField(null=True)),
                ("metadata", models.TextField(null=True)),
                ("row_key", models.BinaryField(null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="traffic",
                        to="integration_health.endpointstat",
                    ),
                ),
            ],
            options={
                "verbose_name": "traffic of an endpoint",
                "verbose_name_plural": "traffic of endpoints",
                "db_table": "integration_endpoint_traffic",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("errors__gte", 0), ("errors__lte", models.F("requests"))
                        ),
                        name="traffic_errors_are_among_requests",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("message", None),
                                ("metadata", None),
                                ("occurred_at", None),
                                ("row_key", None),
                                ("severity", None),
                            ),
                            models.Q(
                                ("message__isnull", False),
                                ("metadata__isnull", False),
                                ("occurred_at__isnull", False),
                                ("row_key__isnull", False),
                                ("severity__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_kept_line_is_whole",
                    ),
                ],
            },
        ),
    ]
