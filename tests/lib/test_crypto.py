"""Sealed values open with their key and place, and with nothing else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.crypto import (
    KeyRing,
    SealBroken,
    Tampered,
    Truncated,
    UnknownKey,
    WeakKeys,
    key_id_of,
)


def key(key_id: str, start: int = 0) -> str:
    raw = bytes(range(start, start + 32))
    return f"{key_id}:{base64.b64encode(raw).decode()}"


OLD, NEW = key("old"), key("new", 100)
RING = KeyRing.parse(OLD)


@given(content=st.binary(max_size=300), associated=st.binary(max_size=80))
def test_open_returns_what_was_sealed(content, associated):
    assert RING.open(RING.seal(content, associated), associated) == content


def test_seal_never_repeats_itself():
    sealed = {RING.seal(b"same", b"place") for _ in range(200)}

    assert len(sealed) == 200


def test_sealed_value_does_not_show_its_content():
    assert b"250.00" not in RING.seal(b"250.00", b"")


def test_sealed_layout_is_fixed():
    sealed = RING.seal(b"abc", b"")

    assert sealed[:5] == b"\x01\x03old"
    assert len(sealed) == 5 + 12 + 3 + 16


@given(
    place=st.integers(0, len(RING.seal(b"payload", b"row 1")) - 1),
    flip=st.integers(1, 255),
)
def test_one_changed_byte_is_noticed_anywhere(place, flip):
    sealed = bytearray(RING.seal(b"payload", b"row 1"))
    sealed[place] ^= flip

    with pytest.raises(SealBroken):
        RING.open(bytes(sealed), b"row 1")


@given(length=st.integers(0, len(RING.seal(b"payload", b"")) - 1))
def test_a_value_cut_anywhere_is_noticed(length):
    sealed = RING.seal(b"payload", b"")

    with pytest.raises((Truncated, Tampered)):
        RING.open(sealed[:length], b"")


def test_a_value_moved_to_another_row_is_noticed():
    sealed = RING.seal(b"payload", b"row 1")

    with pytest.raises(Tampered, match="changed or moved"):
        RING.open(sealed, b"row 2")


def test_another_key_under_the_same_id_is_noticed():
    sealed = RING.seal(b"payload", b"")

    with pytest.raises(Tampered, match="'old' is not its own"):
        KeyRing.parse(key("old", 50)).open(sealed, b"")


def test_a_missing_key_is_named():
    sealed = RING.seal(b"payload", b"")

    with pytest.raises(UnknownKey, match="'old', which is not given"):
        KeyRing.parse(NEW).open(sealed, b"")


def test_the_first_key_seals_and_every_key_opens():
    ring = KeyRing.parse(f"{NEW}, {OLD}")

    assert ring.open(RING.seal(b"before", b""), b"") == b"before"
    assert key_id_of(ring.seal(b"after", b"")) == "new"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "no key is given", id="nothing"),
        pytest.param(" , ", "no key is given", id="only commas"),
        pytest.param("c2hvcnQ=", "written id:base64", id="no id"),
        pytest.param("ab" * 32, "^a key is written id:base64", id="a key for an id"),
        pytest.param("a b:xx", "written id:base64", id="bad id"),
        pytest.param("k:!!!", "'k' is not base64", id="not base64"),
        pytest.param("k:c2hvcnQ=", "'k' has 5 bytes, it needs 32", id="too short"),
        pytest.param(f"{OLD},{OLD}", "'old' is listed twice", id="twice"),
        pytest.param(
            "k:" + base64.b64encode(bytes(32)).decode(), "is a pattern", id="zeros"
        ),
    ],
)
def test_bad_key_lists_are_refused_by_name(text, message):
    with pytest.raises(WeakKeys, match=message):
        KeyRing.parse(text)


def test_keys_never_show_in_repr():
    assert repr(KeyRing.parse(OLD)) == "KeyRing(newest='old')"
