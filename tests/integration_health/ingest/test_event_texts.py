"""What is remembered of a shape must be true of every text of that shape."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.domain.failures import fingerprint
from integration_health.ingest.event_texts import (
    encode_sorted,
    stored_message,
    stored_metadata,
)
from qa_observability.lib.scrub import scrub_metadata, scrub_text

KIND = ("airbnb", "api_error", "high")

numbers = st.integers(0, 99).map(str) | st.sampled_from(
    ["4111111111111111", "5105105105105100", "4567", "0612345678"]
)
words = st.sampled_from(
    [
        "refused",
        "a@b.c",
        "/v1/listings/",
        "token",
        "=",
        "\\",
        "\t",
        "é",
        "%40",
        "tel:",
        " ",
    ]
)
texts = st.lists(words | numbers, max_size=6).map("".join)
keys = st.sampled_from(
    ["status", "guestEmail", "firstName", "k1", "k2", "card", "a\\b"]
)
values = st.recursive(
    texts | st.integers(0, 10**16) | st.none() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=2)
    ),
    max_leaves=5,
)


@given(texts)
def test_message_is_scrubbed_and_marked_as_if_seen_alone(text):
    scrubbed = scrub_text(text)

    assert stored_message(*KIND, text) == (
        scrubbed.encode(),
        fingerprint(*KIND, scrubbed),
    )


@given(st.dictionaries(keys, values, min_size=1, max_size=3))
def test_metadata_is_scrubbed_as_if_seen_alone(metadata):
    scrubbed = encode_sorted(scrub_metadata(metadata))

    assert stored_metadata(encode_sorted(metadata), metadata) == scrubbed


def test_keys_that_differ_in_digits_alone_are_all_looked_at():
    metadata = {"k1": {"lastName": "Silva"}, "k2": {"status": "fine"}}

    stored = stored_metadata(encode_sorted(metadata), metadata)

    assert msgspec.json.decode(stored) == {
        "k1": {"lastName": "[name]"},
        "k2": {"status": "fine"},
    }


@pytest.mark.parametrize("length", [499, 500, 501, 8000])
def test_message_of_any_length_gets_its_own_mark(length):
    text = "x" * (length - 1)

    assert stored_message(*KIND, f"{text}y") != stored_message(*KIND, f"{text}z")
