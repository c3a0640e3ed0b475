"""How does YAML travel? ``application/yaml`` (RFC 9512), read without trust."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from qa_observability.api.parsers import read_body
from revenue.domain.yaml_format import LARGEST, read_yaml, write_yaml

MEDIA_TYPE = "application/yaml"


class YAMLParser(BaseParser):
    """Reads one restricted YAML document."""

    media_type = MEDIA_TYPE

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return read_yaml(read_body(stream, LARGEST))


class YAMLRenderer(BaseRenderer):
    """Writes mappings; the view gives it the document, not the JSON answer."""

    media_type = MEDIA_TYPE
    format = "yaml"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return write_yaml(data).encode()
