"""How do moments and numbers leave the database fastest? As one binary array."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from django.db.models import Aggregate, BinaryField

from correlation.domain.arrays import Index, Seconds

# What array_send() writes for timestamptz[]: five numbers, then length and value each.
_HEADER_BYTES = 20
_ELEMENT = np.dtype([("length", ">i4"), ("microseconds", ">i8")])
_INTEGER = np.dtype([("length", ">i4"), ("value", ">i4")])
_POSTGRES_EPOCH = 946_684_800  # 2000-01-01 00:00 UTC
_MICROSECONDS = 1_000_000


class Sent(Aggregate):
    """``array_send(array_agg(column))`` of a timestamptz: what :func:`seconds_of` reads.

    Several of one query keep one order.
    """

    template = "array_send(array_agg(%(expressions)s))"
    output_field = BinaryField()


def moment_of(seconds: int) -> datetime:
    """Return the UTC moment of epoch seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def seconds_of(sent: bytes) -> Seconds:
    """Return the moments of ``array_send(array_agg(...))`` as whole epoch seconds.

    The column must be a timestamptz without nulls. Fractions of a second are dropped.
    """
    elements = np.frombuffer(sent, dtype=_ELEMENT, offset=_HEADER_BYTES)
    microseconds = elements["microseconds"].astype(np.int64)
    return np.asarray(microseconds // _MICROSECONDS + _POSTGRES_EPOCH, dtype=np.int64)


def seconds_of_each(sent: Sequence[bytes]) -> tuple[list[int], Seconds]:
    """Return how many moments each of at least one array holds, and all in a row."""
    lengths = [(len(each) - _HEADER_BYTES) // _ELEMENT.itemsize for each in sent]
    values = b"".join(each[_HEADER_BYTES:] for each in sent)
    return lengths, seconds_of(sent[0][:_HEADER_BYTES] + values)


def integers_of(sent: bytes) -> Index:
    """Return the numbers of ``array_send(array_agg(...))`` of an integer without nulls."""
    elements = np.frombuffer(sent, dtype=_INTEGER, offset=_HEADER_BYTES)
    return elements["value"].astype(np.intp)
