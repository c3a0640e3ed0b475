"""The four channels that every installation starts with."""

from django.db import migrations

INTEGRATIONS = [
    ("booking-com", "Booking.com", 10),
    ("airbnb", "Airbnb", 20),
    ("vrbo", "Vrbo", 30),
    ("hmbn", "HMBN", 40),
]


def seed(apps, schema_editor):
    integration = apps.get_model("integration_health", "Integration")
    for slug, name, position in INTEGRATIONS:
        integration.objects.get_or_create(
            slug=slug, defaults={"name": name, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0002_partitioned_events")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
