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

_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_SHAPES = 4096  # remembered at once
_LONGEST_SHAPE = 500  # bytes; longer texts are looked at each time

encode_sorted = msgspec.json.Encoder(order="deterministic").encode
_plain_metadata: dict[bytes, bool] = {}


def stored_message(
    integration_id: str, event_type: str, severity: str, message: str
) -> tuple[bytes, bytes]:
    """Return the message and the fingerprint to store.

    The words and the message are checked: all can be stored.
    """
    encoded = message.encode()
    shape = encoded.translate(_AS_ZEROS)
    if len(shape) <= _LONGEST_SHAPE:
        mark = _mark_of_plain(integration_id, event_type, severity, shape)
        if mark:
            return encoded, mark
    message = scrub_text(message)
    return message.encode(), fingerprint(integration_id, event_type, severity, message)


def stored_metadata(encoded: bytes, metadata: dict[str, Any]) -> bytes:
    """Return metadata as stored; ``encoded`` is what :func:`encode_sorted` makes of it."""
    if _is_plain_metadata(encoded, metadata):
        return encoded
    return encode_sorted(scrub_metadata(metadata))


@lru_cache(maxsize=_SHAPES)
def _mark_of_plain(
    integration_id: str, event_type: str, severity: str, shape: bytes
) -> bytes:
    """Return the fingerprint of plain messages of this shape; b"" for any other shape."""
    text = shape.decode()
    if shows_sign(text):
        return b""
    return fingerprint(integration_id, event_type, severity, text)


def _is_plain_metadata(encoded: bytes, metadata: dict[str, Any]) -> bool:
    """Return whether scrubbing changes nothing, whatever the digits are."""
    shape = encoded.translate(_AS_ZEROS)
    plain = _plain_metadata.get(shape)
    if plain is None:
        plain = not shows_sign(shape.decode()) and scrub_metadata(metadata) == metadata
        if len(shape) <= _LONGEST_SHAPE:
            if len(_plain_metadata) >= _SHAPES:
                _plain_metadata.clear()
            _plain_metadata[shape] = plain
    return plain
