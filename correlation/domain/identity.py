"""Which test is it? The same one over runs, machines and formatting."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ID_LENGTH = 20  # hex digits: 80 bits, no collision below billions of tests
LONGEST_READ = 10_000  # characters of a name that are read
NAME_LENGTH = 1000  # characters shown; the id is made from the whole text
ARROW = " › "
_SEPARATOR = "\x1f"  # cannot occur in XML or in cleaned text
_ABSOLUTE = re.compile(r"(?:/(?!/)|[A-Za-z]:[\\/])\S+")
_SOURCE_FILE = re.compile(r"\.[A-Za-z]{1,4}")
_OPENING = {"]": "[", ")": "("}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


def cleaned(text: str | None) -> str:
    """Return ``text`` trimmed, white space collapsed, in Unicode normal form C.

    Of more than 10,000 characters the rest is replaced by the hash of the whole, so that
    hostile names cost no more than long ones.
    """
    text = text or ""
    if len(text) > LONGEST_READ:
        text = text[:LONGEST_READ] + hashlib.sha256(text.encode()).hexdigest()
    return " ".join(unicodedata.normalize("NFC", text).split())


def portable_path(path: str | None) -> str:
    """Return a file's path without what depends on the machine.

    Relative paths stay, with forward slashes; of an absolute one the last two parts stay,
    because the folders a job is checked out into differ between runners.
    """
    text = cleaned(path)
    if _ABSOLUTE.fullmatch(text):
        return "/".join(text.replace("\\", "/").split("/")[-2:])
    return text.replace("\\", "/")


@lru_cache(maxsize=10_000)  # classes and suites hold many cases each
def portable_name(name: str | None) -> str:
    """Return a suite's or class's name; one that is an absolute source path is shortened."""
    text = cleaned(name)
    ending = text[-5:]
    return portable_path(text) if _SOURCE_FILE.search(ending) else text


def case_id(parts: Iterable[str]) -> str:
    """Return the id of a test: the first 20 hex digits of SHA-256 over its parts.

    Source: contracts/junit.md, section 5; DESIGN section 8.
    """
    joined = _SEPARATOR.join(parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:ID_LENGTH]


def base_name(name: str) -> str:
    """Return the name that the variants of one parametrised test share.

    Its last brackets fall away, UUIDs and numbers become ``#``: ``test_rate[vrbo-3]`` and
    ``test_rate[airbnb]`` share ``test_rate``. A plain name is its own base.
    """
    return _NUMBER.sub("#", _UUID.sub("#", without_parameters(name)))


def without_parameters(name: str) -> str:
    """Return the name without the brackets it ends in; a plain name is its own."""
    opening = _OPENING.get(name[-1:])
    at = name.find(opening, 1) if opening else -1
    return name[:at].rstrip() if at > 0 else name


def shortened(name: str) -> str:
    """Return ``name`` cut to what is shown; ids are always made from the whole."""
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"
