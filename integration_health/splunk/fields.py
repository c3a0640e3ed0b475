"""What is the value of one exported field? Validated, not trusted."""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

LARGEST_COUNT = 10**12
LONGEST_VALUE = 32 * 1024

_WHOLE = 100  # percent
_COUNT = re.compile(r"[0-9]{1,13}")
_DOTTED_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_DECIMAL = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,12})?")


class RowRefused(Exception):
    """A row that cannot be used: the field at fault and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


def first_of(fields: Mapping[str, object], names: Sequence[str]) -> tuple[str, object]:
    """Return the first of the names that has a value, and the value.

    Without any, the first name and ``None``. Empty text is no value.
    """
    for name in names:
        value = fields.get(name)
        if value is not None and value != "":
            return name, value
    return names[0], None


def text_of(fields: Mapping[str, object], name: str) -> str | None:
    """Return a single text, stripped of blanks around; ``None`` for no value.

    Raises: :class:`RowRefused` for several values, and above 32 KiB.
    """
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, list):
        raise RowRefused(
            name,
            _("The field has %(count)s values; one is needed.") % {"count": len(value)},
        )
    text = str(value)
    if len(text) > LONGEST_VALUE:
        raise RowRefused(name, _("The value is longer than 32,768 characters."))
    return text.strip() or None


def count_of(name: str, value: object, *, decimal_comma: bool = False) -> int:
    """Return a whole number from 0 to 10**12.

    With ``decimal_comma`` dots stand between thousands, as in 38.900; otherwise such a
    text is refused rather than read as either.
    Raises: :class:`RowRefused`.
    """
    if isinstance(value, str):
        text = value.strip()
        if decimal_comma and _DOTTED_THOUSANDS.fullmatch(text):
            text = text.replace(".", "")
        number = int(text) if _COUNT.fullmatch(text) else None
    elif isinstance(value, float) and value.is_integer():
        number = int(value)
    else:
        number = value if type(value) is int else None
    if number is None or not 0 <= number <= LARGEST_COUNT:
        raise RowRefused(name, _missing(value) or _("The value is no whole number."))
    return number


def percent_of(name: str, value: object, *, decimal_comma: bool = False) -> float:
    """Return a number from 0 to 100. Raises: :class:`RowRefused`."""
    text = str(value).strip()
    if decimal_comma and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    number = float(text) if _DECIMAL.fullmatch(text) else None
    if number is None or isinstance(value, bool) or number > _WHOLE:
        raise RowRefused(name, _("The value is no number from 0 to 100."))
    return number


def _missing(value: object) -> str:
    return _("The value is missing.") if value is None else ""
