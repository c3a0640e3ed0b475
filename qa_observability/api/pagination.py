"""Where does the next page start? Keyset cursors, opaque on the wire."""

import base64
import binascii
from collections.abc import Callable, Sequence
from types import GenericAlias
from typing import Any, TypeVar, overload

import msgspec
from django.utils.translation import gettext as _
from rest_framework.request import Request

from qa_observability.api.params import text_from
from qa_observability.lib.errors import FieldError, InvalidInput

LONGEST_CURSOR = 500

Row = TypeVar("Row")
First = TypeVar("First")
Second = TypeVar("Second")
Third = TypeVar("Third")


def encode_cursor(keys: tuple[Any, ...]) -> str:
    """Return the keys of a page's last row as a URL-safe text."""
    packed = msgspec.json.encode(keys)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


@overload
def cursor_from(
    request: Request, first: type[First], second: type[Second], /
) -> tuple[First, Second] | None: ...
@overload
def cursor_from(
    request: Request, first: type[First], second: type[Second], third: type[Third], /
) -> tuple[First, Second, Third] | None: ...
def cursor_from(request: Request, *kinds: type[Any]) -> tuple[Any, ...] | None:
    """Return ``cursor`` as keys of these kinds, say datetime and UUID; None if absent.

    A cursor only names a position and grants nothing, so it is checked, not signed.
    Raises: :class:`InvalidInput` for one we did not make for this list.
    """
    text = text_from(request, "cursor", longest=LONGEST_CURSOR)
    if text is None:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        packed = base64.b64decode(padded, altchars=b"-_", validate=True)
        keys: tuple[Any, ...] = msgspec.json.decode(
            packed, type=GenericAlias(tuple, kinds)
        )
    except (
        binascii.Error,
        UnicodeError,
        msgspec.DecodeError,
        RecursionError,
    ) as foreign:
        detail = _("is not one this list gave out. Leave it out to start again.")
        raise InvalidInput(
            f"cursor {detail}",
            code="invalid_cursor",
            errors=[FieldError("cursor", "invalid_cursor", detail)],
        ) from foreign
    return keys


def cut_page(
    rows: Sequence[Row], limit: int, keys: Callable[[Row], tuple[Any, ...]]
) -> tuple[Sequence[Row], str | None]:
    """Return at most ``limit`` rows and the cursor of what follows them.

    ``rows`` were fetched one more than ``limit``, so that the last page is known
    without a count; ``keys`` gives the columns the list is ordered by.
    """
    if len(rows) <= limit:
        return rows, None
    page = rows[:limit]
    return page, encode_cursor(keys(page[-1]))
