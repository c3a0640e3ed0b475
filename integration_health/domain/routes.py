"""What is the route behind an endpoint? Ids, dates and people become placeholders.

One row per query string and per id makes thousands of rows of one route, and carries
personal data. What is stored is the route: finite, and free of both.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from qa_observability.lib.path_segments import without_people

LONGEST_ROUTE = 300
UNSAFE_CHARACTERS = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control signs; PostgreSQL stores no NUL
    "\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"  # invisible, or turning text round
    "\ud800-\udfff]"  # halves of pairs, which UTF-8 cannot write
)

_LONGEST_SEGMENT = 64
_REQUEST_LINE = re.compile(r"[A-Z]{3,7} +(\S+)(?: +HTTP/[\d.]+)?")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]{1,20}://(?:[^/?#@]*@)?", re.IGNORECASE)


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


def _segment(segment: str) -> str:
    segment = without_people(segment)
    return segment if len(segment) <= _LONGEST_SEGMENT else "{text}"
