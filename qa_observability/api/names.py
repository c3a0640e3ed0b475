"""How is a name written? snake_case inside, camelCase on the wire."""

import re
from functools import lru_cache

UNTOUCHED = "metadata"  # a caller's own object: its keys are data, not our names

_HUMP = re.compile(r"(?<!^)(?=[A-Z])")
_CACHED_NAMES = 2048  # bounded, since names on the wire come from outside


@lru_cache(maxsize=_CACHED_NAMES)
def camel(name: str) -> str:
    """Return the name on the wire: ``errorRate``; ``from_`` becomes ``from``."""
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


@lru_cache(maxsize=_CACHED_NAMES)
def snake(name: str) -> str:
    """Return the name inside: ``errorRate`` is ``error_rate``."""
    return _HUMP.sub("_", name).lower()


def camel_path(path: str) -> str:
    """Return a field's path on the wire: ``events[0].eventType``."""
    return ".".join(camel(part) for part in path.split("."))
