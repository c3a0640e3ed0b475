from django.db import migrations

from qa_observability.roles import grant_rights, remove_roles


class Migration(migrations.Migration):
    dependencies = [
        ("qa_observability", "0001_initial"),
        ("integration_health", "0001_initial"),
        ("correlation", "0001_initial"),
        ("revenue", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("axes", "__first__"),
    ]
    operations = [migrations.RunPython(grant_rights, remove_roles)]
