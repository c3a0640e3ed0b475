from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from integration_health.models import (
    Incident,
    IntegrationEvent,
    IntegrationHealth,
)
from qa_observability.lib.errors import InvalidField
from qa_observability.lib.periods import Window
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


def test_statistics_without_time_need_a_window():
    with pytest.raises(InvalidField) as refused:
        import_file(STATS)

    assert (refused.value.code, [each.field for each in refused.value.errors]) == (
        "window_required",
        ["from", "to"],
    )


def test_bins_become_events_and_hours_become_snapshots():
    start = datetime(2026, 1, 5, 9, 50, tzinfo=UTC)
    summary = import_file(
        [
            stat("/airbnb/rates", 100, 10, server=10, at=start),
            stat("/airbnb/rates?x=1", 100, 10, server=10, at=start),
            stat("/airbnb/rates", 100, 0, at=start + minutes(5)),
            stat("/airbnb/rates", 100, 1, at=start + minutes(10)),
        ]
    )

    assert summary.window == Window(start, start + minutes(15))
    assert codes(summary) == []
    assert list(
        IntegrationEvent.objects.order_by("occurred_at").values_list(
            "window_start", "window_end", "occurrences", "severity"
        )
    ) == [
        (start, start + minutes(5), 20, "high"),
        (start + minutes(10), start + minutes(15), 1, "low"),
    ]
    assert list(
        IntegrationHealth.objects.order_by("last_checked").values_list(
            "window_start", "last_checked", "error_rate"
        )
    ) == [
        (start, start + minutes(10), Decimal("0.0667")),
        (start + minutes(10), start + minutes(15), Decimal("0.0100")),
    ]


def test_bins_are_fine_enough_for_incidents():
    import_file(
        [
            stat(
                "/airbnb/rates", 100, 60, server=60, at=DAY.start + minutes(5 * number)
            )
            for number in range(3)
        ]
    )

    incident = Incident.objects.get()
    assert (incident.integration_id, incident.occurrences) == ("airbnb", 180)


def test_long_bins_get_a_snapshot_each_and_a_warning():
    start = datetime(2026, 1, 3, tzinfo=UTC)
    summary = import_file(
        [
            stat("/airbnb/rates", 100, 10, at=start + timedelta(days=number))
            for number in range(2)
        ]
    )

    assert codes(summary) == ["too_coarse"]
    assert list(
        IntegrationHealth.objects.order_by("last_checked").values_list(
            "window_start", "last_checked"
        )
    ) == [
        (start, start + timedelta(days=1)),
        (start + timedelta(days=1), start + timedelta(days=2)),
    ]


def test_the_last_bin_ends_now_at_the_latest():
    summary = import_file(
        [
            stat("/airbnb/rates", 100, 10, at=NOW - timedelta(hours=number, minutes=30))
            for number in range(3)
        ]
    )

    assert summary.window.end == NOW


def test_one_bin_is_taken_as_five_minutes_and_said():
    summary = import_file([stat("/airbnb/rates", 100, 10, at=DAY.start)])

    assert codes(summary) == ["span_assumed"]
    assert summary.window == Window(DAY.start, DAY.start + minutes(5))


def test_the_span_of_the_export_is_believed():
    row = stat("/airbnb/rates", 100, 10, at=DAY.start) | {"_span": "600"}

    assert import_file([row]).window == Window(DAY.start, DAY.start + minutes(10))


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (NOW + minutes(6), "The time lies in the future."),
        (
            NOW - timedelta(days=91),
            "Older than 90 days, which is how long events are kept.",
        ),
        (DAY.end, "The time lies outside the window given."),
    ],
)
def test_rows_of_an_impossible_time_are_rejected(at, reason):
    summary = import_file(
        [
            stat("/airbnb/rates", 100, 10, at=DAY.start),
            stat("/airbnb/rates", 100, 10, at=at),
        ],
        window=DAY,
    )

    assert [(row.line, row.field, row.reason) for row in summary.rejected_rows] == [
        (2, "_time", reason)
    ]


def test_rows_without_a_time_among_others_are_rejected():
    summary = import_file(
        [stat("/airbnb/x", 9, 1, at=DAY.start), stat("/airbnb/y", 9, 1)]
    )

    assert [(row.line, row.field) for row in summary.rejected_rows] == [(2, "_time")]


def test_a_window_given_with_times_is_the_searchs():
    summary = import_file(
        [stat("/airbnb/x", 9, 1, at=DAY.start + minutes(n)) for n in (50, 55)],
        window=DAY,
    )

    assert summary.window == DAY
    assert list(
        IntegrationHealth.objects.values_list("window_start", "window_end")
    ) == [(DAY.start, DAY.end)]
    assert IntegrationEvent.objects.filter(window_end=DAY.end).count() == 1
