"""How is a JSON body read? Strictly, within a limit, into snake_case names."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec
from django.http import UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from qa_observability.api.names import UNTOUCHED, snake
from qa_observability.lib.errors import InvalidField, InvalidInput, TooLarge

BODY_LIMIT = 1024 * 1024  # bytes; a view that takes more says so in `body_limit`
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # Windows tools put one in front of UTF-8


class CamelCaseJSONParser(BaseParser):
    """Read ``application/json``; a view's ``body_limit`` (bytes) overrides ours."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        view = (parser_context or {}).get("view")
        return decode_json(read_body(stream, getattr(view, "body_limit", BODY_LIMIT)))


def read_body(stream: IO[Any], limit: int) -> bytes:
    """Return the whole body of at most ``limit`` bytes.

    Raises: :class:`TooLarge` above the limit, having read one byte past it at most;
        :class:`InvalidInput` when the client hung up half-way.
    """
    try:
        body: bytes = stream.read(limit + 1)
    except UnreadablePostError as broken:
        raise InvalidInput(
            _("The body ended before it was complete. Send it again."),
            code="incomplete_body",
        ) from broken
    if len(body) > limit:
        raise TooLarge(
            _("The body is larger than %(limit)s bytes. Send it in smaller parts.")
            % {"limit": limit}
        )
    return body


def decode_json(body: bytes) -> Any:
    """Return what strict JSON says (RFC 8259: no NaN), names in snake_case.

    Raises: :class:`InvalidInput` for what is not JSON, with the position;
        :class:`InvalidField` for a text holding a NUL byte, which no table can keep.
    """
    try:
        decoded = msgspec.json.decode(body.removeprefix(BYTE_ORDER_MARK))
        return _inside(decoded, "")
    except msgspec.DecodeError as malformed:
        raise InvalidInput(
            _("The body is not valid JSON: %(reason)s.") % {"reason": malformed},
            code="malformed_json",
        ) from malformed
    except (RecursionError, UnicodeDecodeError) as hostile:
        raise InvalidInput(
            _("The body is not readable: nested too deeply, or not UTF-8."),
            code="malformed_json",
        ) from hostile


def _inside(value: Any, path: str) -> Any:
    """Return ``value`` with snake_case names; under ``metadata`` names stay."""
    if isinstance(value, str):
        return _without_nul(value, path)
    if isinstance(value, list):
        return [_inside(inner, f"{path}[{at}]") for at, inner in enumerate(value)]
    if isinstance(value, dict):
        members = {}
        for wire_name, inner in value.items():
            name = snake(_without_nul(wire_name, path))
            read = _as_sent if name == UNTOUCHED else _inside
            members[name] = read(inner, f"{path}.{name}".lstrip("."))
        return members
    return value


def _as_sent(value: Any, path: str) -> Any:
    """Return ``value`` itself once every text in it was seen to be storable."""
    if isinstance(value, str):
        _without_nul(value, path)
    elif isinstance(value, list):
        for inner in value:
            _as_sent(inner, path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _without_nul(name, path)
            _as_sent(inner, path)
    return value


def _without_nul(text: str, path: str) -> str:
    if "\0" in text:
        raise InvalidField.named(
            path or "body", _("must not hold a NUL byte. Remove it."), code="nul_byte"
        )
    return text
