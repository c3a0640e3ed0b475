"""Where is sample data, and how does it leave? Each app registers its own part.

An app that takes in real data may not know its neighbours, yet the first real import must
take the sample of all of them away in its own transaction. So each app tells this module
how, when it starts, and nobody imports upwards.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

Purge = Callable[[datetime], dict[str, int]]
IsLoaded = Callable[[], bool]

_parts: dict[str, tuple[Purge, IsLoaded]] = {}


def register(app: str, *, purge: Purge, loaded: IsLoaded) -> None:
    """Remember how ``app`` removes its sample and tells whether it holds any."""
    _parts[app] = (purge, loaded)


def any_loaded() -> bool:
    """Return whether any app holds sample data; one cheap query per app."""
    return any(loaded() for _, loaded in _parts.values())


def purge_all(now: datetime) -> dict[str, int]:
    """Remove every app's sample in the caller's transaction; return rows by table.

    Apps leave in the reverse of the order in which they registered, so that what points
    at another app's rows goes before them. Nothing loaded gives zeros.
    """
    removed: Counter[str] = Counter()
    for purge, _ in reversed(_parts.values()):
        removed.update(purge(now))
    return dict(removed)
