"""May this event be stored, and as which row? Checked, scrubbed, given its identity."""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from struct import Struct
from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext as _

from integration_health.enums import EVENT_TYPE_PATTERN, Severity
from integration_health.ingest.event_texts import (
    AS_ZEROS,
    encode_sorted,
    is_known_plain,
    is_plain,
    stored_message,
    stored_metadata,
)
from integration_health.models.events import KEPT
from integration_health.storage.copy_fields import (
    DAY,
    JSON_START,
    NULL,
    field,
    moment_field,
    since_2000,
)
from qa_observability.lib.ids import uuid7_halves

Moment = Annotated[datetime, msgspec.Meta(tz=True)]

LONGEST_MESSAGE = 8_000  # characters
LARGEST_METADATA = 16 * 1024  # bytes of JSON
LONGEST_KEY = 200  # characters
MOST_OCCURRENCES = 2**31 - 1
AHEAD = timedelta(minutes=5)  # clocks differ

_is_event_type = re.compile(EVENT_TYPE_PATTERN).fullmatch
_SEVERITIES = frozenset(Severity.values)
_SEPARATOR = "\x1f"
_MOST_KNOWN = 4096  # remembered at once
COLUMNS = (
    "integration_id",
    "event_type",
    "severity",
    "window_start",
    "window_end",
    "id",
    "occurred_at",
    "occurred_on",
    "occurrences",
    "fingerprint",
    "message",
    "metadata",
    "dedup_key",
)
_FIXED = Struct("!iQQiqiiiii16si")  # id up to fingerprint, each after its length
_NO_WINDOW = NULL + NULL
_NO_METADATA = b"", b"{}"


