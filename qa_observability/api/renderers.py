"""Which forms do answers take? JSON, problem documents, the browsable page."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer

from qa_observability.api.encoding import encode_json


class CamelCaseJSONRenderer(BaseRenderer):
    """Our JSON; ``Accept: application/json; indent=2`` spreads it over lines."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "text"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        context = renderer_context or {}
        response = context.get("response")
        if data is None and response is not None and response.status_code == 204:  # noqa: PLR2004
            return b""
        return encode_json(data, indent=context.get("indent") or 0)


class ProblemRenderer(CamelCaseJSONRenderer):
    """Errors, whatever form was asked for: RFC 9457."""

    media_type = "application/problem+json"
    format = "problem"


class BrowsableRenderer(BrowsableAPIRenderer):
    """The page people see when they open a route in a browser."""
