"""What does msgspec complain of, in words of people who know JSON and no Python?"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

_TYPES = {
    "str": _lazy("text"),
    "int": _lazy("a whole number"),
    "float": _lazy("a number"),
    "decimal": _lazy("a number"),
    "bool": _lazy("true or false"),
    "array": _lazy("a list"),
    "object": _lazy("an object"),
    "null": _lazy("null"),
}
_SENTENCES = (
    (
        re.compile(r"Invalid RFC3339 encoded datetime|Expected `datetime\b"),
        _lazy("This must be a moment with its zone, such as 2026-01-10T10:30:00Z."),
    ),
    (re.compile(r"Invalid decimal string"), _lazy("This must be a number.")),
    (
        re.compile(r"Invalid UUID|Expected `uuid\b"),
        _lazy("This must be an id as the API shows it, written with hyphens."),
    ),
    (re.compile(r".* length >= 1$"), _lazy("This cannot be empty.")),
    (
        re.compile(r".* length <= (?P<count>\d+)"),
        _lazy("Use at most %(count)d characters."),
    ),
    (re.compile(r".* >= (?P<least>-?\d+)"), _lazy("This must be at least %(least)d.")),
    (re.compile(r".* <= (?P<most>-?\d+)"), _lazy("This must be at most %(most)d.")),
    (
        re.compile(r".* regex '\^https\?://'"),
        _lazy("This must be an address that begins with http:// or https://."),
    ),
    (re.compile(r"Object missing required"), _lazy("This field is required.")),
    (re.compile(r"Object contains unknown"), _lazy("There is no such field.")),
)
_ANOTHER_TYPE = re.compile(r"Expected `(?P<wanted>[^`]*)`, got `(?P<given>[^`]*)`")


def plain_words(complaint: str) -> str:
    """Return the complaint, without its path, as a sentence that says what to send."""
    for pattern, sentence in _SENTENCES:
        if found := pattern.match(complaint):
            limits = {name: int(limit) for name, limit in found.groupdict().items()}
            return str(sentence % limits)
    if found := _ANOTHER_TYPE.match(complaint):
        wanted = found["wanted"].removesuffix(" | null")  # what nobody need send
        return _("Expected %(wanted)s, got %(given)s.") % {
            "wanted": _TYPES.get(wanted, wanted),
            "given": _TYPES.get(found["given"], found["given"]),
        }
    return f"{complaint}."
