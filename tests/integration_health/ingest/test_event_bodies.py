"""A body is read piece by piece; what is wrong is told by line, or refused whole."""

import io
import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration_health.ingest import event_bodies
from integration_health.ingest.event_bodies import events_in_json, events_in_lines
from integration_health.ingest.event_rows import EventInput, Refusal
from qa_observability.lib.errors import InvalidInput, TooLarge

FIELDS = {"integrationId": "airbnb", "eventType": "api_error", "severity": "low"}
ONE = json.dumps(FIELDS).encode()


def event(line=1, **changes):
    values = {"integration_id": "airbnb", "event_type": "api_error", "severity": "low"}
    return EventInput(line=line, **(values | changes))


def lines(body):
    return list(events_in_lines(io.BytesIO(body)))


def array(body):
    is_single, events = events_in_json(io.BytesIO(body))
    assert not is_single
    return list(events)


def test_lines_are_numbered_as_they_stand():
    body = b"\xef\xbb\xbf" + ONE + b"\r\n\n  " + ONE + b"\nnot json\n" + ONE

    read = lines(body)

    assert read[:2] == [event(1), event(3)]
    assert (read[2][0], read[2][1].field, read[2][1].code) == (
        4,
        "body",
        "malformed_json",
    )
    assert read[3] == event(5)


def test_every_field_is_read():
    body = json.dumps(
        FIELDS
        | {
            "message": "Refused",
            "metadata": {"keepTheKey": [1, None]},
            "occurredAt": "2026-01-10T10:00:00+02:00",
            "occurrences": 3,
            "dedupKey": "k",
            "windowStart": None,
            "windowEnd": None,
        }
    ).encode()

    is_single, [read] = events_in_json(io.BytesIO(b" \n" + body))

    assert is_single
    assert read == event(
        1,
        message="Refused",
        metadata={"keepTheKey": [1, None]},
        occurred_at=datetime(2026, 1, 10, 8, tzinfo=UTC),
        occurrences=3,
        dedup_key="k",
    )


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        pytest.param({"severity": None}, "severity", "invalid"),
        pytest.param({"severity": 1}, "severity", "invalid"),
        pytest.param({"occurrences": 1.5}, "occurrences", "invalid"),
        pytest.param({"occurredAt": "2026-01-10T10:00:00"}, "occurredAt", "invalid"),
        pytest.param({"occurredAt": "yesterday"}, "occurredAt", "invalid"),
        pytest.param({"metadata": []}, "metadata", "invalid"),
        pytest.param({"severty": "low"}, "severty", "unknown_field"),
        pytest.param({"line": 7}, "line", "unknown_field"),
    ],
)
def test_wrong_field_is_named_as_sent(changes, field, code):
    [(number, refusal)] = lines(json.dumps(FIELDS | changes).encode())

    assert (number, refusal.field, refusal.code) == (1, field, code)


def test_missing_field_is_named():
    [(_, refusal)] = lines(b'{"integrationId": "airbnb", "severity": "low"}')

    assert (refusal.field, refusal.code) == ("eventType", "missing")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"[]", id="an array"),
        pytest.param(b"3", id="a number"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b'{"a": NaN}', id="not a number"),
        pytest.param(b'{"metadata":' + b"[" * 5000, id="nested without end"),
        pytest.param(ONE[:-1], id="cut"),
        pytest.param(ONE.replace(b"low", b"\xff"), id="not UTF-8 inside"),
    ],
)
def test_line_that_is_no_event_is_refused_alone(line):
    read = lines(line + b"\n" + ONE)

    assert isinstance(read[0][1], Refusal)
    assert read[1] == event(2)


@pytest.mark.parametrize("newline", [b"\n", b""])
def test_line_that_is_too_long_is_refused_alone(monkeypatch, newline):
    monkeypatch.setattr(event_bodies, "ITEM_LIMIT", 200)
    monkeypatch.setattr(event_bodies, "PIECE", 64)
    long = json.dumps(FIELDS | {"message": "x" * 1000}).encode()

    read = lines(ONE + b"\n" + long + newline)

    assert read[0] == event(1)
    assert (read[1][0], read[1][1].code) == (2, "too_long")
    assert len(read) == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text('},{[]"\\ ab', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text('},"{a', max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(
    st.lists(
        st.dictionaries(st.text('}{,"a', max_size=3), JSON, max_size=3), max_size=30
    ),
    st.integers(2, 90),
    st.sampled_from([None, 1]),
)
def test_array_is_cut_only_between_its_elements(metadata, piece, indent):
    events = [FIELDS | {"metadata": each} for each in metadata]
    body = json.dumps(events, indent=indent).encode()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_bodies, "PIECE", piece)
        read = array(body)

    assert read == [event(n, metadata=each) for n, each in enumerate(metadata, 1)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"   ", id="blank"),
        pytest.param(b"hello", id="text"),
        pytest.param(b"[" + ONE, id="no closing bracket"),
        pytest.param(b"[" + ONE + b",]", id="trailing comma"),
        pytest.param(b"[" + ONE + b"]]", id="one bracket too many"),
        pytest.param(ONE + ONE, id="two objects"),
        pytest.param(ONE + b"\n" + ONE, id="lines under the wrong content type"),
        pytest.param(ONE[:-1], id="cut object"),
        pytest.param(b'{"metadata":' + b"[" * 5000, id="nested without end"),
    ],
)
def test_body_that_is_no_json_is_refused_whole(body):
    with pytest.raises(InvalidInput) as refused:
        list(events_in_json(io.BytesIO(body))[1])

    assert refused.value.code == "malformed_json"


def test_elements_that_are_no_events_are_refused_alone():
    read = array(b'[1, "a", null, [], {}, ' + ONE + b"]")

    assert [each[1].field for each in read[:5]] == ["body"] * 4 + ["integrationId"]
    assert read[5] == event(6)


def test_element_without_end_is_refused_before_it_fills_memory(monkeypatch):
    monkeypatch.setattr(event_bodies, "PIECE", 64)
    monkeypatch.setattr(event_bodies, "ITEM_LIMIT", 200)
    body = io.BytesIO(b"[" + ONE + b"," + b'{"message":"' + b"x" * 100_000)

    with pytest.raises(InvalidInput):
        list(events_in_json(body)[1])

    assert body.tell() < 1000


@pytest.mark.parametrize("read", [lines, array])
def test_body_past_the_limit_is_too_large(monkeypatch, read):
    monkeypatch.setattr(event_bodies, "BODY_LIMIT", 1000)
    monkeypatch.setattr(event_bodies, "PIECE", 100)
    separator = b"\n" if read is lines else b","

    with pytest.raises(TooLarge):
        read((b"" if read is lines else b"[") + (ONE + separator) * 100)


def test_single_object_past_its_limit_says_how_to_send_many():
    body = io.BytesIO(b'{"message": "' + b"x" * (event_bodies.ITEM_LIMIT * 2))

    with pytest.raises(TooLarge, match="x-ndjson"):
        events_in_json(body)


def test_struct_names_are_those_of_the_wire():
    assert msgspec.json.decode(ONE, type=EventInput) == event(0)
