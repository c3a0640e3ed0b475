from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

import msgspec
import pytest

from qa_observability.api.bodies import body_as
from qa_observability.lib.errors import InvalidField


class Line(msgspec.Struct, forbid_unknown_fields=True):
    error_rate: Decimal
    last_checked: datetime
    times_seen: Annotated[int, msgspec.Meta(ge=1)] = 1


class Sheet(msgspec.Struct):
    lines: list[Line]


MOMENT = "2026-01-01T00:00:00Z"


def test_numbers_are_taken_digit_by_digit():
    read = body_as({"error_rate": 0.02, "last_checked": MOMENT}, Line)

    assert read == Line(Decimal("0.02"), datetime(2026, 1, 1, tzinfo=UTC), 1)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        pytest.param({"error_rate": 1}, "lines[0].last_checked", id="missing"),
        pytest.param(
            {"error_rate": "x", "last_checked": MOMENT},
            "lines[0].error_rate",
            id="not a number",
        ),
        pytest.param(
            {"error_rate": True, "last_checked": MOMENT},
            "lines[0].error_rate",
            id="a truth value",
        ),
        pytest.param(
            {"error_rate": 1, "last_checked": "noon"},
            "lines[0].last_checked",
            id="not a moment",
        ),
        pytest.param(
            {"error_rate": 1, "last_checked": MOMENT, "times_seen": 0},
            "lines[0].times_seen",
            id="out of range",
        ),
        pytest.param(
            {"error_rate": 1, "last_checked": MOMENT, "colour": "red"},
            "lines[0].colour",
            id="unknown",
        ),
        pytest.param([], "lines[0]", id="not an object"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(line, field):
    with pytest.raises(InvalidField) as refused:
        body_as({"lines": [line]}, Sheet)

    assert [error.field for error in refused.value.errors] == [field]


def test_a_body_of_another_form_is_refused_as_a_whole():
    with pytest.raises(InvalidField) as refused:
        body_as([], Sheet)

    assert [error.field for error in refused.value.errors] == ["body"]


@pytest.mark.parametrize(
    ("line", "code", "detail"),
    [
        pytest.param({"error_rate": 1}, "required", "Is required.", id="missing"),
        pytest.param(
            {"error_rate": 1, "last_checked": MOMENT, "colour": "red"},
            "unknown_field",
            "There is no such field. Known: errorRate, lastChecked, timesSeen.",
            id="unknown",
        ),
        pytest.param(
            {"error_rate": 1, "last_checked": MOMENT, "times_seen": "1"},
            "invalid",
            "Expected a whole number, got text.",
            id="another type",
        ),
    ],
)
def test_the_complaint_says_what_is_wrong_in_words(line, code, detail):
    with pytest.raises(InvalidField) as refused:
        body_as(line, Line)

    complaint = refused.value.errors[0]
    assert (complaint.code, complaint.detail) == (code, detail)


def test_fields_of_a_part_are_not_listed_as_those_of_the_whole():
    with pytest.raises(InvalidField) as refused:
        body_as(
            {"lines": [{"error_rate": 1, "last_checked": MOMENT, "colour": 1}]}, Sheet
        )

    assert refused.value.errors[0].detail == "There is no such field."


def test_moments_become_utc_whatever_their_offset():
    read = body_as({"error_rate": 1, "last_checked": "2026-01-01T00:00:00-17:37"}, Line)

    assert read.last_checked.isoformat() == "2026-01-01T17:37:00+00:00"


@pytest.mark.parametrize(
    "moment", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00"]
)
def test_a_moment_outside_all_years_names_its_field(moment):
    with pytest.raises(InvalidField) as refused:
        body_as({"error_rate": 1, "last_checked": moment}, Line)

    assert refused.value.errors[0].field == "last_checked"
