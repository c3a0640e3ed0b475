from django.db import migrations

from qa_observability.roles import grant_rights


class Migration(migrations.Migration):
    """Give the roles their rights to weekly reports; taken away with the tables."""

    dependencies = [
        ("qa_observability", "0002_roles"),
        ("revenue", "0002_weekly_reports"),
    ]
    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
