import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from integration_health.models import ImportBatch
from tests.integration_health.imports.imports import DATA, lines, stat

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WINDOW = ("--from", "2026-11-20T09:00:00Z", "--to", "2026-11-20T10:00:00Z")


@pytest.fixture
def run(monkeypatch):
    """Run the command on the 21st of November 2026; return what it prints."""
    monkeypatch.setattr(
        "integration_health.management.commands.import_splunk.timezone.now",
        lambda: NOW,
    )

    def run(*arguments):
        out = StringIO()
        call_command("import_splunk", *map(str, arguments), stdout=out)
        return json.loads(out.getvalue())

    return run


def test_the_command_prints_the_summary_alone(run):
    printed = run(DATA / "endpoint_stats.ndjson", *WINDOW)

    batch = ImportBatch.objects.get()
    assert printed == {
        "importId": str(batch.pk),
        "status": "committed",
        "dryRun": False,
        "shape": "endpoint_stats",
        "window": {"from": "2026-11-20T09:00:00Z", "to": "2026-11-20T10:00:00Z"},
        "read": 14,
        "accepted": 14,
        "rejected": 0,
        "ignored": 0,
        "duplicates": 0,
        "incomplete": False,
        "truncated": False,
        "warnings": [
            {"code": "too_coarse", "detail": printed["warnings"][0]["detail"]}
        ],
        "integrations": [
            {
                "integrationId": slug,
                "requests": requests,
                "errors": errors,
                "errorRate": rate,
            }
            for slug, requests, errors, rate in [
                ("booking-com", 9100, 546, 0.06),
                ("airbnb", 38900, 120, 0.0031),
                ("vrbo", 42660, 414, 0.0097),
                ("hmbn", 640, 3, 0.0047),
            ]
        ],
        "unmapped": {"rows": 6, "requests": 873, "errors": 68},
        "others": [{"name": "google", "rows": 1, "requests": 182000, "errors": 0}],
        "rejectedRows": [],
    }


def test_a_dry_run_stores_nothing(run):
    printed = run(DATA / "endpoint_stats.ndjson", *WINDOW, "--dry-run")

    assert (printed["status"], printed["importId"]) == ("dry_run", None)
    assert not ImportBatch.objects.exists()


def test_times_without_an_offset_are_of_the_zone_given(run):
    printed = run(
        DATA / "endpoint_stats.ndjson",
        *("--from", "2026-11-20T09:00", "--to", "2026-11-20T10:00"),
        *("--zone", "America/Sao_Paulo"),
    )

    assert printed["window"] == {
        "from": "2026-11-20T12:00:00Z",
        "to": "2026-11-20T13:00:00Z",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.json"], "nowhere.json cannot be read"),
        ([DATA / "raw_events.txt"], "raw text"),
        ([DATA / "endpoint_stats.ndjson"], "no _time"),
        ([DATA / "endpoint_stats.ndjson", "--from", "2026-11-20T09:00:00Z"], "to:"),
        ([DATA / "endpoint_stats.ndjson", "--from", "yesterday"], "from:"),
        ([DATA / "endpoint_stats.ndjson", *WINDOW, "--zone", "Mars"], "time zone"),
    ],
)
def test_a_refusal_says_what_to_do(run, arguments, words):
    with pytest.raises(CommandError) as refused:
        run(*arguments)

    assert words in str(refused.value)


def test_overlaps_are_refused_or_replaced(run, tmp_path):
    other = tmp_path / "other.json"
    other.write_text(lines([stat("/vrbo/a", 10, 1)]))
    run(DATA / "endpoint_stats.ndjson", *WINDOW)

    with pytest.raises(CommandError) as refused:
        run(other, *WINDOW)
    printed = run(other, *WINDOW, "--overlap", "replace")

    assert "overlap=replace" in str(refused.value)
    assert printed["status"] == "committed"
