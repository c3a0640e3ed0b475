"""Remember the base test of parametrised tests; find sample results without a scan."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("correlation", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="testcase",
            name="family",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="Id of the base test of a parametrised test.",
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="testcase",
            index=models.Index(
                condition=models.Q(("family", ""), _negated=True),
                fields=["family"],
                name="idx_tests_family",
            ),
        ),
        migrations.AddIndex(
            model_name="testresult",
            index=models.Index(
                condition=models.Q(("sample", True)),
                fields=["test_case"],
                name="idx_results_sample",
            ),
        ),
    ]
