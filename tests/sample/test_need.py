"""When a start loads the sample quarter, and when it must not."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from correlation.ingest.files import Upload, import_lines
from integration_health.ingest.snapshots import SnapshotInput, record_snapshots
from qa_observability.sample.need import GROWN_OLD, sample_needed
from revenue.configure import Authorship, set_assumption
from revenue.domain.assumptions import AssumptionValues

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def add_result(executed_at, *, sample):
    line = {
        "testCaseId": f"a-test-{sample}",
        "testCaseName": "A test",
        "status": "passed",
        "executedAt": executed_at.isoformat(),
    }
    upload = Upload(source="ci", keep_sample=True, sample=sample)
    import_lines(BytesIO(json.dumps(line).encode()), upload, now=executed_at)


def add_snapshot():
    check = SnapshotInput(integration_id="vrbo", error_rate=Decimal("0.01"))
    record_snapshots([check], source="manual", actor="a person", now=NOW)


def add_assumption():
    values = AssumptionValues(
        avg_booking_value=Decimal("250.00"), leakage_percentage=Decimal("0.05")
    )
    set_assumption(None, values, Authorship(None, "A person's", NOW), currency="USD")


def test_an_empty_house_needs_the_sample():
    assert sample_needed(NOW) is True


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(GROWN_OLD, False, id="of today"),
        pytest.param(GROWN_OLD + SECOND, True, id="grown old"),
    ],
)
def test_a_sample_is_loaded_anew_when_it_has_grown_old(age, expected):
    add_result(NOW - age, sample=True)

    assert sample_needed(NOW) is expected


@pytest.mark.parametrize(
    "add",
    [
        pytest.param(lambda: add_result(NOW, sample=False), id="result"),
        pytest.param(add_snapshot, id="snapshot"),
        pytest.param(add_assumption, id="assumption"),
    ],
)
def test_anything_real_keeps_the_sample_away(add):
    add_result(NOW - timedelta(days=3), sample=True)

    add()

    assert sample_needed(NOW) is False


def test_the_command_says_that_nothing_was_needed(capsys):
    add_result(timezone.now(), sample=False)

    call_command("load_sample", "--if-needed")

    assert capsys.readouterr().out == "  not needed: there is data already\n"
