"""Where does the next page start? Keyset cursors, opaque on the wire."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from django.utils.translation import gettext as _
from rest_framework.request import Request

from qa_observability.api.params import text_from
from qa_observability.lib.errors import FieldError, InvalidInput

LONGEST_CURSOR = 500

Row = TypeVar("Row")
Keys = TypeVar("Keys")


def encode_cursor(keys: tuple[Any, ...]) -> str:
    """Return the keys of a page's last row as a URL-safe text."""
    packed = msgspec.json.encode(keys)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def cursor_from(request: Request, kind: type[Keys]) -> Keys | None:
    """Return ``cursor`` as ``kind``, say ``tuple[datetime, UUID]``; None if absent.

    A cursor only names a position and grants nothing, so it is checked, not signed.
    Raises: :class:`InvalidInput` for one we did not make for this list.
    """
    text = text_from(request, "cursor", longest=LONGEST_CURSOR)
    if text is None:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return msgspec.json.decode(
            base64.b64decode(padded, altchars=b"-_", validate=True), type=kind
        )
    except (binascii.Error, UnicodeError, msgspec.DecodeError) as foreign:
        detail = _("is not one this list gave out. Leave it out to start again.")
        raise InvalidInput(
            f"cursor {detail}",
            code="invalid_cursor",
            errors=[FieldError("cursor", "invalid_cursor", detail)],
        ) from foreign


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
