import pytest

from integration_health.enums import Source
from integration_health.models import ImportBatch
from integration_health.sample_data import sample_loaded
from tests.integration_health.imports.imports import DAY, import_file, minutes, stat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sample():
    import_file("endpoint_stats.ndjson", window=DAY, source=Source.SAMPLE)


ROWS = [stat("/vrbo/a", 10, 1, at=DAY.end + minutes(5 * number)) for number in range(2)]


def test_the_first_real_import_takes_the_sample_away():
    summary = import_file(ROWS)

    assert [notice.code for notice in summary.warnings] == ["sample_removed"]
    assert list(ImportBatch.objects.values_list("source", flat=True)) == ["splunk"]
    assert not sample_loaded()


def test_the_sample_stays_when_told_to():
    import_file(ROWS, keep_sample=True)

    assert sample_loaded()


def test_a_dry_run_leaves_the_sample():
    import_file(ROWS, dry_run=True)

    assert sample_loaded()


def test_real_rows_do_not_overlap_a_sample_that_goes():
    summary = import_file("endpoint_stats.csv", window=DAY)

    assert summary.status == "committed"
    assert list(ImportBatch.objects.values_list("source", flat=True)) == ["splunk"]
