import json
from decimal import Decimal

import pytest

from integration_health.enums import Source
from integration_health.imports.summary import (
    ImportStatus,
    IntegrationCounts,
    UnmappedCounts,
)
from integration_health.models import (
    EndpointStat,
    HealthDay,
    ImportBatch,
    IntegrationEvent,
    IntegrationHealth,
    RejectedRow,
)
from integration_health.splunk.errors import UnreadableExport
from tests.integration_health.imports.imports import (
    DAY,
    event,
    import_file,
    lines,
    stat,
)

pytestmark = pytest.mark.django_db


def codes(summary):
    return [notice.code for notice in summary.warnings]


def test_repeated_rows_count_once_and_contradicting_ones_are_rejected():
    summary = import_file(
        [
            stat("/vrbo/a", 10, 1),
            stat("/vrbo/a", 10, 1),
            stat("/vrbo/a", 20, 1),
            stat("/vrbo/b", 10, 1),
        ],
        window=DAY,
    )

    assert (
        summary.read,
        summary.accepted,
        summary.rejected,
        summary.ignored,
        summary.duplicates,
    ) == (4, 2, 1, 1, 1)
    assert summary.integrations == [IntegrationCounts("vrbo", 20, 2, Decimal("0.1"))]
    assert [(row.line, row.field) for row in summary.rejected_rows] == [(3, "endpoint")]
    assert "repeated_endpoints" in codes(summary)


def test_rejected_rows_are_kept_with_line_and_reason_scrubbed():
    summary = import_file(
        [
            stat("/vrbo/guests/jo@example.test?token=abc", 1, 2),
            stat("/vrbo/a", 10, 1),
        ],
        window=DAY,
    )

    row = RejectedRow.objects.get()
    assert (row.batch_id, row.line, row.field, row.reason, row.excerpt) == (
        summary.import_id,
        1,
        "total_errors",
        "More errors than requests.",
        "/vrbo/guests/[email]",
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bad/cut_mid_line.ndjson", "incomplete"),
        ("bad/no_lastrow.ndjson", "incomplete"),
        ("bad/mixed_sets.ndjson", "several_sets"),
        ("bad/mixed_sets.ndjson", "splunk_message"),
        ("bad/semicolon_decimal_comma.csv", "decimal_comma"),
        ("bad/latin1.csv", "encoding_fallback"),
        ("bad/impossible_numbers.ndjson", "rate_differs"),
        ("bad/impossible_numbers.ndjson", "rate_is_fraction"),
        ("webhook_alert.json", "first_row_only"),
    ],
)
def test_what_is_odd_about_a_file_is_said(name, code):
    summary = import_file(name, window=DAY, dry_run=True)

    assert code in codes(summary)
    assert summary.incomplete == (code == "incomplete")
    assert summary.read == summary.accepted + summary.rejected + summary.ignored


@pytest.mark.parametrize("count", [99, 100, 101, 1000])
def test_a_round_number_of_rows_was_almost_surely_cut(count):
    summary = import_file(
        [stat(f"/vrbo/{'x' * number}", 1, 0) for number in range(count)],
        window=DAY,
        dry_run=True,
    )

    assert summary.truncated == (count in {100, 1000})
    assert ("truncated" in codes(summary)) == summary.truncated


@pytest.mark.parametrize(
    "name",
    ["empty.ndjson", "bad/header_only.csv", "bad/empty_file.csv"],
)
def test_no_rows_are_not_all_healthy(name):
    summary = import_file(name, window=DAY)

    assert (summary.status, summary.import_id, summary.read, codes(summary)) == (
        ImportStatus.EMPTY,
        None,
        0,
        ["no_rows"],
    )
    assert not ImportBatch.objects.exists()
    assert not HealthDay.objects.exists()


def test_a_file_of_bad_rows_only_is_listed_and_not_stored():
    summary = import_file("bad/multivalue_endpoint.ndjson", window=DAY)

    assert (summary.status, summary.rejected, len(summary.rejected_rows)) == (
        ImportStatus.EMPTY,
        1,
        1,
    )
    assert not ImportBatch.objects.exists()


def test_a_bad_file_changes_nothing():
    rows = lines([stat("/vrbo/a", 10, 1)] * 3).replace("lastrow", "x")
    broken = rows + '{"messages":[{"type":"FATAL","text":"gone"}]}\n'

    with pytest.raises(UnreadableExport):
        import_file(broken, window=DAY)

    assert not ImportBatch.objects.exists()


def test_ambiguous_rows_are_counted_as_unmapped_and_said():
    summary = import_file([stat("/airbnb/vrbo", 10, 1)], window=DAY)

    assert (summary.unmapped, codes(summary)) == (
        UnmappedCounts(1, 10, 1),
        ["ambiguous_endpoints"],
    )
    assert EndpointStat.objects.get().integration_key == "ambiguous"
    assert not IntegrationEvent.objects.exists()


def test_a_check_that_stands_at_the_same_moment_is_kept():
    IntegrationHealth.objects.create(
        integration_id="vrbo",
        error_rate=Decimal("0.5"),
        last_checked=DAY.end,
        source=Source.MANUAL,
    )

    summary = import_file([stat("/vrbo/a", 10, 1)], window=DAY)

    assert "snapshot_exists" in codes(summary)
    assert IntegrationHealth.objects.get().error_rate == Decimal("0.5")


def test_nothing_personal_is_stored():
    secret = "/vrbo/guests/jo.doe%40example.test/12345678?token=s3cr3t&email=a@b.co"
    import_file([stat(secret, 10, 1)], window=DAY)
    import_file([event(secret, 500, DAY.start)])

    stored = "".join(
        str(list(model.objects.values()))
        for model in (ImportBatch, EndpointStat, IntegrationEvent, RejectedRow)
    )
    for word in ("jo.doe", "12345678", "s3cr3t", "a@b.co", "192.0.2.1"):
        assert word not in stored


def test_hostile_strings_are_stored_as_text():
    summary = import_file("bad/hostile_strings.ndjson", window=DAY)

    assert (summary.accepted, summary.rejected) == (9, 1)
    assert EndpointStat.objects.filter(
        route="/v9/<script>alert({id})</script>"
    ).exists()


@pytest.mark.parametrize("wrapping", ["lines", "document"])
@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\u202e"])
def test_signs_no_table_can_keep_are_replaced(sign, wrapping):
    rows = [
        stat(f"/vrbo/a{sign}b?channel={sign}", 10, 1),
        stat(f"/vrbo/{sign}c", 1, 2),
    ]
    raw = [event(f"/vrbo/x{sign}y", 500, DAY.start) | {"host": f"a{sign}b"}]

    def written(each):
        return lines(each) if wrapping == "lines" else json.dumps(each) + "\n"

    summary = import_file(written(rows), window=DAY)
    import_file(written(raw))

    if wrapping == "lines" and sign == "\ud800":
        assert (summary.accepted, summary.rejected) == (0, 2)  # not JSON to begin with
        return
    assert (summary.accepted, summary.rejected) == (1, 1)
    assert EndpointStat.objects.filter(route="/vrbo/a\ufffdb").exists()
    assert IntegrationEvent.objects.filter(metadata__host="a\ufffdb").exists()
