"""A token is found whole, in any case, and never inside a longer word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.subjects import (
    ERASED,
    UnusableToken,
    checked_token,
    without_token,
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("by Anna.", f"by {ERASED}."),
        ("ANNA", ERASED),
        ("anna,anna", f"{ERASED},{ERASED}"),
        ("annals of annabel", "annals of annabel"),
        ("anna_b", "anna_b"),
        ("", ""),
    ],
)
def test_a_whole_word_is_masked(text, masked):
    assert without_token(text, "Anna") == masked


def test_nested_json_is_masked_in_keys_numbers_and_lists():
    value = {"guest 4711": [4711, 47110, {"id": "x-4711"}], "n": None, "ok": True}

    assert without_token(value, "4711") == {
        f"guest {ERASED}": [ERASED, 47110, {"id": f"x-{ERASED}"}],
        "n": None,
        "ok": True,
    }


@pytest.mark.parametrize(
    "token", ["", "abc", "   abc  ", "x" * 201, "----", "a\x00bcd"]
)
def test_a_token_that_finds_nothing_or_everything_is_refused(token):
    with pytest.raises(UnusableToken):
        checked_token(token)


@pytest.mark.parametrize("token", ["abcd", "x" * 200, "a.b*"])
def test_a_token_is_trimmed(token):
    assert checked_token(f" {token}\n") == token


@given(st.text(min_size=4, max_size=20), st.text(), st.text())
def test_nothing_is_left_to_mask(token, before, after):
    masked = without_token(f"{before} {token} {after}", token)

    assert without_token(masked, token) == masked or token.lower() in ERASED
