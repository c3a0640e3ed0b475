"""Which reader does a request's content type choose?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Protocol, cast

from django.http import UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from correlation.ingest.files import Upload, import_json, import_junit, import_lines
from correlation.ingest.results import ResultsImport
from qa_observability.lib.errors import InvalidInput


class Importer(Protocol):
    """Stores what a stream holds."""

    def __call__(
        self, stream: BinaryIO, upload: Upload, *, now: Any
    ) -> ResultsImport: ...


class BodyStream:
    """A body read as it arrives; a client that hangs up is the client's error."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Read as files do."""
        try:
            return self._stream.read(size)
        except UnreadablePostError as broken:
            raise InvalidInput(
                _("The body ended before it was complete. Send it again."),
                code="incomplete_body",
            ) from broken


@dataclass(frozen=True, slots=True)
class Body:
    """A body nobody has read yet, and the importer of its content type."""

    stream: BinaryIO
    importer: Importer


class _BodyParser(BaseParser):
    """Hands on the unread body: whole uploads never stand in memory."""

    importer: Importer

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return Body(cast("BinaryIO", BodyStream(stream)), type(self).importer)


class XmlParser(_BodyParser):
    """JUnit XML."""

    media_type = "application/xml"
    importer = staticmethod(import_junit)


class TextXmlParser(XmlParser):
    """JUnit XML, as curl and some CI jobs name it."""

    media_type = "text/xml"


class JsonParser(_BodyParser):
    """An array of results, one result, or Newman's report."""

    media_type = "application/json"
    importer = staticmethod(import_json)


class LinesParser(_BodyParser):
    """Results as lines, streamed."""

    media_type = "application/x-ndjson"
    importer = staticmethod(import_lines)
