"""Configuration documents: the user's structure in and out, everything else refused."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.errors import ApplicationError, InvalidField, InvalidInput
from revenue.domain.document import (
    Configuration,
    ConfigurationChange,
    as_mapping,
    read_change,
)
from revenue.domain.yaml_format import LARGEST, read_yaml, write_yaml
from revenue.enums import Method
from tests.revenue.builders import values

# architecture.md, section 4.2
USERS_YAML = b"""\
revenue:
  avg_booking_value: 250.00
  leakage_percentage: 0.05  # 5% (3-7% benchmark)
  integrations:
    booking-com:
      avg_booking_value: 280.00
      leakage_percentage: 0.06
    airbnb:
      avg_booking_value: 300.00
      leakage_percentage: 0.07
    vrbo:
      avg_booking_value: 250.00
      leakage_percentage: 0.05
    hmbn:
      avg_booking_value: 220.00
      leakage_percentage: 0.04
"""
USERS = Configuration(
    values("250.00", "0.05"),
    {
        "booking-com": values("280.00", "0.06"),
        "airbnb": values("300.00", "0.07"),
        "vrbo": values("250.00", "0.05"),
        "hmbn": values("220.00", "0.04"),
    },
)


def test_the_users_document_is_read():
    assert read_change(read_yaml(USERS_YAML)) == ConfigurationChange(USERS)


def test_the_users_document_is_written_as_it_was():
    without_comment = USERS_YAML.replace(b"  # 5% (3-7% benchmark)", b"")

    assert write_yaml(as_mapping(USERS)).encode() == without_comment


def test_everything_a_document_may_say_is_read():
    document = read_yaml(
        b"""
revenue:
  currency: EUR
  bookings_per_day: 12.5
  method: by_rate
  integrations:
    airbnb: {leakage_percentage: 0.07, method: per_failure}
    vrbo: {}
