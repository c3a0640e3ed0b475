"""What is the route behind an endpoint? Ids, dates and people become placeholders.

One row per query string and per id makes thousands of rows of one route, and carries
personal data. What is stored is the route: finite, and free of both.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

LONGEST_ROUTE = 300
UNSAFE_CHARACTERS = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control signs; PostgreSQL stores no NUL
    "\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"  # invisible, or turning text round
    "\ud800-\udfff]"  # halves of pairs, which UTF-8 cannot write
)

_LONGEST_SEGMENT = 64
_REQUEST_LINE = re.compile(r"[A-Z]{3,7} +(\S+)(?: +HTTP/[\d.]+)?")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]{1,20}://(?:[^/?#@]*@)?", re.IGNORECASE)
_ANYTHING_PERSONAL = re.compile(r"[\d@]|[^\W_]{33}")
_EMAIL = re.compile(r"[^\s/@]+@[^\s/@]+")
_DATE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TOKEN = re.compile(r"[^\W_]+")

_LONGEST_WORD = 32
_CODE_LENGTH = 5
_LONG_CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route to keep, and the raw query: only to be asked for a channel, never stored."""

    route: str
    query: str


@lru_cache(maxsize=4096)
def normalised(endpoint: str) -> Endpoint:
    """Return the route of an endpoint as Splunk shows it: a path with its query string.

    Fragment and query are cut, the path decoded once; numbers, UUIDs and codes become
    ``{id}``, e-mail addresses ``{email}``, dates ``{date}``; a trailing slash goes. Text
    that does not start with a slash is kept the same way; a request line or an address
    loses all but host and path. At most 300 characters; the root is ``/``.
    Source: splunk contract, section 5.
    """
    text = endpoint.strip()
    if request := _REQUEST_LINE.fullmatch(text):
        text = request[1]
    if origin := _ORIGIN.match(text):
        text = text[origin.end() :]
    path, _, query = text.partition("#")[0].partition("?")
    return Endpoint(route_of(unquote(path)), query)


def route_of(path: str) -> str:
    """Return a decoded path without ids, dates, people, matrix parameters and queries."""
    path = path.partition("#")[0].partition("?")[0]
    path = UNSAFE_CHARACTERS.sub("\ufffd", path)
    if len(path) > 1:
        path = path.rstrip("/")
    route = "/".join(_segment(segment) for segment in path.split("/"))
    if len(route) > LONGEST_ROUTE:
        route = route[: LONGEST_ROUTE - 1] + "…"
    return route or "/"


def without_ids(text: str) -> str:
    """Return the text with UUIDs, numbers and codes replaced by ``{id}``."""
    text = _UUID.sub("{id}", text)
    return _TOKEN.sub(lambda match: "{id}" if _is_id(match[0]) else match[0], text)


def without_people(segment: str) -> str:
    """Return one path segment with e-mails, dates, ids and matrix parameters gone."""
    segment = segment.partition(";")[0]
    if not _ANYTHING_PERSONAL.search(segment):
        return segment
    segment = _EMAIL.sub("{email}", segment)
    return without_ids(_DATE.sub("{date}", segment))


def _segment(segment: str) -> str:
    segment = without_people(segment)
    return segment if len(segment) <= _LONGEST_SEGMENT else "{text}"


def _is_id(token: str) -> bool:
    """Tell numbers and codes from words such as v9, oauth2 and availability."""
    length = len(token)
    digits = sum(map(str.isdigit, token))
    if digits == length or length > _LONGEST_WORD:
        return True
    if length >= _LONG_CODE_LENGTH and digits > 1:
        return True
    return length >= _CODE_LENGTH and 3 * digits >= length
