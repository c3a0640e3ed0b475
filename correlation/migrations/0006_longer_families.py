"""Families of tests whose ids somebody chose: as long as these may be."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("correlation", "0005_names_of_links"),
    ]

    operations = [
        migrations.AlterField(
            model_name="testcase",
            name="family",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="Id of the base test of a parametrised test.",
                max_length=100,
            ),
        ),
    ]
