from datetime import timedelta
from decimal import Decimal

import pytest

from integration_health.enums import BatchState
from integration_health.imports import undo_import
from integration_health.imports.options import Overlap
from integration_health.imports.summary import (
    ImportStatus,
)
from integration_health.models import (
    EndpointStat,
    EventDay,
    HealthDay,
    ImportBatch,
    Incident,
    IntegrationEvent,
    IntegrationHealth,
)
from qa_observability.lib.errors import Conflict
from qa_observability.lib.periods import Window
from qa_observability.models import AuditEntry
from tests.integration_health.imports.imports import (
    DAY,
    NOW,
    import_file,
    minutes,
    stat,
)

pytestmark = pytest.mark.django_db

STATS = "endpoint_stats.ndjson"


def codes(summary):
    return [notice.code for notice in summary.warnings]


@pytest.mark.parametrize(
    "again", [STATS, "endpoint_stats.csv", "endpoint_stats_results.json"]
)
def test_the_same_rows_of_the_same_window_add_nothing(again):
    first = import_file(STATS, window=DAY)
    before = list(
        EventDay.objects.order_by("pk").values_list("occurrences", "failures")
    )

    second = import_file(again, window=DAY)

    assert (
        second.status,
        second.import_id,
        second.read,
        second.accepted,
        second.ignored,
        second.duplicates,
        codes(second),
    ) == (ImportStatus.DUPLICATE, first.import_id, 14, 0, 14, 14, ["duplicate"])
    assert ImportBatch.objects.count() == 1
    assert (
        list(EventDay.objects.order_by("pk").values_list("occurrences", "failures"))
        == before
    )


def test_other_rows_of_the_same_time_are_refused():
    first = import_file(STATS, window=DAY)

    with pytest.raises(Conflict) as refused:
        import_file([stat("/vrbo/x", 10, 1)], window=DAY)

    assert refused.value.code == "import_overlaps"
    assert str(first.import_id) in refused.value.detail
    assert ImportBatch.objects.count() == 1


def test_a_dry_run_only_warns_of_an_overlap():
    import_file(STATS, window=DAY)

    summary = import_file([stat("/vrbo/x", 10, 1)], window=DAY, dry_run=True)

    assert codes(summary) == ["overlap"]


def test_windows_that_only_touch_do_not_overlap():
    import_file(STATS, window=DAY)
    next_hour = Window(DAY.end, DAY.end + timedelta(hours=1))

    summary = import_file(STATS, window=next_hour)

    assert (summary.status, codes(summary)) == (
        ImportStatus.COMMITTED,
        ["same_file", "too_coarse"],
    )


def test_replacing_takes_the_earlier_import_back():
    first = import_file(STATS, window=DAY)

    second = import_file(
        [stat("/vrbo/x", 10, 1, server=1)], window=DAY, overlap=Overlap.REPLACE
    )

    assert list(
        ImportBatch.objects.order_by("created_at").values_list("pk", "state")
    ) == [(first.import_id, "undone"), (second.import_id, "committed")]
    assert list(
        IntegrationEvent.objects.values_list("integration_id", "occurrences")
    ) == [("vrbo", 1)]
    assert list(
        IntegrationHealth.objects.values_list("integration_id", "error_rate")
    ) == [("vrbo", Decimal("0.1000"))]
    assert set(EndpointStat.objects.values_list("batch", flat=True)) == {
        second.import_id
    }


def rollups():
    return (
        list(EventDay.objects.filter(rows__gt=0).order_by("pk").values()),
        list(HealthDay.objects.order_by("pk").values()),
        list(IntegrationEvent.objects.values("integration_id", "occurrences")),
        list(IntegrationHealth.objects.values("integration_id", "error_rate")),
        list(Incident.objects.values("integration_id", "started_at")),
        list(EndpointStat.objects.values("route")),
    )


def test_undo_leaves_no_trace_but_the_record():
    import_file("raw_events.ndjson")
    before = rollups()
    burst = [
        stat("/airbnb/rates", 10, 9, server=9, at=DAY.start + minutes(5 * number))
        for number in range(4)
    ]
    summary = import_file(burst)
    assert Incident.objects.count() == 1

    undo_import(summary.import_id, by=None, now=NOW)

    assert rollups() == before
    batch = ImportBatch.objects.get(pk=summary.import_id)
    assert (batch.state, batch.undone_at) == (BatchState.UNDONE, NOW)
    assert AuditEntry.objects.filter(action="import.undone").count() == 1


def test_what_was_undone_may_be_imported_again():
    first = import_file(STATS, window=DAY)
    undo_import(first.import_id, by=None, now=NOW)

    assert import_file(STATS, window=DAY).status is ImportStatus.COMMITTED


def test_only_a_committed_import_can_be_undone():
    summary = import_file(STATS, window=DAY)
    undo_import(summary.import_id, by=None, now=NOW)

    with pytest.raises(Conflict) as refused:
        undo_import(summary.import_id, by=None, now=NOW)

    assert refused.value.code == "import_not_committed"
