"""One verb stores events, tells every line's fate, and keeps the rollups."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from integration_health.ingest.event_rows import Refusal
from integration_health.ingest.events import (
    EventInput,
    IngestResult,
    LineResult,
    ingest_events,
)
from integration_health.models import (
    EventDay,
    EventHour,
    Failure,
    IntegrationEvent,
    MaintenanceWindow,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def event(line=1, **changes):
    values = {
        "integration_id": "airbnb",
        "event_type": "pricing_sync_error",
        "severity": "high",
        "message": "Rate push refused",
        "occurred_at": NOW - HOUR,
    }
    return EventInput(line=line, **(values | changes))


def ingest(*events, **options):
    return ingest_events(
        list(events), **({"source": "api", "actor": "pipeline", "now": NOW} | options)
    )


def test_event_is_stored_with_its_provenance():
    result = ingest(
        event(
            message="Guest ana@example.com refused 17 times",
            metadata={"guestEmail": "ana@example.com", "httpStatus": 500},
        )
    )

    assert result == IngestResult(accepted=1, results=[LineResult(1, "accepted")])
    stored = IntegrationEvent.objects.values(
        "integration_id",
        "event_type",
        "severity",
        "message",
        "metadata",
        "occurred_at",
        "occurred_on",
        "created_at",
        "occurrences",
        "window_start",
        "window_end",
        "in_maintenance",
        "source",
        "actor",
        "batch_id",
    ).get()
    assert stored == {
        "integration_id": "airbnb",
        "event_type": "pricing_sync_error",
        "severity": "high",
        "message": "Guest [email] refused 17 times",
        "metadata": {"guestEmail": "[email]", "httpStatus": 500},
        "occurred_at": NOW - HOUR,
        "occurred_on": (NOW - HOUR).date(),
        "created_at": NOW,
        "occurrences": 1,
        "window_start": None,
        "window_end": None,
        "in_maintenance": False,
        "source": "api",
        "actor": "pipeline",
        "batch_id": None,
    }


def test_text_survives_the_copy_unchanged():
    message = "tab\there\nline\\n \r\\. \\N é 漢 🏨"

    ingest(
        event(message=message, metadata={"a\\b": 'quote " \\ \n'}, dedup_key="k\\\t")
    )

    stored = IntegrationEvent.objects.get()
    assert (stored.message, stored.metadata, stored.dedup_key) == (
        message,
        {"a\\b": 'quote " \\ \n'},
        "k\\\t",
    )


def test_lines_keep_their_order_and_fate():
    result = ingest(
        event(1, message="first"),
        (2, Refusal("body", "malformed_json", "Not JSON.")),
        event(3, integration_id="bookings"),
        event(4, message="first"),
        event(5, message="second"),
    )

    assert result == IngestResult(
        accepted=2,
        duplicates=1,
        rejected=2,
        results=[
            LineResult(1, "accepted"),
            LineResult(2, "rejected", "body", "malformed_json: Not JSON."),
            LineResult(
                3,
                "rejected",
                "integration_id",
                "unknown_integration: There is no integration bookings. "
                "Known: airbnb, booking-com, hmbn, vrbo.",
            ),
            LineResult(4, "duplicate"),
            LineResult(5, "accepted"),
        ],
    )


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        pytest.param({"event_type": "Pricing"}, "event_type", "invalid_event_type"),
        pytest.param({"event_type": "p"}, "event_type", "invalid_event_type"),
        pytest.param({"event_type": "a" * 51}, "event_type", "invalid_event_type"),
        pytest.param({"event_type": "fee\n"}, "event_type", "invalid_event_type"),
        pytest.param({"severity": "urgent"}, "severity", "invalid_severity"),
        pytest.param({"message": "x" * 8001}, "message", "too_long"),
        pytest.param({"message": "a\0b"}, "message", "nul_byte"),
        pytest.param({"message": "\ud800"}, "message", "not_unicode"),
        pytest.param({"dedup_key": "x" * 201}, "dedup_key", "too_long"),
        pytest.param({"metadata": {"k": "x" * 16380}}, "metadata", "too_large"),
        pytest.param({"metadata": {"k": ["a\0"]}}, "metadata", "nul_byte"),
        pytest.param({"metadata": {"k": {1, 2, object}}}, "metadata", "not_json"),
        pytest.param({"occurrences": 0}, "occurrences", "out_of_range"),
        pytest.param({"occurrences": 2**31}, "occurrences", "out_of_range"),
        pytest.param(
            {"occurred_at": NOW + timedelta(minutes=5, seconds=1)},
            "occurred_at",
            "in_the_future",
        ),
        pytest.param(
            {"occurred_at": NOW - timedelta(days=90, microseconds=1)},
            "occurred_at",
            "too_old",
        ),
        pytest.param(
            {"occurred_at": datetime.min.replace(tzinfo=timezone(14 * HOUR))},
            "occurred_at",
            "too_old",
        ),
        pytest.param(
            {"occurred_at": datetime.max.replace(tzinfo=timezone(-14 * HOUR))},
            "occurred_at",
            "in_the_future",
        ),
        pytest.param({"window_start": NOW - HOUR}, "window_start", "invalid_window"),
        pytest.param(
            {"window_start": NOW - HOUR, "window_end": NOW - 2 * HOUR},
            "window_start",
            "invalid_window",
        ),
        pytest.param(
            {
                "window_start": NOW - 2 * HOUR,
                "window_end": NOW,
                "occurred_at": NOW - HOUR,
            },
            "occurred_at",
            "invalid_window",
        ),
    ],
)
def test_wrong_event_is_rejected_naming_the_field(changes, field, code):
    result = ingest(event(**changes))

    (line,) = result.results
    assert (result.rejected, line.field, line.reason.split(":")[0]) == (1, field, code)
    assert not IntegrationEvent.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"event_type": "ab"}, id="shortest type"),
        pytest.param({"event_type": "a" * 50}, id="longest type"),
        pytest.param({"message": "x" * 8000}, id="longest message"),
        pytest.param({"dedup_key": "x" * 200}, id="longest key"),
        pytest.param({"occurrences": 2**31 - 1}, id="most occurrences"),
        pytest.param({"occurred_at": NOW + timedelta(minutes=5)}, id="latest"),
        pytest.param({"occurred_at": NOW - timedelta(days=90)}, id="oldest"),
        pytest.param({"message": None, "dedup_key": None}, id="nulls"),
    ],
)
def test_edges_of_what_is_allowed_come_in(changes):
    assert ingest(event(**changes)).accepted == 1


def test_same_event_again_adds_nothing():
    ingest(event(), event(2, message="other", dedup_key="mine"))

    again = ingest(event(7), event(8, message="changed", dedup_key="mine"))

    assert (again.accepted, again.duplicates) == (0, 2)
    assert EventDay.objects.get().rows == 2


def test_same_key_on_another_day_or_channel_is_another_event():
    result = ingest(
        event(1, dedup_key="mine"),
        event(2, dedup_key="mine", integration_id="vrbo"),
        event(3, dedup_key="mine", occurred_at=NOW - 24 * HOUR),
    )

    assert result.accepted == 3


def test_idempotency_key_tells_equal_lines_apart_and_a_repeated_call_together():
    lines = [event(1, occurred_at=None), event(2, occurred_at=None)]

    first = ingest(*lines, idempotency_key="call-1")
    again = ingest(*lines, idempotency_key="call-1", now=NOW + timedelta(minutes=1))
    other = ingest(*lines, idempotency_key="call-2")

    assert [first.accepted, again.duplicates, other.accepted] == [2, 2, 2]


def test_aggregate_counts_at_its_end_and_fails_in_its_first_intervals():
    midnight = datetime(2026, 1, 10, tzinfo=UTC)

    ingest(
        event(
            occurred_at=None,
            occurrences=3,
            window_start=midnight - timedelta(minutes=15),
            window_end=midnight + HOUR,
        )
    )

    assert list(
        Failure.objects.order_by("day", "interval").values_list("day", "interval")
    ) == [
        (midnight.date() - timedelta(days=1), 142),
        (midnight.date() - timedelta(days=1), 143),
        (midnight.date(), 0),
    ]
    assert list(
        EventHour.objects.order_by("hour").values_list(
            "hour", "rows", "occurrences", "failures"
        )
    ) == [
        (midnight - HOUR, 0, 0, 2),
        (midnight, 0, 0, 1),
        (midnight + HOUR, 1, 3, 0),
    ]


def test_retries_of_one_fault_are_one_failure():
    start = NOW - HOUR
    ingest(
        *(
            event(n, message=f"attempt {n}", occurred_at=start + timedelta(seconds=n))
            for n in range(1, 600)
        )
    )

    day = EventDay.objects.get()
    assert (day.rows, day.occurrences, day.failures) == (599, 599, 1)


def test_events_in_maintenance_are_kept_and_counted_but_fail_nothing():
    MaintenanceWindow.objects.create(
        integration_id="airbnb",
        title="Upgrade",
        starts_at=NOW - 49 * HOUR,
        ends_at=NOW - 48 * HOUR,
        recurrence="daily",
        repeats_until=NOW,
    )

    ingest(
        event(1, occurred_at=NOW - HOUR),
        event(2, occurred_at=NOW - timedelta(microseconds=1), message="inside"),
        event(3, occurred_at=NOW - HOUR - timedelta(microseconds=1), message="before"),
        event(4, occurred_at=NOW - HOUR, integration_id="vrbo"),
        event(
            5,
            occurred_at=None,
            message="aggregate",
            occurrences=20,
            window_start=NOW - HOUR - timedelta(minutes=20),
            window_end=NOW,
        ),
    )

    assert dict(
        IntegrationEvent.objects.order_by("message")
        .values_list("message", "in_maintenance")
        .filter(integration_id="airbnb")
    ) == {
        "Rate push refused": True,
        "inside": True,
        "before": False,
        "aggregate": False,
    }
    assert dict(EventDay.objects.values_list("integration_id", "failures")) == {
        "airbnb": 3,  # one before, two intervals of the aggregate
        "vrbo": 1,
    }


def test_a_stream_that_breaks_stores_nothing():
    def broken():
        yield event()
        raise ConnectionError

    with pytest.raises(ConnectionError):
        ingest_events(broken(), source="api", actor="", now=NOW)

    assert not IntegrationEvent.objects.exists()


def test_many_lines_list_only_the_exceptions():
    result = ingest(
        *(event(n, message=f"m{n}", severity="low") for n in range(1, 1001)),
        event(1001, severity="none"),
    )

    assert (result.accepted, result.rejected) == (1000, 1)
    assert [line.line for line in result.results] == [1001]


@pytest.mark.parametrize("lines", [1, 3])
def test_ingest_costs_the_same_queries_for_any_number(lines, django_assert_num_queries):
    ingest(event(0, message="makes the partition"))

    with django_assert_num_queries(8):
        ingest(*(event(n, message=f"m{n}") for n in range(lines)))


@pytest.mark.parametrize(
    ("minutes", "marked"),
    [
        pytest.param((-5, 0), False, id="before"),
        pytest.param((0, 5), True, id="from its start"),
        pytest.param((55, 60), True, id="to its end"),
        pytest.param((58, 63), False, id="reaching out"),
    ],
)
def test_measured_window_lies_in_maintenance_as_a_whole(minutes, marked):
    start = NOW - 3 * HOUR
    MaintenanceWindow.objects.create(
        title="Night", starts_at=start, ends_at=start + HOUR, integration_id="airbnb"
    )
    opened, closed = (start + timedelta(minutes=each) for each in minutes)

    ingest(event(occurred_at=closed, window_start=opened, window_end=closed))

    assert IntegrationEvent.objects.get().in_maintenance is marked
