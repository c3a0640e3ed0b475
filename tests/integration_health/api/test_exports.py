"""Lists leave as CSV: as filtered, whole, streamed, harmless to a spreadsheet."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone

from integration_health import exports
from integration_health.ingest.events import EventInput, ingest_events
from integration_health.ingest.snapshots import SnapshotInput, record_snapshot
from integration_health.models import Incident

HEALTH = "/api/v1/integrations/health/airbnb"


def ingest(*messages, **changes):
    values = {"integration_id": "airbnb", "event_type": "api_error", "severity": "low"}
    now = timezone.now()
    ingest_events(
        [
            EventInput(
                line=n,
                message=message,
                occurred_at=now - timedelta(seconds=n),
                **(values | changes),
            )
            for n, message in enumerate(messages)
        ],
        source="api",
        actor="pipeline",
        now=now,
    )


def rows(answer):
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(text.splitlines()))


def test_events_leave_whole_over_many_pages(api, monkeypatch):
    monkeypatch.setattr(exports, "PAGE", 2)
    ingest(*(f"fault {n}" for n in range(5)))

    answer = api.get(f"{HEALTH}/events.csv?period=7d")

    assert [row["message"] for row in rows(answer)] == [f"fault {n}" for n in range(5)]
    day = f"{timezone.now():%Y-%m-%d}"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="qa-events-airbnb-7d-{day}.csv"'
    )


def test_events_leave_as_filtered(api):
    ingest("mine", severity="critical")
    ingest("other")

    found = rows(api.get(f"{HEALTH}/events.csv?severity=critical"))

    assert [row["message"] for row in found] == ["mine"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_texts_cannot_become_formulas(api, start):
    ingest(f"{start}HYPERLINK(1)")

    [row] = rows(api.get(f"{HEALTH}/events.csv"))

    assert row["message"] == f"'{start}HYPERLINK(1)"


def test_row_says_all_there_is(api):
    ingest("refused", metadata={"httpStatus": 503}, occurrences=3)

    [row] = rows(api.get(f"{HEALTH}/events.csv"))

    assert {
        name: row[name]
        for name in ("metadata", "occurrences", "in_maintenance", "batch_id", "source")
    } == {
        "metadata": '{"httpStatus":503}',
        "occurrences": "3",
        "in_maintenance": "no",
        "batch_id": "",
        "source": "api",
    }


def test_checks_leave_newest_first(api, monkeypatch):
    monkeypatch.setattr(exports, "PAGE", 2)
    now = timezone.now()
    for hours in range(5):
        record_snapshot(
            SnapshotInput(
                integration_id="airbnb",
                status="healthy",
                last_checked=now - timedelta(hours=hours),
            ),
            source="api",
            actor="",
            now=now,
        )

    found = rows(api.get(f"{HEALTH}/history.csv?period=30d"))

    moments = [row["last_checked"] for row in found]
    assert len(moments) == 5
    assert moments == sorted(moments, reverse=True)


def test_incidents_leave_as_filtered(api):
    now = timezone.now()
    for slug in ("airbnb", "vrbo"):
        Incident.objects.create(
            integration_id=slug,
            started_at=now - timedelta(hours=2),
            ended_at=now - timedelta(hours=1),
            severity="high",
            detected_at=now,
        )

    found = rows(api.get("/api/v1/integrations/incidents.csv?integration=vrbo"))

    assert [(row["integration_id"], row["duration_seconds"]) for row in found] == [
        ("vrbo", "3600")
    ]


@pytest.mark.parametrize(
    "path",
    [
        f"{HEALTH}/events.csv?typ=x",
        f"{HEALTH}/history.csv?period=1d",
        "/api/v1/integrations/incidents.csv?state=gone",
    ],
)
def test_wrong_query_is_400(api, path):
    assert api.get(path).status_code == 400


def test_unknown_channel_is_404(api):
    assert api.get("/api/v1/integrations/health/x/events.csv").status_code == 404
