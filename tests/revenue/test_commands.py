"""The configuration from a shell: YAML out, YAML in, keys rotated."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from qa_observability import sample_registry
from qa_observability.lib.crypto import key_id_of
from revenue.configure import Authorship, set_assumption
from revenue.models import RevenueAssumption
from revenue.sample_data import purge_sample, sample_loaded
from revenue.sealing import key_ring
from tests.revenue.builders import values
from tests.revenue.domain.test_document import USERS_YAML
from tests.revenue.test_configure import NEXT_KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def users_file(tmp_path):
    path = tmp_path / "revenue.yml"
    path.write_bytes(USERS_YAML)
    return str(path)


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_what_is_imported_is_exported_as_it_was(users_file):
    answer = json.loads(run("revenue_config", "import", users_file))

    today = timezone.now().date().isoformat()
    assert answer == {
        "versions": [
            {"integrationId": slug, "validFrom": today}
            for slug in (None, "booking-com", "airbnb", "vrbo", "hmbn")
        ]
    }
    exported = run("revenue_config", "export")
    assert yaml.safe_load(exported) == yaml.safe_load(USERS_YAML)


def test_an_import_can_say_since_when_and_why(users_file):
    day = timezone.now().date() - timedelta(days=90)

    run(
        "revenue_config",
        "import",
        users_file,
        f"--valid-from={day}",
        "--reason=First set-up",
    )

    assert set(RevenueAssumption.objects.values_list("valid_from", "reason")) == {
        (day, "First set-up")
    }
    before = run("revenue_config", "export", f"--on={day - timedelta(days=1)}")
    assert yaml.safe_load(before) == {
        "revenue": {
            "avg_booking_value": 250.0,
            "leakage_percentage": 0.05,
            "integrations": {},
        }
    }


def test_a_dry_run_shows_the_effect_and_stores_nothing(users_file):
    set_assumption("vrbo", values("900.00"), Authorship(None, "", timezone.now()))

    effect = json.loads(run("revenue_config", "import", users_file, "--dry-run"))

    assert [period["period"] for period in effect["periods"]] == [
        "7d",
        "30d",
        "90d",
        "1y",
    ]
    assert RevenueAssumption.objects.count() == 1


def test_refusals_are_one_sentence_and_exit_1(tmp_path, users_file):
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("revenue: {leakage_percentage: 5}")

    with pytest.raises(CommandError, match="must be a ratio from 0 to 1"):
        run("revenue_config", "import", str(wrong))
    with pytest.raises(CommandError, match=r"gone\.yml cannot be read: No such file"):
        run("revenue_config", "import", str(tmp_path / "gone.yml"))
    run("revenue_config", "import", users_file)
    day = timezone.now().date()
    changed = tmp_path / "changed.yml"
    changed.write_text("revenue: {avg_booking_value: 1}")
    with pytest.raises(CommandError, match="already has a version valid from"):
        run("revenue_config", "import", str(changed), f"--valid-from={day}")
    run("revenue_config", "import", str(changed), f"--valid-from={day}", "--replace")


def test_keys_are_rotated_and_counted(settings):
    set_assumption("vrbo", values("900.00"), Authorship(None, "", timezone.now()))
    settings.REVENUE_KEYS = f"{NEXT_KEY},{settings.REVENUE_KEYS}"

    assert json.loads(run("rotate_revenue_key")) == {"resealed": 1, "versions": 1}
    assert key_id_of(bytes(RevenueAssumption.objects.get().sealed)) == "next"


def test_a_rotation_without_the_old_key_is_one_sentence(settings):
    set_assumption("vrbo", values("900.00"), Authorship(None, "", timezone.now()))
    settings.REVENUE_KEYS = NEXT_KEY

    with pytest.raises(
        CommandError, match="sealed with key 'test', which is not given"
    ):
        run("rotate_revenue_key")


def test_a_weak_key_stops_the_start_by_name(settings):
    settings.REVENUE_KEYS = "old:c2hvcnQ="

    with pytest.raises(
        ImproperlyConfigured, match="REVENUE_KEYS: key 'old' has 5 bytes, it needs 32"
    ):
        key_ring()


def test_the_sample_leaves_and_what_people_set_stays():
    now = timezone.now()
    assert not sample_loaded()
    sample = Authorship(None, "Sample", now, sample=True)
    set_assumption("airbnb", values("300.00"), sample)
    set_assumption("vrbo", values("200.00"), Authorship(None, "", now))
    assert sample_loaded()
    assert sample_registry.any_loaded()

    assert purge_sample(now) == {"revenue_assumptions": 1, "weekly_reports": 0}

    assert [row.integration_id for row in RevenueAssumption.objects.all()] == ["vrbo"]
