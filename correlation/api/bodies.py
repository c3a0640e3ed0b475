"""Which reader does a request's content type choose?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Protocol, cast

from rest_framework.parsers import BaseParser

from correlation.ingest.files import Upload, import_json, import_junit, import_lines
from correlation.ingest.results import ResultsImport
from qa_observability.api.streams import BodyStream


class Importer(Protocol):
    """Stores what a stream holds."""

    def __call__(
        self, stream: BinaryIO, upload: Upload, *, now: Any
    ) -> ResultsImport: ...


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
