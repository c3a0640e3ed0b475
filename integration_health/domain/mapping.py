"""Which channel, and which aspect of it, does an endpoint belong to?

Rules name whole words. Substrings would give false hits: ``bdc`` occurs inside
hexadecimal ids. ``booking`` alone is the PMS's own word for a reservation, not Booking.com.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_plus

from integration_health.enums import Aspect

UNMAPPED = "unmapped"
AMBIGUOUS = "ambiguous"
OTHER_PREFIX = "other:"
LONGEST_HINT = 100

_MOST_WORDS_JOINED = 4
_SHORTEST_JOINED = 6  # "b/dc" is not bdc, "booking.com" is bookingcom
_SHORTEST_PIECE = 4  # of camel case: AirbnbFees holds airbnb, xBdcY does not hold bdc

_WORD = re.compile(r"[^\W_]+")
_NO_WORD = re.compile(r"[\W_]+")
_CAMEL_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_PLAIN_NAME = re.compile(r"[a-z][a-z-]{1,39}")
_NEVER_A_CHANNEL = re.compile(
    r"\.(?:png|jpe?g|gif|svg|ico|webp|css|js|map|woff2?|ttf|html"  # brands in file names
    r"|php|jsp|aspx?|cgi)$"  # scanner probes
    r"|(?:^|/)wp-",
    re.IGNORECASE,
)
_CHANNEL_KEY = re.compile(
    r"\b(?:channel|source|ota|partner|provider|integration|portal)=", re.IGNORECASE
)
_ROUTES_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class MappingRule:
    """Words that tell a channel, an aspect, or both; any one of them suffices.

    ``integration_key`` is an integration's slug or ``other:<name>``; empty when the rule
    only tells an aspect. ``aspect`` is empty when it only tells a channel.
    """

    tokens: tuple[str, ...]
    integration_key: str = ""
    aspect: Aspect | None = None


DEFAULT_RULES: tuple[MappingRule, ...] = (
    MappingRule(("bookingdotcom", "booking.com", "bdc"), "booking-com"),
    MappingRule(("airbnb",), "airbnb"),
    MappingRule(
        ("vrbo", "homeaway", "expedia", "abritel", "fewo", "fewo-direkt", "stayz"),
        "vrbo",
    ),
    MappingRule(("hvmb", "hmbn", "marriott", "homes-and-villas"), "hmbn"),
    MappingRule(("google",), "other:google"),
    MappingRule(("tripadvisor",), "other:tripadvisor"),
    MappingRule(
        ("rate", "rates", "price", "prices", "pricing", "quote", "quotes", "tariff"),
        aspect=Aspect.PRICING,
    ),
    MappingRule(("fee", "fees", "tax", "taxes", "surcharge"), aspect=Aspect.FEES),
    MappingRule(
        ("availability", "calendar", "calendars", "inventory", "ical"),
        aspect=Aspect.AVAILABILITY,
    ),
    MappingRule(
        ("booking", "bookings", "reservation", "reservations", "cancellation"),
        aspect=Aspect.BOOKING,
    ),
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where an endpoint belongs.

    ``integration_key`` is a slug, ``other:<name>``, ``ambiguous`` or ``unmapped``.
    ``channel_hint`` is the word of the query that told the channel, or might once a rule
    knows it; empty when the path told it. Resolving the route with the hint as its query
    gives the same key and aspect again.
    """

    integration_key: str
    aspect: Aspect
    channel_hint: str = ""


