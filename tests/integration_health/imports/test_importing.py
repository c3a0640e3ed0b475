import json
from dataclasses import replace
from decimal import Decimal

import pytest

from integration_health.enums import BatchKind, BatchState
from integration_health.imports import import_splunk_export
from integration_health.imports.summary import (
    ImportStatus,
    ImportSummary,
    IntegrationCounts,
    OtherCounts,
    UnmappedCounts,
)
from integration_health.models import (
    EndpointStat,
    ImportBatch,
    IntegrationEvent,
    IntegrationHealth,
)
from qa_observability.models import AuditEntry
from tests.integration_health.imports.imports import (
    DATA,
    DAY,
    NOW,
    import_file,
    lines,
    stat,
)

pytestmark = pytest.mark.django_db

STATS = "endpoint_stats.ndjson"
FAILED = (
    "/v9/chan-hub/bookingdotcom/rate-push: 546 of 9100 requests failed"
    " (4xx 455, 5xx 91)"
)


def codes(summary):
    return [notice.code for notice in summary.warnings]


def test_the_contracts_example_comes_to_the_expected_totals():
    expected = json.loads((DATA / "endpoint_stats.expected_totals.json").read_text())

    for name in expected["applies_to"]:
        summary = import_file(name, window=DAY, dry_run=True)

        def of(key, expected=expected):
            return expected["by_integration"][key]

        def rate(key):
            percent = Decimal(of(key)["error_rate_percent"])
            return percent / 100

        assert summary == ImportSummary(
            import_id=None,
            status=ImportStatus.DRY_RUN,
            dry_run=True,
            shape=BatchKind.ENDPOINT_STATS,
            window=DAY,
            read=22 if "previews" in name else 14,
            accepted=14,
            rejected=0,
            ignored=8 if "previews" in name else 0,
            duplicates=0,
            incomplete=False,
            truncated=False,
            warnings=[],
            integrations=[
                IntegrationCounts(
                    slug,
                    of(slug)["total_requests"],
                    of(slug)["total_errors"],
                    summary.integrations[number].error_rate,
                )
                for number, slug in enumerate(["booking-com", "airbnb", "vrbo", "hmbn"])
            ],
            unmapped=UnmappedCounts(6, 873, 68),
            others=[OtherCounts("google", 1, 182000, 0)],
            rejected_rows=[],
        )
        for counted in summary.integrations:
            assert counted.error_rate.quantize(Decimal("0.0001")) == rate(
                counted.integration_id
            )


def test_a_committed_import_stores_what_the_rows_come_to():
    summary = import_file(STATS, window=DAY)

    batch = ImportBatch.objects.get()
    assert (summary.import_id, summary.status) == (batch.pk, ImportStatus.COMMITTED)
    assert (
        batch.kind,
        batch.state,
        batch.file_name,
        batch.rows_read,
        batch.rows_accepted,
        batch.window_start,
        batch.window_end,
        batch.window_from_user,
        batch.summary["accepted"],
        batch.source,
    ) == (
        "endpoint_stats",
        BatchState.COMMITTED,
        STATS,
        14,
        14,
        DAY.start,
        DAY.end,
        True,
        14,
        "splunk",
    )
    assert list(
        EndpointStat.objects.filter(integration_key="vrbo")
        .order_by("route")
        .values_list(
            "route",
            "aspect",
            "channel_hint",
            "rows",
            "requests",
            "errors",
            "server_errors",
        )
    ) == [
        ("/v9/chan-hub/expedia/reservation-ack", "booking", "", 1, 410, 41, 0),
        ("/v9/chan-hub/homeaway/quote-request", "pricing", "", 1, 41250, 322, 12),
        ("/v9/chan-hub/vrbo/fee-sync", "fees", "", 1, 880, 44, 0),
        ("/v9/sync-status", "other", "vrbo", 1, 120, 7, 0),
    ]
    assert EndpointStat.objects.count() == 14
    assert AuditEntry.objects.get().action == "import.committed"


