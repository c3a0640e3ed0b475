"""What must never be stored? Masks for personal data and secrets in free text.

Everything that comes in from outside passes here before it is kept: messages, metadata,
excerpts of refused rows. The masks are a list to review, in the order they are applied;
each regular expression takes time linear in the text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import IGNORECASE, Match, Pattern

from qa_observability.lib.path_segments import without_people

_CARD_DIGITS = range(13, 20)
_PHONE_DIGITS = range(8, 16)
_NUMBERS = re.compile(r"[0-9]+")
_SHORTEST_SECRET = 5  # characters: a@b.c; only ids in paths are shorter
_SHORTEST_SECRET_NUMBER = 10**7  # fewer than eight digits are no telephone, no card
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Mask:
    """What one kind of secret looks like, and what stands in its place."""

    name: str
    pattern: Pattern[str]
    replacement: str | Callable[[Match[str]], str]


@dataclass(frozen=True, slots=True)
class MaskGroup:
    """Masks that only apply where a text shows a sign of them: most texts show none.

    ``shows_sign`` gets the text in lower case.
    """

    shows_sign: Callable[[str], object]
    masks: tuple[Mask, ...]


def _holds_any(signs: str) -> Callable[[str], object]:
    """Return a search for words without digits, remembered for texts that differ in them."""
    search = re.compile("|".join(map(re.escape, signs.split()))).search

    @lru_cache(maxsize=4096)
    def holds(text: str) -> bool:
        return search(text) is not None

    return lambda text: holds(_NUMBERS.sub("0", text))


def _holds_address(text: str) -> bool:
    return "@" in text or "%40" in text


def _holds_path(text: str) -> bool:
    return "/" in text


def _card(match: Match[str]) -> str:
    """Mask consecutive groups of digits that make up a card number."""
    pieces = re.split(r"([ -])", match[0])
    groups, separators = pieces[::2], [*pieces[1::2], ""]
    masked, first = [], 0
    while first < len(groups):
        used = _groups_of_card(groups, first)
        masked.append("[card]" if used else groups[first])
        first += used or 1
        masked.append(separators[first - 1])
    return "".join(masked)


def _groups_of_card(groups: Sequence[str], first: int) -> int:
    """Return how many groups from ``first`` on make up a card number; 0 when none do."""
    number = ""
    for last in range(first, len(groups)):
        number += groups[last]
        if len(number) > _CARD_DIGITS[-1]:
            return 0
        if len(number) in _CARD_DIGITS and number[0] in "23456" and _luhn(number):
            return last - first + 1
    return 0


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _phone(match: Match[str]) -> str:
    digits = sum(map(str.isdigit, match[0]))
    return "[phone]" if digits in _PHONE_DIGITS else match[0]


def _path(match: Match[str]) -> str:
    """Keep host and path of an address; ids become placeholders, the query goes."""
    host, path = match["host"] or "", match["path"] or ""
    return host + "/".join(without_people(segment) for segment in path.split("/"))


_START = r"(?<![A-Za-z0-9_-])"

MASK_GROUPS: tuple[MaskGroup, ...] = (
    MaskGroup(
        _holds_any(
            "bearer basic digest token secret passw pwd key sess cookie auth sig"
            " eyj akia aiza xox gho_ ghp_ ghr_ ghs_ ghu_ sk_ glpat"
        ),
        (
            Mask(
                "private key",
                re.compile(
                    r"-----BEGIN[A-Z ]{0,40}KEY-----"
                    r".*?(?:-----END[A-Z ]{0,40}KEY-----|\Z)",
                    re.DOTALL,
                ),
                "[secret]",
            ),
            Mask(
                "JSON web token",
                re.compile(
                    _START + r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"
                    r"(?:\.[A-Za-z0-9_-]*)?"
                ),
                "[secret]",
            ),
            Mask(
                "key of a known vendor",
                re.compile(
                    _START + r"(?:AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|gh[oprsu]_\w{20,}"
                    r"|xox[abeprs]-[\w-]{10,}|sk_(?:live|test)_\w{10,}"
                    r"|glpat-[\w-]{20,})"
                ),
                "[secret]",
            ),
            Mask(
                "HTTP credentials",
                re.compile(
                    r"\b(bearer|basic|digest|token)\s+"
                    r"(?=[^\s\d]{0,200}\d|\S{20})[\w+/=.~:-]{8,}",
                    IGNORECASE,
                ),
                r"\1 [secret]",
            ),
            Mask(
                "cookie header",
                re.compile(r"\b((?:set-)?cookie\s*[:=]\s*)[^\r\n]+", IGNORECASE),
                r"\1[secret]",
            ),
            Mask(
                "password",
                re.compile(
                    r"\b((?:\w{0,30}[_-])?"
                    r"(?:password|passwd|passwort|pwd|secret|authorization)"
                    r"\b[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,;]+",
                    IGNORECASE,
                ),
                r"\1[secret]",
            ),
            Mask(
                "token or key with its name",
                re.compile(
                    r"\b((?:\w{0,30}[_-])?"
                    r"(?:token|api_?-?key|apikey|access_?-?key|session_?-?id|jsessionid"
                    r"|signature|sig|auth)"
                    r"\b[\"']?\s*[:=]\s*[\"']?)"
                    r"(?=[^\s\d]{0,200}\d|\S{16})[^\s\"'&,;]{4,}",
                    IGNORECASE,
                ),
                r"\1[secret]",
            ),
        ),
    ),
    MaskGroup(
        _holds_address,
        (
            Mask(
                "user and password in an address",
                re.compile(r"://[^\s/@:]+:[^\s/@]+@"),
                "://[secret]@",
            ),
            Mask(
                "e-mail address",
                re.compile(
                    r"(?<![\w.%+-])[\w.%+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+",
                ),
                "[email]",
            ),
        ),
    ),
    MaskGroup(
        _holds_path,
        (
            Mask(
                "ids in paths, query strings",
                re.compile(
                    r"(?<![\w/<])(?:(?P<host>//[^\s/?#\"'<>]+))?"
                    r"(?P<path>/[^\s?#\"'<>]*)(?:[?#][^\s\"'<>]*)?"
                ),
                _path,
            ),
        ),
    ),
    MaskGroup(
        re.compile(r"\d[\d ().-]{5,}\d").search,
        (
            Mask("card number", re.compile(r"(?<!\d)\d(?:[ -]?\d){12,}"), _card),
            Mask(
                "international telephone number",
                re.compile(r"(?<![\d+])\+[1-9][\d ().-]{6,20}\d"),
                _phone,
            ),
            Mask(
                "telephone number with its name",
                re.compile(
                    r"\b((?:phone|mobile|tel|telephone|fax|whatsapp|msisdn)"
                    r"[\"']?\s*[:=]\s*[\"']?)\+?\(?\d[\d ().-]{4,20}\d",
                    IGNORECASE,
                ),
                r"\1[phone]",
            ),
            Mask(
                "national telephone number",
                re.compile(
                    r"(?<![\d.-])(?:"
                    r"(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}"  # (555) 123-4567
                    r"|\(\d{2,3}\) ?\d{4,5}-?\d{4}"  # (11) 98765-4321
                    r"|0\d(?:[ .]\d\d){4}"  # 06 12 34 56 78
                    r")(?!\d|[.-]\d)"
                ),
                "[phone]",
            ),
        ),
    ),
)

_NAMED = {
    "[secret]": (
        "password passwd pwd secret token apikey accesskey authorization auth cookie"
        " session sessionid signature credentials clientsecret accesstoken refreshtoken"
    ),
    "[card]": "card cardnumber pan cvv cvc iban",
    "[email]": "email mail",
    "[phone]": "phone mobile telephone tel fax whatsapp msisdn",
    "[name]": "firstname lastname fullname guestname surname",
}
_MASK_OF_KEY = {key: mask for mask, keys in _NAMED.items() for key in keys.split()}
_KEY_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def scrub_text(text: str) -> str:
    """Return the text with personal data and secrets masked; twice changes nothing more.

    E-mail addresses, credentials, card numbers (checked by their last digit) and
    telephone numbers become ``[email]``, ``[secret]``, ``[card]``, ``[phone]``; ids in
    paths become placeholders and query strings go. Source: DESIGN section 4.
    """
    if len(text) < _SHORTEST_SECRET and "/" not in text:
        return text
    lowered = text.lower()
    for group in MASK_GROUPS:
        if group.shows_sign(lowered):
            for mask in group.masks:
                text = mask.pattern.sub(mask.replacement, text)
    return text


def shows_sign(text: str) -> bool:
    """Return whether a mask might change this text or one with other digits in it.

    ``False`` is certain: every text that differs in the values of its ASCII digits alone
    is left as it is by :func:`scrub_text`.
    """
    lowered = text.lower()
    return "%" in lowered or any(group.shows_sign(lowered) for group in MASK_GROUPS)


def scrub_metadata(metadata: dict[str, object]) -> dict[str, object]:
    """Return a JSON object scrubbed throughout: texts by content, values by their key.

    Keys keep their spelling. Text and numbers under a key such as ``password`` or
    ``guestEmail`` are masked whatever they hold; so is what lies deeper than 20 levels.
    """
    return {
        _scrub_key(key): _scrub_value(value, key, 1) for key, value in metadata.items()
    }


@lru_cache(maxsize=2048)  # the same few keys come with every event
def _scrub_key(key: str) -> str:
    return scrub_text(key)


def _scrub_value(value: object, key: str, depth: int) -> object:
    if depth >= _DEEPEST:
        return "[too deep]"
    if isinstance(value, dict):
        return {
            _scrub_key(name): _scrub_value(item, name, depth + 1)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_scrub_value(item, key, depth + 1) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if mask := _mask_of(key):
        return mask
    return _scrub_scalar(value)


def _scrub_scalar(value: object) -> object:
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, int) and abs(value) < _SHORTEST_SECRET_NUMBER:
        return value
    text = str(value)
    return "[card]" if scrub_text(text) != text else value


@lru_cache(maxsize=2048)
def _mask_of(key: str) -> str:
    words = [word.lower() for word in _KEY_WORD.findall(key)]
    for word in ("".join(words), *words):
        if word in _MASK_OF_KEY:
            return _MASK_OF_KEY[word]
    return ""