class RuleTable:
    """Ordered rules, ready to be asked about many endpoints."""

    def __init__(self, rules: Iterable[MappingRule]) -> None:
        self._keys: dict[str, tuple[int, str]] = {}
        self._aspects: dict[str, tuple[int, Aspect]] = {}
        for position, rule in enumerate(rules):
            for token in map(_squashed, rule.tokens):
                if rule.integration_key:
                    self._keys.setdefault(token, (position, rule.integration_key))
                if rule.aspect:
                    self._aspects.setdefault(token, (position, rule.aspect))
        self._known = self._keys.keys() | self._aspects.keys()
        self._of_path = lru_cache(maxsize=_ROUTES_REMEMBERED)(self._path)

    def resolve(self, route: str, query: str = "") -> Mapped:
        """Return where a normalised ``route`` belongs, asking its raw ``query`` second.

        The path wins over the query. Two different integrations in one place are
        ambiguous; a partner that is not watched (``other:``) yields to an integration.
        Static files and scanner probes belong to no channel, whatever they are called.
        """
        key, aspect = self._of_path(route)
        if key:
            return Mapped(key, aspect)
        hints = list(self._hints(query))
        if key := self._key(hints):
            told = dict.fromkeys(hint for hint in hints if hint in self._keys)
            return Mapped(key, aspect, " ".join(told)[:LONGEST_HINT])
        return Mapped(UNMAPPED, aspect, _unknown_channel(query))

    def _path(self, route: str) -> tuple[str, Aspect]:
        words = list(self._matches(route))
        aspect = self._aspect(words)
        if _NEVER_A_CHANNEL.search(route):
            return UNMAPPED, aspect
        return self._key(word for word, _ in words), aspect

    def _key(self, words: Iterable[str]) -> str:
        found = sorted({self._keys[word] for word in words if word in self._keys})
        keys = list(dict.fromkeys(key for _, key in found))
        watched = [key for key in keys if not key.startswith(OTHER_PREFIX)]
        if len(watched or keys) > 1:
            return AMBIGUOUS
        return (watched or keys or [""])[0]

    def _aspect(self, words: Sequence[tuple[str, bool]]) -> Aspect:
        told = [
            self._aspects[word]
            for word, names_channel in words
            if word in self._aspects and not names_channel
        ]
        return min(told)[1] if told else Aspect.OTHER

    def _matches(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the known words of a text, and whether each is part of a channel's name.

        The booking in ``booking.com`` says nothing about reservations.
        """
        words = _WORD.findall(text)
        lowered = [word.lower() for word in words]
        part_of_name: set[int] = set()
        for first, last, joined in _joined(lowered):
            if joined in self._known:
                names_channel = joined in self._keys
                if names_channel:
                    part_of_name.update(range(first, last))
                yield joined, names_channel
        for index, word in enumerate(words):
            if lowered[index] in self._known:
                yield lowered[index], index in part_of_name
            for piece in _camel_pieces(word):
                if piece in self._aspects or (
                    piece in self._keys and len(piece) >= _SHORTEST_PIECE
                ):
                    yield piece, index in part_of_name

    def _hints(self, query: str) -> Iterator[str]:
        squashed = _squashed(unquote_plus(query))
        if not any(token in squashed for token in self._keys):
            return  # most queries name no channel at all
        for key, value in _parameters(query):
            for text in (value, key):
                yield from (word for word, _ in self._matches(text))


def _squashed(text: str) -> str:
    return _NO_WORD.sub("", text.lower())


def _joined(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    for first in range(len(words)):
        stop = min(first + _MOST_WORDS_JOINED, len(words))
        for last in range(first + 2, stop + 1):
            joined = "".join(words[first:last])
            if len(joined) >= _SHORTEST_JOINED:
                yield first, last, joined


def _camel_pieces(word: str) -> list[str]:
    if word.islower() or word.isupper() or not word.isalpha():
        return []
    pieces = _CAMEL_PIECE.findall(word)
    return [piece.lower() for piece in pieces] if len(pieces) > 1 else []


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    for pair in query.replace(";", "&").split("&"):
        key, _, value = pair.partition("=")
        value = unquote_plus(value)
        if "@" not in value:  # a guest's relay address is not the channel called
            yield unquote_plus(key), value


def _unknown_channel(query: str) -> str:
    if not _CHANNEL_KEY.search(query):
        return ""
    for key, value in _parameters(query):
        name = value.lower()
        if _CHANNEL_KEY.fullmatch(f"{key}=") and _PLAIN_NAME.fullmatch(name):
            return name
    return ""
