"""The quality report names what is thin, and only that."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from integration_health.ingest.events import EventInput, ingest_events
from integration_health.ingest.snapshots import SnapshotInput, record_snapshot
from integration_health.models import ImportBatch, Integration, IntegrationHealth
from integration_health.reports.quality import (
    ChannelQuality,
    CutImport,
    quality_report,
)
from qa_observability.lib.periods import Period

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def record(hours, source="manual", slug="airbnb"):
    record_snapshot(
        SnapshotInput(
            integration_id=slug, status="healthy", last_checked=NOW - hours * HOUR
        ),
        source=source,
        actor="ana",
        now=NOW,
    )


def channel(slug="airbnb"):
    report = quality_report(period=Period.WEEK, now=NOW)
    return next(each for each in report.integrations if each.integration_id == slug)


def test_gaps_hands_and_staleness_are_named():
    record(24 * 5)

    assert channel() == ChannelQuality(
        integration_id="airbnb",
        name="Airbnb",
        stale=True,
        age_seconds=5 * 86400,
        expected_interval_seconds=86400,
        coverage=Decimal("0.3077"),
        missing_days=[date(2026, 1, 4), *(date(2026, 1, day) for day in (8, 9, 10))],
        sources=["manual"],
        manual_only=True,
        clock_ahead_seconds=0,
    )


def test_channel_without_data_misses_every_day():
    nothing = channel("vrbo")

    assert (nothing.coverage, len(nothing.missing_days), nothing.sources) == (0, 7, [])
    assert not nothing.manual_only


def test_one_machine_among_hands_is_not_manual_only():
    record(3)
    record(2, source="poller")

    assert (channel().sources, channel().manual_only) == (["manual", "poller"], False)


@pytest.mark.parametrize("kind", ["event", "check"])
def test_clock_that_runs_ahead_is_told(kind):
    ahead = NOW + timedelta(seconds=90)
    if kind == "event":
        event = EventInput(
            integration_id="airbnb",
            event_type="api_error",
            severity="low",
            occurred_at=ahead,
        )
        ingest_events([event], source="api", actor="", now=NOW)
    else:
        record(1)
        IntegrationHealth.objects.update(last_checked=ahead, created_at=NOW)

    assert channel().clock_ahead_seconds == 90


def test_cut_imports_are_named():
    for name, state, cuts in (
        ("whole.csv", "committed", {}),
        ("cut.csv", "committed", {"truncated": True}),
        ("undone.csv", "undone", {"incomplete": True}),
    ):
        ImportBatch.objects.create(
            kind="endpoint_stats", state=state, file_name=name, sha256=name, **cuts
        )
    ImportBatch.objects.update(created_at=NOW)
    cut = ImportBatch.objects.get(file_name="cut.csv")

    report = quality_report(period=Period.WEEK, now=NOW)

    assert report.cut_imports == [CutImport(cut.pk, "cut.csv", True, False, None, None)]


@pytest.mark.parametrize("channels", [1, 3])
def test_report_takes_eleven_queries(channels, django_assert_num_queries):
    for slug in ("airbnb", "vrbo", "hmbn")[:channels]:
        record(1, slug=slug)

    with django_assert_num_queries(11):
        quality_report(period=Period.YEAR, now=NOW)


def test_report_leaves_as_json_and_csv(admin_client):
    Integration.objects.exclude(pk="airbnb").update(enabled=False)
    url = "/api/v1/integrations/data-quality"

    [item] = admin_client.get(f"{url}?period=7d").json()["integrations"]
    text = b"".join(admin_client.get(f"{url}.csv?period=7d").streaming_content).decode()

    header, line = text.splitlines()
    assert (item["integrationId"], item["manualOnly"]) == ("airbnb", False)
    assert header.startswith("integration_id,name,stale,")
    assert line.startswith("airbnb,Airbnb,no,")
