"""Which texts name a person? An exact token: an address, a number, a name, whole.

A token is found where neither a letter, a digit nor an underscore touches it, in any case:
``ann`` is in ``by Ann.`` and not in ``annual``. Source: DESIGN section 7.
"""

import re
from typing import Any

SHORTEST_TOKEN = 4
LONGEST_TOKEN = 200
ERASED = "[erased]"


class UnusableToken(ValueError):
    """A token that would find nothing or everything; the text says what to give."""


def checked_token(text: str) -> str:
    """Return the token, trimmed.

    Raises: ``UnusableToken`` for fewer than 4 or more than 200 characters, for NUL, and
        for one without a letter or digit.
    """
    token = text.strip()
    if not SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN:
        raise UnusableToken(
            f"a token has {SHORTEST_TOKEN} to {LONGEST_TOKEN} characters, "
            f"this one {len(token)}"
        )
    if "\x00" in token or not any(map(str.isalnum, token)):
        raise UnusableToken("a token needs a letter or a digit, and no NUL character")
    return token


def database_pattern(token: str) -> str:
    """Return PostgreSQL's regular expression of the whole token; match it without case."""
    return rf"(^|[^[:alnum:]_]){_escaped(token)}($|[^[:alnum:]_])"


def without_token(value: Any, token: str) -> Any:
    """Return a text or nested JSON with the token masked wherever it stands whole.

    Names of fields are masked like values; numbers equal to the token become the mask.
    """
    pattern = re.compile(rf"(?<!\w){re.escape(token)}(?!\w)", re.IGNORECASE)
    return _masked(value, pattern)


def _masked(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(ERASED, value)
    if isinstance(value, dict):
        return {
            _masked(key, pattern): _masked(inner, pattern)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_masked(inner, pattern) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return ERASED if pattern.search(str(value)) else value
    return value


def _escaped(token: str) -> str:
    """Put a backslash before whatever PostgreSQL might read as a sign."""
    return re.sub(r"([^\w])", r"\\\1", token)
