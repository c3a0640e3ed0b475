"""Types of msgspec's complaints as people name them; names of fields stay."""

import msgspec
import pytest

from qa_observability.lib.complaints import plain_words


@pytest.mark.parametrize(
    ("given", "wanted", "words"),
    [
        (b"7", str, "Expected text, got a whole number"),
        (b'"7"', int, "Expected a whole number, got text"),
        (b"{}", list, "Expected a list, got an object"),
        (b"null", bool, "Expected true or false, got null"),
        (b"[]", float, "Expected a number, got a list"),
    ],
)
def test_types_are_named_plainly(given, wanted, words):
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.json.decode(given, type=wanted)

    assert plain_words(str(refused.value)) == words


def test_what_is_no_type_stays_without_its_ticks():
    assert plain_words("Object missing required field `eventType`") == (
        "Object missing required field eventType"
    )
