from decimal import Decimal

import pytest
from django.forms import ValidationError

from qa_observability.web.percents import PercentField, typed_percent

ADVICE = "Write percent from 0 to 100, such as 5 or 5 %, with at most four decimals."


@pytest.mark.parametrize(
    ("typed", "ratio"),
    [
        ("5", "0.05"),
        (" 5 % ", "0.05"),
        ("5,5%", "0.055"),
        ("0.05", "0.0005"),
        ("0", "0"),
        ("100", "1"),
        ("3.1234", "0.031234"),
    ],
)
def test_percent_is_read_as_percent(typed, ratio):
    assert PercentField().clean(typed) == Decimal(ratio)


@pytest.mark.parametrize("typed", ["100.0001", "150", "-1", "five", "5 %%", "3.12345"])
def test_anything_else_is_told_how_percent_is_written(typed):
    with pytest.raises(ValidationError) as refused:
        PercentField().clean(typed)

    assert refused.value.messages == [ADVICE]


def test_nothing_typed_is_unknown():
    assert PercentField(required=False).clean("") is None


def test_another_spelling_is_no_change():
    field = PercentField()

    assert [field.has_changed("5", typed) for typed in ("5.0 %", "6", "x")] == [
        False,
        True,
        True,
    ]


def test_a_ratio_is_written_as_it_is_typed():
    ratios = (None, Decimal("0.07"), Decimal(1), Decimal("0.061"))

    assert [typed_percent(each) for each in ratios] == ["", "7", "100", "6.1"]
