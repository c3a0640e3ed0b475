"""Texts stay texts in a spreadsheet."""

import pytest

from qa_observability.lib.spreadsheets import text_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_starts_like_a_formula_is_quoted(start):
    assert text_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "Airbnb", "14 failures × $300.00 = $4.20", "a=1"])
def test_other_texts_stay_as_they_are(text):
    assert text_cell(text) == text
