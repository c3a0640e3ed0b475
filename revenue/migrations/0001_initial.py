import django.db.models.deletion
import qa_observability.lib.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("integration_health", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RevenueAssumption",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=qa_observability.lib.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="version",
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(help_text="A UTC day.", verbose_name="valid from"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("sealed", models.BinaryField()),
                ("actor", models.CharField(max_length=150, verbose_name="by")),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="reason"
                    ),
                ),
                (
                    "sample",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="sample"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(editable=False, verbose_name="written"),
                ),
                (
                    "superseded_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="replaced"
                    ),
                ),
                (
                    "integration",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the default of all integrations.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revenue_assumptions",
                        to="integration_health.integration",
                        verbose_name="integration",
                    ),
                ),
            ],
            options={
                "verbose_name": "revenue assumption",
                "verbose_name_plural": "revenue assumptions",
                "db_table": "revenue_assumptions",
                "permissions": [
                    ("view_money", "May see money"),
                    ("configure_revenue", "May change revenue assumptions"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("integration", "valid_from"),
                        name="one_assumption_in_force_per_integration_and_day",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="assumption_currency_is_three_letters",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sealed__length__gte", 32)),
                        name="assumption_is_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at", None),
                            ("superseded_at__gte", models.F("created_at")),
                            _connector="OR",
                        ),
                        name="assumption_is_replaced_after_it_was_written",
                    ),
                ],
            },
        ),
    ]
