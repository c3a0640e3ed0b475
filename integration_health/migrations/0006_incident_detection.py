"""Incidents say which source detected them; counts of occurrences may be large."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0005_seed_endpoint_rules")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="detected_by",
            field=models.CharField(
                choices=[
                    ("manual", "Entered by hand"),
                    ("api", "Pushed by API"),
                    ("splunk", "Splunk import"),
                    ("poller", "Polled"),
                    ("webhook", "Webhook"),
                    ("sample", "Sample"),
                ],
                default="api",
                max_length=20,
                verbose_name="detected by",
            ),
        ),
        migrations.AlterField(
            model_name="incident",
            name="occurrences",
            field=models.PositiveBigIntegerField(
                default=0, verbose_name="failures counted"
            ),
        ),
    ]
