"""How do moments and numbers leave the database fastest? As the bytes it sends."""

from datetime import UTC, datetime

import numpy as np
from django.db.models import Aggregate, BinaryField

from correlation.domain.arrays import Index, Seconds

_MOMENT = np.dtype(">i8")
_INTEGER = np.dtype(">i4")
_POSTGRES_EPOCH = 946_684_800  # 2000-01-01 00:00 UTC
_MICROSECONDS = 1_000_000


class Sent(Aggregate):
    """``string_agg(timestamptz_send(column), '')``: what :func:`seconds_of` reads.

    Several of one query keep one order.
    """

    template = "string_agg(timestamptz_send(%(expressions)s), '')"
    output_field = BinaryField()


def moment_of(seconds: int) -> datetime:
    """Return the UTC moment of epoch seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def seconds_of(sent: bytes) -> Seconds:
    """Return the moments of ``string_agg(timestamptz_send(...), '')`` as epoch seconds.

    Nulls leave no trace. Fractions of a second are dropped.
    """
    microseconds = np.frombuffer(sent, _MOMENT).astype(np.int64)
    return np.asarray(microseconds // _MICROSECONDS + _POSTGRES_EPOCH, dtype=np.int64)


def moments_in(sent: bytes) -> int:
    """Return how many moments were sent."""
    return len(sent) // _MOMENT.itemsize


def integers_of(sent: bytes) -> Index:
    """Return the numbers of ``string_agg(int4send(...), '')``. Nulls leave no trace."""
    return np.frombuffer(sent, _INTEGER).astype(np.intp)
