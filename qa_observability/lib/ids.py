"""Which keys do new rows get? Time-ordered UUIDs, so that inserts stay local."""

import secrets
import time
from collections.abc import Iterator
from itertools import count
from random import getrandbits
from uuid import UUID

_TIMESTAMP_BITS = 48
_RANDOM_BITS = 74


def uuid7(milliseconds: int | None = None) -> UUID:
    """Return a version 7 UUID (RFC 9562, section 5.7): time in front, random behind.

    ``milliseconds`` since the Unix epoch; the system clock when left out. Two calls in
    one millisecond are ordered by chance. Python has its own only from 3.14.
    """
    moment = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    random = secrets.randbits(_RANDOM_BITS)
    value = (moment & ((1 << _TIMESTAMP_BITS) - 1)) << 80
    value |= 0x7 << 76
    value |= (random >> 62) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return UUID(int=value)


def uuid7_text(milliseconds: int) -> str:
    """Return the 32 hexadecimal digits of a version 7 UUID, for rows by the thousand.

    Its random bits are no secret, and cost a tenth of secret ones.
    """
    random = getrandbits(_RANDOM_BITS)
    high, low = random >> 62, random & ((1 << 62) - 1) | (0b10 << 62)
    return f"{milliseconds:012x}7{high:03x}{low:016x}"


def uuid7_halves(milliseconds: int) -> tuple[int, Iterator[int]]:
    """Return version 7 UUIDs of one moment: their upper 64 bits, and endless lower ones.

    They count on from a random start (RFC 9562, section 6.2, method 2), so that the rows
    of one call stand side by side in the index.
    """
    upper = milliseconds << 16 | 0x7 << 12 | getrandbits(12)
    lower = (0b10 << 62) | getrandbits(61)  # 61 of 62: room to count
    return upper, count(lower)
