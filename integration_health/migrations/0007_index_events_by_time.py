"""Events of all channels by time, newest first, for the admin's list."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0006_incident_detection")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE INDEX idx_events_occurred_at"
                    " ON integration_events (occurred_at DESC, id)",
                    "DROP INDEX idx_events_occurred_at",
                ),
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="integrationevent",
                    index=models.Index(
                        django.db.models.expressions.OrderBy(
                            django.db.models.expressions.F("occurred_at"),
                            descending=True,
                        ),
                        django.db.models.expressions.F("id"),
                        name="idx_events_occurred_at",
                    ),
                ),
            ],
        ),
    ]
