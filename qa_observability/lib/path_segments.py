"""Which part of a path names a person or one thing? Ids, dates and addresses go."""

import re

_ANYTHING_PERSONAL = re.compile(r"[\d@]|[^\W_]{33}")
_EMAIL = re.compile(r"[^\s/@]+@[^\s/@]+")
_DATE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TOKEN = re.compile(r"[^\W_]+")

_LONGEST_WORD = 32
_CODE_LENGTH = 5
_LONG_CODE_LENGTH = 8


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


def _is_id(token: str) -> bool:
    """Tell numbers and codes from words such as v9, oauth2 and availability."""
    length = len(token)
    digits = sum(map(str.isdigit, token))
    if digits == length or length > _LONGEST_WORD:
        return True
    if length >= _LONG_CODE_LENGTH and digits > 1:
        return True
    return length >= _CODE_LENGTH and 3 * digits >= length