def test_snapshots_judge_each_channel_by_aspect():
    import_file(STATS, window=DAY)

    snapshot = IntegrationHealth.objects.get(integration_id="vrbo")
    assert {
        name: getattr(snapshot, name)
        for name in (
            "error_rate",
            "pricing_error_rate",
            "fees_error_rate",
            "booking_error_rate",
            "availability_error_rate",
            "booking_loss_rate",
            "pricing_sync_status",
            "fees_sync_status",
            "status",
            "last_checked",
            "window_start",
            "source",
        )
    } == {
        "error_rate": Decimal("0.0097"),
        "pricing_error_rate": Decimal("0.0078"),
        "fees_error_rate": Decimal("0.0500"),
        "booking_error_rate": Decimal("0.1000"),
        "availability_error_rate": None,
        "booking_loss_rate": Decimal("0.0000"),
        "pricing_sync_status": "ok",
        "fees_sync_status": "error",
        "status": "critical",
        "last_checked": DAY.end,
        "window_start": DAY.start,
        "source": "splunk",
    }
    assert set(IntegrationHealth.objects.values_list("integration_id", flat=True)) == {
        "booking-com",
        "airbnb",
        "vrbo",
        "hmbn",
    }


def test_each_failing_route_is_one_event_with_the_severity_of_its_rate():
    summary = import_file(STATS, window=DAY)

    events = IntegrationEvent.objects.order_by("integration_id", "event_type")
    assert list(
        events.values_list("integration_id", "event_type", "severity", "occurrences")
    ) == [
        ("airbnb", "availability_sync_error", "low", 120),
        ("booking-com", "pricing_sync_error", "high", 546),
        ("hmbn", "api_error", "low", 3),
        ("vrbo", "api_error", "high", 7),
        ("vrbo", "booking_loss", "high", 41),
        ("vrbo", "fee_sync_error", "high", 44),
        ("vrbo", "pricing_sync_error", "low", 322),
    ]
    first = events.get(integration_id="booking-com")
    assert (first.window_start, first.window_end, first.batch_id, first.message) == (
        DAY.start,
        DAY.end,
        summary.import_id,
        FAILED,
    )
    assert codes(summary) == ["too_coarse"]


def test_a_dry_run_stores_nothing():
    import_file(STATS, window=DAY, dry_run=True)

    assert not ImportBatch.objects.exists()
    assert not IntegrationEvent.objects.exists()
    assert not IntegrationHealth.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\jo\\export.json", "export.json"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202e.csv", "ab.csv"),
        ("", "export"),
        ("x" * 300 + ".json", "x" * 250 + ".json"),
    ],
)
def test_the_file_name_loses_folders_and_signs(given, kept):
    import_file([stat("/vrbo/a", 10, 1)], window=DAY, name=given)

    assert ImportBatch.objects.get().file_name == kept


def test_the_importer_is_named(django_user_model):
    user = django_user_model.objects.create_user("ann")

    import_file([stat("/vrbo/a", 10, 1)], window=DAY, by=user)

    assert ImportBatch.objects.get().actor == "ann"
    assert IntegrationEvent.objects.get().actor == "ann"
    assert AuditEntry.objects.get().actor_name == "ann"


def test_the_stream_stays_open(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(lines([stat("/vrbo/a", 10, 1)]))

    with path.open("rb") as stream:
        import_splunk_export(stream, name="x", by=None, now=NOW, window=DAY)

        assert not stream.closed


def test_counts_of_a_summary_are_the_stored_ones():
    summary = import_file("bad/impossible_numbers.ndjson", window=DAY)

    batch = ImportBatch.objects.get()
    assert (
        batch.rows_read,
        batch.rows_accepted,
        batch.rows_rejected,
        batch.rows_ignored,
        batch.rejected.count(),
    ) == (11, 2, 9, 0, 9)
    assert replace(summary, warnings=[], rejected_rows=[], integrations=[]).read == 11
