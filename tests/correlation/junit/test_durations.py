import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.junit.durations import (
    LONGEST_MS,
    has_ambiguous_comma,
    milliseconds,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1", 100),
        ("0", 0),
        ("1e-3", 1),
        (".5", 500),
        ("5.", 5000),
        (" 2 ", 2000),
        ("2,503.1", 2_503_100),
        ("1,234.567", 1_234_567),
        ("2147483.647", LONGEST_MS),
        ("2147483.648", None),
        ("1e9", None),
        ("1e999", None),
        ("1,5", None),
        ("1,500", None),
        ("-3", None),
        ("NaN", None),
        ("inf", None),
        ("", None),
        (None, None),
        ("0." + "1" * 40, None),
        ("12:30", None),
        ("١", None),
    ],
)
def test_seconds_become_milliseconds_or_unknown(text, expected):
    assert milliseconds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,5", True), ("1,500", True), ("1,234.5", False), ("-3", False), (None, False)],
)
def test_a_comma_is_ambiguous_when_it_could_be_either(text, expected):
    assert has_ambiguous_comma(text) is expected


@given(st.integers(min_value=0, max_value=LONGEST_MS))
def test_every_duration_survives_its_spelling(length):
    assert milliseconds(f"{length / 1000:.3f}") == length


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text):
    length = milliseconds(text)

    assert length is None or 0 <= length <= LONGEST_MS
