"""Which forms do answers take? JSON, problem documents, the browsable page."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.forms import Form
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer
from rest_framework.request import Request

from qa_observability.api.encoding import encode_json
from qa_observability.api.examples import example_body

if TYPE_CHECKING:  # views read the renderers while they load
    from rest_framework.views import APIView


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
    """The page people see when they open a route in a browser, an example to send in it."""

    def get_raw_data_form(
        self, data: Any, view: "APIView", method: str, request: Request
    ) -> Form | None:
        """Return the box to send a body from, filled in; none where a file is sent."""
        if view.parser_classes[0] is MultiPartParser:
            return None
        form: Form | None = super().get_raw_data_form(data, view, method, request)
        if form is not None:
            form.fields["_content"].initial = example_body(view, method)
        return form
