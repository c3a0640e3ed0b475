"""How is a body of events read? As it arrives, so that memory is bounded by a piece of it.

One object, a JSON array, or JSON lines. A line or element that is no event becomes a
:class:`Refusal` of its own; a body that is no JSON at all is refused whole.
"""

import re
from collections.abc import Iterator
from typing import Protocol

import msgspec
from django.utils.translation import gettext as _

from integration_health.ingest.event_rows import EventInput, Refusal
from qa_observability.complaints import plain_words
from qa_observability.lib.errors import InvalidInput, TooLarge

Read = EventInput | tuple[int, Refusal]

BODY_LIMIT = 64 * 1024 * 1024  # bytes
ITEM_LIMIT = 256 * 1024  # bytes of one event; metadata and message fit four times
PIECE = 256 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_MOST_CUTS = 64  # places tried to cut a piece of an array at, before reading on
_blank = re.compile(rb"\s*")
_after_object = re.compile(rb"\}\s*,")
_decode_event = msgspec.json.Decoder(EventInput).decode
_decode_array = msgspec.json.Decoder(list[msgspec.Raw]).decode
_missing_or_unknown = re.compile(
    r"(?P<kind>missing required|unknown) field `(?P<field>\w+)`"
)
_at_path = re.compile(r" - at `\$\.?(?P<field>\w*)[^`]*`$")


class Stream(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes: ...


def events_in_lines(stream: Stream) -> Iterator[Read]:
    """Yield what each line of JSON lines holds; blank lines are counted and passed over.

    Raises: ``TooLarge`` once the stream passes 64 MB.
    """
    for number, line in enumerate(_lines(stream), 1):
        if line is None:
            yield number, _too_long()
        elif line:
            yield _read(line, number)


def events_in_json(stream: Stream) -> tuple[bool, Iterator[Read]]:
    """Return whether the body is a single object, and what it holds.

    Elements of an array are numbered from 1.
    Raises: ``InvalidInput`` for a body that is no JSON object or array, at the latest
        while it is read; ``TooLarge`` past 64 MB.
    """
    pieces = _pieces(stream)
    start = b""
    for piece in pieces:
        start += piece
        start = start[_first_sign(start) :]
        if start:
            break
    if start.startswith(b"["):
        return False, _elements(start[1:], pieces)
    if start.startswith(b"{"):
        return True, iter([_single(start, pieces)])
    raise _malformed(_("Send one event as an object, several as an array or as lines."))


def _single(start: bytes, pieces: Iterator[bytes]) -> Read:
    body = start
    for piece in pieces:
        body += piece
        if len(body) > ITEM_LIMIT:
            break
    if len(body) > ITEM_LIMIT:
        raise TooLarge(
            _(
                "One event has at most %(limit)s bytes. Send several as an array, "
                "or as lines with the content type application/x-ndjson."
            )
            % {"limit": ITEM_LIMIT}
        )
    try:
        _decode_array(b"[" + body + b"]")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise _malformed(str(broken)) from broken
    return _read(body, 1)


def _elements(buffer: bytes, pieces: Iterator[bytes]) -> Iterator[Read]:
    """Yield the elements of an array whose opening bracket was read.

    A piece is cut where what stands before a comma is a whole array: only there can it
    be decoded, because a cut inside a text or an object leaves it open.
    """
    number = 0
    for piece in pieces:
        buffer += piece
        if len(buffer) < PIECE:
            continue
        elements, buffer = _cut(buffer)
        for element in elements:
            number += 1
            yield _read(element, number)
        if not elements and len(buffer) > PIECE + ITEM_LIMIT:
            raise _malformed(
                _("Element %(number)s is no event of at most %(limit)s bytes.")
                % {"number": number + 1, "limit": ITEM_LIMIT}
            )
    try:
        rest = _decode_array(b"[" + buffer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise _malformed(
            _("after element %(number)s: %(reason)s")
            % {"number": number, "reason": broken}
        ) from broken
    for element in rest:
        number += 1
        yield _read(element, number)


def _cut(buffer: bytes) -> tuple[list[msgspec.Raw], bytes]:
    """Return the whole elements in front of the last comma that ends some, and the rest."""
    places = [match.end() for match in _after_object.finditer(buffer)]
    for end in reversed(places[-_MOST_CUTS:]):
        try:
            return _decode_array(b"[" + buffer[: end - 1] + b"]"), buffer[end:]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return [], buffer


def _read(encoded: bytes | msgspec.Raw, number: int) -> Read:
    try:
        event = _decode_event(encoded)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        return number, _refusal(wrong)
    if event.line:  # our own count, not the sender's to give
        return number, Refusal("line", "unknown_field", _("Is not a field here."))
    event.line = number
    return event


def _refusal(wrong: Exception) -> Refusal:
    """Return the field and the complaint of a decoding error, as the sender named it."""
    words = str(wrong)
    if not isinstance(wrong, msgspec.ValidationError):
        return Refusal("body", "malformed_json", words)
    if named := _missing_or_unknown.search(words):
        code = "missing" if named["kind"].startswith("missing") else "unknown_field"
        return Refusal(named["field"], code, plain_words(words))
    located = _at_path.search(words)
    field = located["field"] if located else ""
    return Refusal(field or "body", "invalid", plain_words(_at_path.sub("", words)))


def _lines(stream: Stream) -> Iterator[bytes | None]:
    """Yield the lines of a stream, trimmed; ``None`` for one that is too long."""
    pending, skipping = b"", False
    for piece in _pieces(stream):
        *whole, pending = (pending + piece).split(b"\n")
        for line in whole:
            yield None if skipping or len(line) > ITEM_LIMIT else line.strip()
            skipping = False
        if len(pending) > ITEM_LIMIT:
            pending, skipping = b"", True
    if pending or skipping:
        yield None if skipping else pending.strip()


def _pieces(stream: Stream) -> Iterator[bytes]:
    size = 0
    while piece := stream.read(PIECE):
        if size == 0:
            piece = piece.removeprefix(BYTE_ORDER_MARK)
        size += len(piece)
        if size > BODY_LIMIT:
            raise TooLarge(
                _("A request takes %(limit)s MB. Send the events in smaller parts.")
                % {"limit": BODY_LIMIT // 2**20}
            )
        yield piece


def _first_sign(text: bytes) -> int:
    found = _blank.match(text)
    return found.end() if found else 0


def _too_long() -> Refusal:
    return Refusal(
        "body",
        "too_long",
        _("An event has at most %(limit)s bytes.") % {"limit": ITEM_LIMIT},
    )


def _malformed(reason: str) -> InvalidInput:
    return InvalidInput(
        _("The body is not valid JSON: %(reason)s") % {"reason": reason},
        code="malformed_json",
    )
