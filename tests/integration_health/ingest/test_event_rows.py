"""A door that has seen a kind of event looks at less, and answers the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.ingest import event_rows
from integration_health.ingest.event_rows import Door, EventInput, Refusal

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NUMBER = 16  # bytes of an id, which differs from row to row
USUAL = {
    "integration_id": "airbnb",
    "event_type": "api_error",
    "severity": "high",
    "message": "Rate push 17 refused",
    "metadata": {"attempt": 1, "note": "a\u0001b"},
    "occurred_at": NOW - HOUR,
    "dedup_key": "push-1",
}

moments = st.none() | st.sampled_from(
    [
        NOW + timedelta(minutes=5),
        NOW + timedelta(minutes=5, microseconds=1),
        NOW - timedelta(days=90),
        NOW - timedelta(days=90, microseconds=1),
        NOW - HOUR,
        NOW,
    ]
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "integration_id": st.sampled_from(["airbnb", "nowhere"]),
        "event_type": st.sampled_from(["api_error", "API"]),
        "severity": st.sampled_from(["high", "urgent"]),
        "message": st.sampled_from(
            [
                "Rate push 18 refused",
                "Rate push 17\0 refused",
                "Rate push 17 \ud800",
                "card 4111111111111111",
                "card 4111111111111112",
                "x" * 8_000,
                "x" * 8_001,
                "",
                None,
            ]
        ),
        "metadata": st.none()
        | st.sampled_from(
            [
                {"attempt": 2, "note": "a\u0002b"},
                {"attempt": 2, "note": "a\u0000b"},
                {"attempt": 2, "note": "a\ud800"},
                {"guestEmail": "ana@example.com"},
                {"note": "x" * 20_000},
            ]
        ),
        "occurred_at": moments,
        "window_start": moments,
        "window_end": moments,
        "occurrences": st.sampled_from([0, 1, 2**31 - 1, 2**31]),
        "dedup_key": st.sampled_from(
            ["push-2", "é", "k" * 200, "k" * 201, "nul\0", "\ud800", "", None]
        ),
    },
)


def door():
    return Door(NOW, {"airbnb"})


def answer(own_door, event):
    """Return the refusal, or the row without what no two rows share."""
    row = own_door.row(event)
    if isinstance(row, Refusal):
        return row
    moment, fields = row
    place = fields.index(NUMBER.to_bytes(4))
    return moment, fields[:place], fields[place + 4 + NUMBER :]


@given(changes, changes)
def test_event_of_a_known_kind_gets_the_answer_of_a_new_one(first, second):
    own_door = door()
    for earlier in ({}, first):
        own_door.row(EventInput(**USUAL | earlier))
    event = EventInput(**USUAL | second)

    assert answer(own_door, event) == answer(door(), event)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"occurrences": 0}, "out_of_range"),
        ({"occurred_at": NOW + HOUR}, "in_the_future"),
        ({"dedup_key": "nul\0"}, "nul_byte"),
        ({"metadata": {"attempt": 1, "note": "a\u0000b"}}, "nul_byte"),
        ({"window_end": NOW}, "invalid_window"),
    ],
)
def test_what_events_of_a_kind_differ_in_is_looked_at_each_time(change, code):
    own_door = door()

    assert own_door.refusal(EventInput(**USUAL)) is None
    assert own_door.refusal(EventInput(**USUAL | change)).code == code


def test_kinds_without_end_are_not_all_remembered(monkeypatch):
    monkeypatch.setattr(event_rows, "_MOST_KNOWN", 3)
    own_door = door()

    for n in range(10):
        own_door.row(EventInput(**USUAL | {"message": "x" * n}))

    assert 0 < len(own_door._known) <= 3


def test_rows_of_one_door_have_ids_that_follow_each_other():
    own_door = door()
    ids = [
        int.from_bytes(fields[fields.index(NUMBER.to_bytes(4)) + 4 :][:NUMBER])
        for _moment, fields in (own_door.row(EventInput(**USUAL)) for _ in range(3))
    ]

    assert [own - ids[0] for own in ids] == [0, 1, 2]
