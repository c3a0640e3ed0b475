"""What does msgspec complain of, in words of people who know JSON and no Python?"""

import re

_TYPE = re.compile(r"`([^`]*)`")
_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
}


def plain_words(complaint: str) -> str:
    """Return a complaint with types named plainly: "Expected text, got a whole number"."""
    return _TYPE.sub(lambda found: _WORDS.get(found[1], found[1]), complaint)
