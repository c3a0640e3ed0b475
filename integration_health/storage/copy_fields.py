"""How does COPY read a value? In PostgreSQL's binary format: nothing to escape, little to parse.

Every field is its length in four bytes, then its value; -1 is NULL. Moments are counted
from 2000. Source: PostgreSQL's documentation of COPY, "Binary Format".
"""

from datetime import UTC, datetime, timedelta

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
DAY = 86_400_000_000  # microseconds

_START = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def field(value: bytes) -> bytes:
    """Return a field of bytes, or of text in UTF-8."""
    return len(value).to_bytes(4) + value


def json_field(encoded: bytes) -> bytes:
    """Return a field of ``jsonb``: a version before the JSON."""
    return (len(encoded) + 1).to_bytes(4) + b"\x01" + encoded


def moment_field(moment: datetime) -> bytes:
    """Return a field of ``timestamptz``."""
    return field(since_2000(moment).to_bytes(8, signed=True))


def since_2000(moment: datetime) -> int:
    """Return an aware moment in microseconds; ``// DAY`` is the value of its UTC ``date``."""
    return (moment - _START) // _MICROSECOND
