"""How does COPY read a value? In PostgreSQL's binary format: nothing to escape, little to parse.

Every field is its length in four bytes, then its value; -1 is NULL. Moments are counted
from 2000. Source: PostgreSQL's documentation of COPY, "Binary Format".
"""

from datetime import UTC, datetime, timedelta
from struct import Struct

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
JSON_START = Struct("!iB")  # of a field of `jsonb`: length with the version, which is 1
DAY = 86_400_000_000  # microseconds

_START = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def field(value: bytes) -> bytes:
    """Return a field of bytes, or of text in UTF-8."""
    return len(value).to_bytes(4) + value


def moment_field(moment: datetime) -> bytes:
    """Return a field of ``timestamptz``."""
    return field(since_2000(moment).to_bytes(8, signed=True))


def since_2000(moment: datetime) -> int:
    """Return an aware moment in microseconds; ``// DAY`` is the value of its UTC ``date``."""
    return (moment - _START) // _MICROSECOND


def moment_at(microseconds: int) -> datetime:
    """Return the moment, in UTC, so many microseconds from 2000."""
    return _START + microseconds * _MICROSECOND
