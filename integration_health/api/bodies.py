"""Bodies that are read as they arrive: whole uploads never stand in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from rest_framework.parsers import BaseParser

from integration_health.ingest.event_bodies import (
    Read,
    events_in_json,
    events_in_lines,
)
from qa_observability.api.streams import BodyStream


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
