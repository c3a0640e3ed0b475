"""Give every installation the rules most channels need; admins change them freely."""

from django.db import migrations

from integration_health.domain.mapping import DEFAULT_RULES

STEP = 10


def seed(apps, schema_editor):
    rules = apps.get_model("integration_health", "EndpointRule")
    rules.objects.bulk_create(
        rules(
            position=STEP * number,
            tokens=list(rule.tokens),
            integration_key=rule.integration_key,
            aspect=rule.aspect or "",
        )
        for number, rule in enumerate(DEFAULT_RULES, start=1)
    )


def unseed(apps, schema_editor):
    apps.get_model("integration_health", "EndpointRule").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("integration_health", "0004_rollup_triggers")]

    operations = [migrations.RunPython(seed, unseed)]
