import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ErrorDetail

from qa_observability.api.encoding import encode_json
from qa_observability.lib.periods import Window


class Colour(StrEnum):
    DARK_RED = "dark_red"


@dataclass(frozen=True, slots=True)
class Row:
    error_rate: Decimal
    metadata: dict[str, Any] = field(default_factory=dict)


def test_dataclasses_become_camel_case_objects_down_to_the_leaves():
    report = {"all_rows": [Row(Decimal("0.0200"))], "row_count": 1}

    assert encode_json(report) == (
        b'{"allRows":[{"errorRate":0.0200,"metadata":{}}],"rowCount":1}'
    )


def test_metadata_keeps_its_own_keys():
    row = Row(Decimal(0), metadata={"http_status": 502, "in_ner": {"snake_key": 1}})

    assert json.loads(encode_json(row))["metadata"] == {
        "http_status": 502,
        "in_ner": {"snake_key": 1},
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(Decimal("575.50"), b"575.50", id="decimal keeps its digits"),
        pytest.param(Decimal("-0.0001"), b"-0.0001", id="negative decimal"),
        pytest.param(
            datetime(2026, 1, 10, 10, 30, tzinfo=UTC),
            b'"2026-01-10T10:30:00Z"',
            id="moment",
        ),
        pytest.param(
            datetime(2026, 1, 10, 10, 30, tzinfo=timezone(timedelta(hours=2))),
            b'"2026-01-10T08:30:00Z"',
            id="moment elsewhere",
        ),
        pytest.param(date(2026, 1, 10), b'"2026-01-10"', id="day"),
        pytest.param(UUID(int=7), b'"00000000-0000-0000-0000-000000000007"', id="uuid"),
        pytest.param(Colour.DARK_RED, b'"dark_red"', id="enum"),
        pytest.param(gettext_lazy("Read"), b'"Read"', id="lazy text"),
        pytest.param(ErrorDetail("no", "c"), b'"no"', id="kind of text"),
        pytest.param(None, b"null", id="nothing"),
        pytest.param((1, 2), b"[1,2]", id="tuple"),
        pytest.param({}, b"{}", id="empty object"),
        pytest.param("é", '"é"'.encode(), id="not escaped"),
    ],
)
def test_scalars_have_one_form(value, text):
    assert encode_json(value) == text


def test_a_window_is_from_and_to():
    window = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))

    assert encode_json({"window": window}) == (
        b'{"window":{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}}'
    )


def test_indent_spreads_over_lines():
    assert encode_json({"a_b": 1}, indent=2) == b'{\n  "aB": 1\n}'


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(datetime(2026, 1, 1), id="naive moment"),  # noqa: DTZ001
        pytest.param(Decimal("NaN"), id="no number"),
        pytest.param(Decimal("Infinity"), id="infinity"),
    ],
)
def test_what_json_cannot_say_is_our_bug(value):
    with pytest.raises(ValueError, match=r"time zone|not a number"):
        encode_json({"value": value})


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_decimals_survive_the_wire(value):
    assert (
        json.loads(encode_json(value), parse_float=Decimal, parse_int=Decimal) == value
    )