valid_from: 2026-02-01
reason: New season
replace: true
"""
    )

    assert read_change(document) == ConfigurationChange(
        Configuration(
            values(bookings="12.5", method=Method.BY_RATE),
            {
                "airbnb": values(leakage="0.07", method=Method.PER_FAILURE),
                "vrbo": values(),
            },
            "EUR",
        ),
        date(2026, 2, 1),
        "New season",
        replace=True,
    )


def test_the_word_revenue_may_be_left_out():
    bare = {"avg_booking_value": 250.0, "valid_from": "2026-02-01"}

    assert read_change(bare) == ConfigurationChange(
        Configuration(values("250.0")), date(2026, 2, 1)
    )


def test_json_numbers_keep_the_digits_people_wrote():
    assert read_change({"revenue": {"leakage_percentage": 0.07}}) == (
        ConfigurationChange(Configuration(values(leakage="0.07")))
    )


some_values = st.builds(
    values,
    value=st.none() | st.decimals("0.01", 1_000_000, places=2).map(str),
    leakage=st.none() | st.decimals(0, 1, places=6).map(str),
    bookings=st.none() | st.decimals(0, 1_000_000, places=2).map(str),
    method=st.none() | st.sampled_from(Method),
)


@given(
    st.builds(
        Configuration,
        some_values,
        st.dictionaries(st.sampled_from(["airbnb", "vrbo", "on", "1"]), some_values),
        st.sampled_from([None, "USD", "BRL"]),
    )
)
def test_a_written_configuration_reads_as_itself(configuration):
    written = write_yaml(as_mapping(configuration)).encode()

    assert read_change(read_yaml(written)) == ConfigurationChange(configuration)


@pytest.mark.parametrize(
    ("document", "field", "code"),
    [
        ([], "document", "wrong_type"),
        (None, "document", "wrong_type"),
        ({}, "revenue", "required"),
        ({"reason": "none"}, "revenue", "required"),
        ({"revenue": "250"}, "revenue", "wrong_type"),
        ({"revenue": {1: 2}}, "revenue", "wrong_type"),
        ({"revenue": {"k" * 101: 2}}, "revenue", "wrong_type"),
        ({"revenue": {}, "other": 1}, "other", "unknown_field"),
        (
            {"revenue": {"avg_value": 1}},
            "revenue.avg_value",
            "unknown_field",
        ),
        (
            {"revenue": {"avg_booking_value": Decimal("9" * 5000)}},
            "revenue.avg_booking_value",
            "out_of_range",
        ),
        (
            {"revenue": {"leakage_percentage": 5}},
            "revenue.leakage_percentage",
            "out_of_range",
        ),
        (
            {"revenue": {"leakage_percentage": "5 %"}},
            "revenue.leakage_percentage",
            "wrong_type",
        ),
        (
            {"revenue": {"leakage_percentage": True}},
            "revenue.leakage_percentage",
            "wrong_type",
        ),
        (
            {"revenue": {"integrations": {"airbnb": {"avg_booking_value": -1}}}},
            "revenue.integrations.airbnb.avg_booking_value",
            "out_of_range",
        ),
        (
            {"revenue": {"integrations": {"airbnb": {"value": 1}}}},
            "revenue.integrations.airbnb.value",
            "unknown_field",
        ),
        (
            {"revenue": {"integrations": ["airbnb"]}},
            "revenue.integrations",
            "wrong_type",
        ),
        ({"revenue": {"integrations": False}}, "revenue.integrations", "wrong_type"),
        ({"revenue": {"integrations": 0}}, "revenue.integrations", "wrong_type"),
        ({"revenue": {"integrations": ""}}, "revenue.integrations", "wrong_type"),
        ({"revenue": {"integrations": []}}, "revenue.integrations", "wrong_type"),
        (
            {"revenue": {"integrations": {"airbnb": None}}},
            "revenue.integrations.airbnb",
            "wrong_type",
        ),
        (
            {"revenue": {"integrations": {f"c{n}": {} for n in range(1001)}}},
            "revenue.integrations",
            "invalid",
        ),
        ({"revenue": {"currency": "EURO"}}, "revenue.currency", "unknown_currency"),
        ({"revenue": {"currency": ["EUR"]}}, "revenue.currency", "unknown_currency"),
        ({"revenue": {"method": "by_luck"}}, "revenue.method", "invalid"),
        ({"revenue": {"method": {}}}, "revenue.method", "invalid"),
        ({"revenue": {}, "valid_from": "soon"}, "valid_from", "invalid"),
        ({"revenue": {}, "valid_from": 20260101}, "valid_from", "invalid"),
        ({"revenue": {}, "reason": "x" * 501}, "reason", "invalid"),
        ({"revenue": {}, "reason": 5}, "reason", "invalid"),
        ({"revenue": {}, "replace": "yes"}, "replace", "wrong_type"),
    ],
)
def test_wrong_documents_are_refused_by_field(document, field, code):
    with pytest.raises(InvalidField) as refusal:
        read_change(document)

    assert [(error.field, error.code) for error in refusal.value.errors] == [
        (field, code)
    ]


BOMB = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c]\n" % (n + 1, n + 1, n, n) for n in range(97, 117)
)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param(BOMB, "alias", id="bomb"),
        pytest.param(b"a: &a 1\nb: *a\n", "alias", id="alias"),
        pytest.param(b"a: !!python/object:os.system x", "line 1", id="python object"),
        pytest.param(b"a: !mine x", "line 1", id="own tag"),
        pytest.param(b"a: 1\n---\nb: 2", "line 2", id="two documents"),
        pytest.param(b"a: 1\na: 2", "line 2 repeats the key 'a'", id="repeated key"),
        pytest.param(b"<<: {a: 1}", "line 1", id="merge key"),
        pytest.param(b"[a]: 1", "a key must be a plain text", id="key is a list"),
        pytest.param(b"[" * 5000, "deeper than 10", id="deep"),
        pytest.param(b"a: 0x10", "0x10 is not a plain number", id="hexadecimal"),
        pytest.param(b"a: .inf", ".inf is not a plain number", id="infinity"),
        pytest.param(b"a: 1_000.0", "not a plain number", id="underscores"),
        pytest.param(b"a: 190:20:30", "not a plain number", id="sexagesimal"),
        pytest.param(b"a: [", "line 1", id="unfinished"),
        pytest.param(b"a: \xff", "invalid start byte", id="not UTF-8"),
        pytest.param(b"a: \x00", "special characters", id="NUL byte"),
        pytest.param(b"a: 2026-99-99", "month must be", id="no such day"),
    ],
)
def test_hostile_or_broken_yaml_is_refused(text, cause):
    with pytest.raises(InvalidInput, match=cause) as refusal:
        read_yaml(text)

    assert refusal.value.code == "malformed_yaml"


def test_a_huge_document_is_refused_by_size():
    with pytest.raises(ApplicationError) as refusal:
        read_yaml(b"#" * (LARGEST + 1))

    assert refusal.value.status == 413


def test_yaml_decimals_are_exact():
    assert read_yaml(b"a: 0.1000000000000000055511151231257827") == {
        "a": Decimal("0.1000000000000000055511151231257827")
    }


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(text):
    with suppress(ApplicationError):
        read_change(read_yaml(text))
