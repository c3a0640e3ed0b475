"""How long did a case take? Seconds in many spellings, or unknown; never guessed."""

import re

LONGEST_TEXT = 40  # characters; no number of seconds needs more
LONGEST_MS = 2**31 - 1  # 24.8 days: beyond it a duration is a mistake, and unknown
_PLAIN = re.compile(r"[+]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}", re.ASCII)


def milliseconds(seconds: str | None) -> int | None:
    """Return the milliseconds that a ``time`` attribute says, or ``None`` for unknown.

    Accepts ``0.1``, ``1e-3``, ``.5`` and the thousands comma of ``2,503.1``. Empty,
    negative, NaN and absurd values are unknown, and so is an ambiguous comma.
    Source: contracts/junit.md, section 6.
    """
    text = (seconds or "").strip()
    if len(text) > LONGEST_TEXT:
        return None
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN.fullmatch(text):
        return None
    length = float(text) * 1000
    return round(length) if length <= LONGEST_MS else None


def has_ambiguous_comma(seconds: str | None) -> bool:
    """Return whether a comma could mean thousands or decimals: ``1,5`` and ``1,500``."""
    text = (seconds or "").strip()
    return "," in text and milliseconds(text) is None
