import json
from contextlib import suppress
from io import BytesIO

import pytest
from django.http import UnreadablePostError
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.api.parsers import CamelCaseJSONParser, decode_json, read_body
from qa_observability.lib.errors import FieldError, InvalidField, InvalidInput, TooLarge


class Small:
    body_limit = 10


def test_names_become_snake_case_down_to_the_leaves():
    body = (
        b'{"integrationId":"vrbo","rows":[{"eventType":"api_error","count":[1,null]}]}'
    )

    assert decode_json(body) == {
        "integration_id": "vrbo",
        "rows": [{"event_type": "api_error", "count": [1, None]}],
    }


def test_metadata_keeps_its_own_keys():
    assert decode_json(b'{"metadata":{"httpStatus":502,"a":[{"bC":1}]}}') == {
        "metadata": {"httpStatus": 502, "a": [{"bC": 1}]}
    }


def test_a_byte_order_mark_is_passed_over():
    assert decode_json(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut short"),
        pytest.param(b'{"a":NaN}', id="NaN"),
        pytest.param(b'{"a":-Infinity}', id="Infinity"),
        pytest.param(b'{"a":1e999}', id="beyond any float"),
        pytest.param(b'"\xff"', id="not UTF-8"),
        pytest.param(b'"\\ud800"', id="half a surrogate pair"),
        pytest.param(b'{"a":1}{"b":2}', id="two documents"),
        pytest.param(b"[" * 100_000, id="nested too deeply"),
        pytest.param(b"[" * 900 + b"]" * 900, id="nested deeply, closed"),
        pytest.param(b"{'a':1}", id="Python"),
    ],
)
def test_what_is_not_json_is_refused(body):
    with pytest.raises(InvalidInput) as refused:
        decode_json(body)

    assert refused.value.code == "malformed_json"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(b'{"message":"a\\u0000b"}', "message", id="value"),
        pytest.param(
            b'{"rows":[{"eventType":"\\u0000"}]}', "rows[0].event_type", id="deep"
        ),
        pytest.param(
            b'{"metadata":{"x":["\\u0000"]}}', "metadata", id="metadata value"
        ),
        pytest.param(b'{"metadata":{"\\u0000":1}}', "metadata", id="metadata name"),
        pytest.param(b'{"a\\u0000":1}', "body", id="name"),
        pytest.param(b'"\\u0000"', "body", id="whole body"),
    ],
)
def test_a_nul_byte_is_refused_naming_the_field(body, field):
    with pytest.raises(InvalidField) as refused:
        decode_json(body)

    assert refused.value.errors == (
        FieldError(field, "nul_byte", "must not hold a NUL byte. Remove it."),
    )


def test_a_body_of_the_limit_is_read_whole():
    assert read_body(BytesIO(b"x" * 10), 10) == b"x" * 10


def test_a_body_above_the_limit_is_refused_without_reading_it_all():
    stream = BytesIO(b"x" * 1000)

    with pytest.raises(TooLarge) as refused:
        read_body(stream, 10)

    assert stream.tell() == 11
    assert "10 bytes" in refused.value.detail


def test_a_broken_connection_is_the_callers_to_repeat():
    class Broken(BytesIO):
        def read(self, size=-1):
            raise UnreadablePostError

    with pytest.raises(InvalidInput) as refused:
        read_body(Broken(), 10)

    assert refused.value.code == "incomplete_body"


def test_a_view_may_set_its_own_limit():
    with pytest.raises(TooLarge):
        CamelCaseJSONParser().parse(
            BytesIO(b'{"a": "longer than ten"}'), None, {"view": Small()}
        )


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.from_regex(r"[a-z]{1,5}", fullmatch=True), inner, max_size=3
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_json_with_plain_names_is_read_as_python_reads_it(value):
    assert decode_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_but_a_refusal(body):
    with suppress(InvalidInput, InvalidField):
        decode_json(body)
