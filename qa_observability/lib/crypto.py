"""How are a few secret bytes kept? AES-256-GCM, several keys, the key named inside.

Layout of a sealed value::

    1 byte   format, always 1
    1 byte   length of the key id, n
    n bytes  key id, ASCII
    12 bytes nonce, random
    rest     ciphertext and its 16-byte tag

The header and the caller's associated data are authenticated with the content, so a
value moved to another row, or whose key id was changed, does not open.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADER_START = 2
_FEWEST_DISTINCT_BYTES = 8  # 32 random bytes have 30 of them; a typed pattern has few


class WeakKeys(ValueError):
    """The list of keys is missing, malformed or weak; the text says which and why."""


class SealBroken(Exception):
    """A sealed value cannot be opened; nothing of its content is known."""


class UnknownKey(SealBroken):
    """Sealed with a key that is not in the ring."""


class Truncated(SealBroken):
    """Too short, or not a sealed value at all."""


class Tampered(SealBroken):
    """Changed, moved to another place, or sealed with another key of the same id."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id. The first, being the newest, seals; every one opens."""

    newest: str
    _keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Return the ring that ``id:base64,id:base64,...`` describes, newest first.

        An id has 1 to 64 letters, digits, dots, dashes or underscores; a key is the
        base64 of exactly 32 bytes.
        Raises: ``WeakKeys`` naming the first bad entry, never its key.
        """
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            key_id, colon, encoded = entry.partition(":")
            if not colon or not _KEY_ID.fullmatch(key_id):
                raise WeakKeys(
                    "a key is written id:base64; the id has letters, digits, dots, "
                    "dashes or underscores"
                )
            if key_id in keys:
                raise WeakKeys(f"key {key_id!r} is listed twice")
            keys[key_id] = _decoded(key_id, encoded)
        if not keys:
            raise WeakKeys("no key is given; write id:base64-of-32-bytes")
        return cls(next(iter(keys)), keys)

    def seal(self, content: bytes, associated: bytes) -> bytes:
        """Return ``content`` sealed with the newest key and a fresh random nonce."""
        header = bytes([FORMAT, len(self.newest)]) + self.newest.encode("ascii")
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = AESGCM(self._keys[self.newest])
        return header + nonce + cipher.encrypt(nonce, content, header + associated)

    def open(self, sealed: bytes, associated: bytes) -> bytes:
        """Return what was sealed with this ``associated`` data.

        Raises: ``Truncated``, ``UnknownKey`` or ``Tampered``; never wrong bytes.
        """
        key_id, body_start = _header(sealed)
        if key_id not in self._keys:
            raise UnknownKey(f"it was sealed with key {key_id!r}, which is not given")
        header, nonce_end = sealed[:body_start], body_start + NONCE_BYTES
        try:
            return AESGCM(self._keys[key_id]).decrypt(
                sealed[body_start:nonce_end], sealed[nonce_end:], header + associated
            )
        except InvalidTag:
            raise Tampered(
                f"it was changed or moved, or key {key_id!r} is not its own"
            ) from None


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that sealed the value; raises ``Truncated``."""
    return _header(sealed)[0]


def _header(sealed: bytes) -> tuple[str, int]:
    """Return the key id and where the nonce starts."""
    if len(sealed) < _HEADER_START or sealed[0] != FORMAT:
        raise Truncated("it is empty or not a sealed value")
    start = _HEADER_START + sealed[1]
    if len(sealed) < start + NONCE_BYTES + TAG_BYTES:
        raise Truncated(f"it ends after {len(sealed)} bytes")
    return sealed[_HEADER_START:start].decode("ascii", errors="replace"), start


def _decoded(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise WeakKeys(f"key {key_id!r} is not base64") from None
    if len(key) != KEY_BYTES:
        raise WeakKeys(f"key {key_id!r} has {len(key)} bytes, it needs {KEY_BYTES}")
    if len(set(key)) < _FEWEST_DISTINCT_BYTES:
        raise WeakKeys(f"key {key_id!r} is a pattern, not a random key")
    return key