class EventInput(
    msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """One event as a caller knows it; ``line`` is where it stood, from 1.

    Without ``occurred_at`` it happened now. With a window it is an aggregate of
    ``occurrences`` failures, and it counts as occurred at the window's end.
    """

    integration_id: str
    event_type: str
    severity: str
    message: str | None = ""
    metadata: dict[str, Any] | None = None
    occurred_at: Moment | None = None
    occurrences: int = 1
    dedup_key: str | None = ""
    window_start: Moment | None = None
    window_end: Moment | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event is not taken: the field, a stable code, what to do."""

    field: str
    code: str
    detail: str


Words = tuple[str, str, str]  # integration, type, severity
Kind = tuple[Words, bytes]  # and the message with every digit as 0
Known = tuple[bytes, bytes]
Row = tuple[int, bytes]  # microseconds from 2000, and COLUMNS as COPY reads them


@dataclass(frozen=True)
class Door:
    """What the events of one call are checked against.

    ``idempotency_key`` salts the identity of events that bring none of their own: sent
    again under the same key they are the same, however often equal ones occurred.
    """

    now: datetime
    integrations: Collection[str]
    idempotency_key: str = ""

    def refusal(self, event: EventInput) -> Refusal | None:
        """Return the first thing wrong with the event; ``None`` when it may come in."""
        row = self.row(event)
        return row if isinstance(row, Refusal) else None

    def row(self, event: EventInput) -> Row | Refusal:
        """Return an event's row, or the first thing wrong with the event.

        Events come in kinds: the same words, and messages that differ in digits alone.
        One of a kind seen before, with nothing unusual about it, is not looked at again.
        """
        words = (event.integration_id, event.event_type, event.severity)
        message = (event.message or "").encode(errors="surrogatepass")
        kind = words, message.translate(AS_ZEROS)
        moment = event.occurred_at or event.window_end or self.now
        known = self._known.get(kind)
        if known is None or not self._is_usual(event, moment):
            refusal = (
                self._unknown_word(event)
                or _unstorable_text(event)
                or _impossible_count(event)
                or self._impossible_time(event, moment)
            )
            if refusal:
                return refusal
        if known is None:
            message, mark = stored_message(*words, event.message or "")
            known = b"".join([field(word.encode()) for word in words]), mark
            if is_plain(kind[1]):
                self._remember(kind, known)
        metadata = _metadata(event.metadata) if event.metadata else _NO_METADATA
        if isinstance(metadata, Refusal):
            return metadata
        return self._row(event, moment, known, message, metadata)

    def _row(
        self,
        event: EventInput,
        moment: datetime,
        known: Known,
        message: bytes,
        metadata: tuple[bytes, bytes],
    ) -> Row:
        words, mark = known
        encoded, stored = metadata
        key = (event.dedup_key or self._identity(event, moment, encoded)).encode()
        front, numbers = self._ids
        at = since_2000(moment)
        return at, b"".join(
            (
                words,
                moment_field(event.window_start) + moment_field(moment)
                if event.window_start
                else _NO_WINDOW,
                _FIXED.pack(
                    *(16, front, next(numbers), 8, at, 4, at // DAY),
                    *(4, event.occurrences, 16, mark, len(message)),
                ),
                message,
                JSON_START.pack(len(stored) + 1, 1),
                stored,
                field(key),
            )
        )

    def _is_usual(self, event: EventInput, moment: datetime) -> bool:
        """Return whether nothing can be wrong with what events of a kind differ in."""
        key = event.dedup_key or ""
        return (
            self._earliest <= moment <= self._latest
            and 1 <= event.occurrences <= MOST_OCCURRENCES
            and event.window_start is event.window_end is None
            and len(key) <= LONGEST_KEY
            and key.isascii()
            and "\0" not in key
        )

    def _remember(self, kind: Kind, known: Known) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[kind] = known

    @cached_property
    def _known(self) -> dict[Kind, Known]:
        """Return kinds that may come in: their words as fields, and their fingerprint."""
        return {}

    @cached_property
    def _ids(self) -> tuple[int, Iterator[int]]:
        return uuid7_halves(int(self.now.timestamp() * 1000))

    @cached_property
    def _earliest(self) -> datetime:
        return self.now - KEPT

    @cached_property
    def _latest(self) -> datetime:
        return self.now + AHEAD

    def _identity(
        self, event: EventInput, occurred_at: datetime, encoded: bytes
    ) -> str:
        """Return a hash of the content as sent, so that masks may change over time."""
        salt, moment = "", occurred_at.astimezone(UTC).isoformat()
        if self.idempotency_key:
            salt = f"{self.idempotency_key}{_SEPARATOR}{event.line}"
            moment = moment if event.occurred_at or event.window_end else ""
        parts = (
            salt,
            event.integration_id,
            event.event_type,
            event.severity,
            moment,
            event.window_start.isoformat() if event.window_start else "",
            str(event.occurrences),
            event.message or "",
        )
        digest = hashlib.blake2b(_SEPARATOR.join(parts).encode(), digest_size=16)
        digest.update(encoded)
        return f"content:{digest.hexdigest()}"

    def _unknown_word(self, event: EventInput) -> Refusal | None:
        if event.integration_id not in self.integrations:
            return Refusal(
                "integration_id",
                "unknown_integration",
                _("There is no integration %(slug)s. Known: %(known)s.")
                % {
                    "slug": event.integration_id[:50],
                    "known": ", ".join(sorted(self.integrations)),
                },
            )
        if not _is_event_type(event.event_type):
            return Refusal(
                "event_type",
                "invalid_event_type",
                _(
                    "Use 2 to 50 lower-case letters, digits or underscores, a letter first."
                ),
            )
        if event.severity not in _SEVERITIES:
            return Refusal(
                "severity",
                "invalid_severity",
                _("Must be one of %(choices)s.")
                % {"choices": ", ".join(Severity.values)},
            )
        return None

    def _impossible_time(
        self, event: EventInput, occurred_at: datetime
    ) -> Refusal | None:
        if occurred_at > self._latest:
            return Refusal(
                "occurred_at",
                "in_the_future",
                _("Lies more than 5 minutes ahead of this server's clock."),
            )
        if occurred_at < self._earliest:
            return Refusal(
                "occurred_at",
                "too_old",
                _("Older than 90 days, which is how long events are kept."),
            )
        if event.window_start is not None or event.window_end is not None:
            return _impossible_window(event)
        return None


def _unstorable_text(event: EventInput) -> Refusal | None:
    if event.message and (
        refusal := _bad_text("message", event.message, LONGEST_MESSAGE)
    ):
        return refusal
    if event.dedup_key and (
        refusal := _bad_text("dedup_key", event.dedup_key, LONGEST_KEY)
    ):
        return refusal
    return None


def _bad_text(field: str, text: str, longest: int) -> Refusal | None:
    if len(text) > longest:
        return Refusal(
            field,
            "too_long",
            _("Has %(length)s characters, at most %(longest)s are kept.")
            % {"length": len(text), "longest": longest},
        )
    if "\0" in text:
        return Refusal(field, "nul_byte", _("Must not hold a NUL byte. Remove it."))
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        return Refusal(field, "not_unicode", _("Holds half a character. Send UTF-8."))
    return None


def _metadata(metadata: dict[str, Any]) -> tuple[bytes, bytes] | Refusal:
    """Return metadata encoded as sent and as stored, or what is wrong with it."""
    try:
        encoded = encode_sorted(metadata)
    except (TypeError, ValueError, RecursionError):
        return Refusal("metadata", "not_json", _("Must be a JSON object."))
    if is_known_plain(encoded.translate(AS_ZEROS)):
        return encoded, encoded
    if len(encoded) > LARGEST_METADATA:
        return Refusal(
            "metadata",
            "too_large",
            _("Has %(size)s bytes, at most %(largest)s are kept.")
            % {"size": len(encoded), "largest": LARGEST_METADATA},
        )
    if encoded.find(b"\\u0000") >= 0:  # `in` would try it as a number first
        return Refusal(
            "metadata", "nul_byte", _("Must not hold a NUL byte. Remove it.")
        )
    return encoded, stored_metadata(encoded, metadata)


def _impossible_count(event: EventInput) -> Refusal | None:
    if not 1 <= event.occurrences <= MOST_OCCURRENCES:
        return Refusal(
            "occurrences",
            "out_of_range",
            _("Must lie between 1 and %(most)s.") % {"most": MOST_OCCURRENCES},
        )
    return None


def _impossible_window(event: EventInput) -> Refusal | None:
    start, end = event.window_start, event.window_end
    if start is None or end is None or not timedelta() < end - start <= KEPT:
        return Refusal(
            "window_start",
            "invalid_window",
            _("A window needs its start and its end, at most 90 days later."),
        )
    if event.occurred_at is not None and event.occurred_at != end:
        return Refusal(
            "occurred_at",
            "invalid_window",
            _("An event with a window occurs at the window's end. Leave it out."),
        )
    return None
