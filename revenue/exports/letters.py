"""Which letters can a PDF without fonts of its own print? Those of Latin-1.

The fonts that every reader of PDFs has know no more, and one that knew every script would
be larger than all the rest of this program. So a word with other letters is spelled with
their nearest twins, or by their Unicode numbers, and marked; CSV and XLSX keep it.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

MARK = "*"

# What we write ourselves has twins that need no mark.
_SIGNS = str.maketrans(
    {
        "≈": "~",
        "−": "-",
        "–": "-",
        "—": "-",
        "≥": ">=",
        "…": "...",
        "\u202f": " ",
        "↑": "up",
        "↓": "down",
        "→": "=",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "€": "EUR ",
    }
)
# Letters that Unicode does not take apart.
_LETTERS = str.maketrans(
    {
        "Ł": "L",
        "ł": "l",
        "Đ": "D",
        "đ": "d",
        "Ħ": "H",
        "ħ": "h",
        "Ŧ": "T",
        "ŧ": "t",
        "Œ": "OE",
        "œ": "oe",
        "ı": "i",
    }
)
_WORD = re.compile(r"\S+")


def latin(text: str) -> tuple[str, bool]:
    """Return a text in Latin-1, and whether any word had to be spelled anew.

    Such a word ends in ``*``: "Łódź" is "Lódz*", "東京" is "[U+6771 U+4EAC]*".
    """
    signed = text.translate(_SIGNS)
    if not _is_foreign(signed):
        return signed, False
    return _WORD.sub(_spelled, signed), True


def about_letters() -> str:
    """Return what the mark means."""
    return _(
        "* Spelled with the nearest letters this file can print, or by their Unicode "
        "numbers. CSV and XLSX keep the name."
    )


def _spelled(found: re.Match[str]) -> str:
    word = found[0]
    if not _is_foreign(word):
        return word
    letters = "".join(map(_twin, word.translate(_LETTERS)))
    return letters.replace("][", " ") + MARK


def _twin(letter: str) -> str:
    """Return the letter, what is left of it without its accents, or its number."""
    if not _is_foreign(letter):
        return letter
    base = unicodedata.normalize("NFKD", letter)
    plain = "".join(each for each in base if not unicodedata.combining(each))
    return plain if plain and not _is_foreign(plain) else f"[U+{ord(letter):04X}]"


def _is_foreign(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return True
    return False
