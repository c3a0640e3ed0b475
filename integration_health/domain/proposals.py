"""Which word of an unmatched route would make a rule for it?"""

import re
from collections.abc import Collection

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_WORD = re.compile(r"[^\W\d_]{3,}")


def words_of(route: str) -> list[str]:
    """Return the words of a route in lower case, in order; no placeholder, no version."""
    return [word.lower() for word in _WORD.findall(_PLACEHOLDER.sub(" ", route))]


def proposed_tokens(
    route: str, channel_hint: str, common: Collection[str]
) -> list[str]:
    """Return what to fill into a rule for an unmatched route, for a person to judge.

    The channel its query named, where one was kept; else the first word that no matched
    route has too (``common``), because words all routes share tell nothing. Nothing when
    every word is common.
    """
    if channel_hint:
        return channel_hint.split()[:1]
    return [word for word in words_of(route) if word not in common][:1]
