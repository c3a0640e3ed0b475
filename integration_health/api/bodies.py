"""Bodies that are read as they arrive: whole uploads never stand in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.http import UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from integration_health.ingest.event_bodies import (
    Read,
    events_in_json,
    events_in_lines,
)
from qa_observability.lib.errors import InvalidInput


class BodyStream:
    """A request's body; a client that hangs up is the client's error."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """Read as files do. Raises: ``InvalidInput`` when the body ends too soon."""
        try:
            return self._stream.read(size)
        except UnreadablePostError as broken:
            raise InvalidInput(
                _("The body ended before it was complete. Send it again."),
                code="incomplete_body",
            ) from broken


@dataclass(frozen=True, slots=True)
class EventsBody:
    """The events of a body nobody has read yet; whether it is a single object."""

    is_single: bool
    events: Iterator[Read]


class EventsJSONParser(BaseParser):
    """One event, or an array of them."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return EventsBody(*events_in_json(BodyStream(stream)))


class EventLinesParser(BaseParser):
    """Events as JSON lines."""

    media_type = "application/x-ndjson"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return EventsBody(False, events_in_lines(BodyStream(stream)))
