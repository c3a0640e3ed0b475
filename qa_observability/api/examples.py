"""What could one send to a route? The first example of its description."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # views read the renderers while they load
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.views import APIView


def example_body(view: "APIView", method: str) -> str:
    """Return the first example of what a route takes, spread over lines; "" without one.

    ``view`` is bound to a request. The examples are those of ``extend_schema``, which the
    OpenAPI document shows too.
    """
    handler = getattr(view, method.lower(), None)
    kind: type[AutoSchema] | None = getattr(handler, "kwargs", {}).get("schema")
    if kind is None:
        return ""
    schema = kind()
    schema.view, schema.method = view, method
    bodies = [each.value for each in schema.get_examples() if not each.response_only]
    return json.dumps(bodies[0], indent=2, ensure_ascii=False) if bodies else ""
