"""How far is an import that runs? Told by the worker, read by whoever follows it."""

from typing import NamedTuple
from uuid import UUID

from django.core.cache import cache

_KEPT = 24 * 60 * 60  # seconds


class RowsRead(NamedTuple):
    """How many rows of a file were read; whether that is all, and they are being stored."""

    number: int
    are_all: bool


def tell_rows_read(batch_id: UUID, rows: int, *, are_all: bool = False) -> None:
    """Tell how many rows of an import were read so far."""
    cache.set(_key(batch_id), (rows, are_all), _KEPT)


def rows_read_so_far(batch_id: UUID) -> RowsRead:
    """Return how many rows of a running import were read."""
    return RowsRead(*cache.get(_key(batch_id), (0, False)))


def _key(batch_id: UUID) -> str:
    return f"import-rows-read:{batch_id}"
