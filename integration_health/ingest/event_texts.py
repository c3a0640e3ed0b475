"""What is stored of what a caller wrote? Scrubbed, in UTF-8.

Most messages and metadata repeat with other numbers in them. What holds for all of one
shape, the text with every digit as 0, is found out once and remembered: that nothing in
it needs a mask, and which failures it is one of.
"""

from functools import lru_cache
from typing import Any

import msgspec

from integration_health.domain.failures import fingerprint
from qa_observability.lib.scrub import scrub_metadata, scrub_text, shows_sign

AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_SHAPES = 4096  # remembered at once
_LONGEST_SHAPE = 500  # bytes; longer texts are looked at each time

encode_sorted = msgspec.json.Encoder(order="deterministic").encode
_plain_metadata: dict[bytes, bool] = {}
is_known_plain = _plain_metadata.get  # by shape; such metadata is stored as it is


def stored_message(
    integration_id: str, event_type: str, severity: str, message: str
) -> tuple[bytes, bytes]:
    """Return the message and the fingerprint to store.

    The words and the message are checked: all can be stored.
    """
    if not is_plain(message.encode().translate(AS_ZEROS)):
        message = scrub_text(message)
    return message.encode(), fingerprint(integration_id, event_type, severity, message)


def is_plain(shape: bytes) -> bool:
    """Return whether messages of this shape are stored as they are, with one fingerprint."""
    return len(shape) <= _LONGEST_SHAPE and _shows_no_sign(shape)


def stored_metadata(encoded: bytes, metadata: dict[str, Any]) -> bytes:
    """Return metadata as stored; ``encoded`` is what :func:`encode_sorted` makes of it."""
    if _is_plain_metadata(encoded, metadata):
        return encoded
    return encode_sorted(scrub_metadata(metadata))


@lru_cache(maxsize=_SHAPES)
def _shows_no_sign(shape: bytes) -> bool:
    return not shows_sign(shape.decode())


def _is_plain_metadata(encoded: bytes, metadata: dict[str, Any]) -> bool:
    """Return whether scrubbing changes nothing, whatever the digits are.

    Nor is there a NUL: what has a shape with its escape is looked at each time.
    """
    shape = encoded.translate(AS_ZEROS)
    plain = _plain_metadata.get(shape)
    if plain is None:
        plain = (
            b"\\u0000" not in shape
            and not shows_sign(shape.decode())
            and scrub_metadata(metadata) == metadata
        )
        if len(shape) <= _LONGEST_SHAPE:
            if len(_plain_metadata) >= _SHAPES:
                _plain_metadata.clear()
            _plain_metadata[shape] = plain
    return plain
