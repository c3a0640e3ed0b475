"""How far is an import that runs? Told by the worker, read by whoever follows it."""

from uuid import UUID

from django.core.cache import cache

_KEPT = 24 * 60 * 60  # seconds


def tell_rows_read(batch_id: UUID, rows: int) -> None:
    """Tell how many rows of an import were read so far."""
    cache.set(_key(batch_id), rows, _KEPT)


def rows_read_so_far(batch_id: UUID) -> int:
    """Return how many rows of a running import were read."""
    return int(cache.get(_key(batch_id)) or 0)


def _key(batch_id: UUID) -> str:
    return f"import-progress:{batch_id}"
