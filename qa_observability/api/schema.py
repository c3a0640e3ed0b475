"""What does the OpenAPI document say? The routes as they are, names as on the wire."""

import inspect
from dataclasses import is_dataclass
from enum import Enum
from typing import Any

import msgspec
import msgspec.inspect
from drf_spectacular.drainage import warn
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction

from qa_observability.api.names import UNTOUCHED, camel
from qa_observability.api.pagination import LONGEST_CURSOR
from qa_observability.api.params import DEFAULT_LIMIT, LARGEST_LIMIT, LONGEST_TEXT
from qa_observability.api.problems import MEDIA_TYPE, Problem
from qa_observability.lib.periods import Window

REFERENCE = "#/components/schemas/{name}"
MOMENT = {"type": "string", "format": "date-time"}
WINDOW = {
    "type": "object",
    "description": Window.__doc__ or "",
    "properties": {"from": MOMENT, "to": MOMENT},
    "required": ["from", "to"],
}


class ContractSchema(AutoSchema):
    """Names operations by method and path, and gives each the problem document."""

    def get_operation_id(self) -> str:
        """Return, say, ``getIntegrationsHealthByIntegrationId``: always unique."""
        parts = self.path.removeprefix("/api/").removeprefix("v1/").split("/")
        words = [
            f"by_{part[1:-1]}" if part.startswith("{") else part.replace("-", "_")
            for part in parts
            if part
        ]
        return camel("_".join([self.method.lower(), *words]))

    def _get_response_bodies(
        self, direction: Direction = "response"
    ) -> dict[str, dict[str, Any]]:
        bodies = super()._get_response_bodies(direction)
        bodies["default"] = self._get_response_for_code(  # type: ignore[no-untyped-call]
            Problem, "default", [MEDIA_TYPE], direction
        )
        return bodies


class TypedSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Lets ``extend_schema`` take dataclasses and msgspec structs.

    A report is described by the very class that is serialised, so the two cannot drift.
    """

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return inspect.isclass(target) and (
            is_dataclass(target) or issubclass(target, msgspec.Struct)
        )

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:
        return str(self.target.__name__)

    def map_serializer(
        self, auto_schema: AutoSchema, direction: Direction
    ) -> dict[str, Any]:
        _, components = msgspec.json.schema_components(
            [self.target], ref_template=REFERENCE, schema_hook=_choices
        )
        if direction == "response":
            for component in components.values():
                _require_all(component)
        own: dict[str, Any] = components.pop(self.target.__name__)
        kinds = _kinds_in(msgspec.inspect.type_info(self.target))
        for name, component in components.items():
            _register(auto_schema, name, component, kinds.get(name, name))
        return own


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """``Authorization: Token <key>``."""

    target_class = "qa_observability.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <key>`, made with `manage.py api_token USERNAME`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session cookie of the pages."""

    target_class = "qa_observability.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def names_as_on_the_wire(
    result: dict[str, Any],
    generator: Any,  # noqa: ARG001
    request: Any,  # noqa: ARG001
    public: bool,  # noqa: ARG001
) -> dict[str, Any]:
    """Spectacular's hook: camelCase properties, decimals as numbers, limits of queries."""
    _rewrite(result.get("components", {}).get("schemas", {}))
    _rewrite(result.get("paths", {}))
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query":
                    _limit(parameter["name"], parameter["schema"])
    return result


def _limit(name: str, schema: dict[str, Any]) -> None:
    """Say of a query parameter what :mod:`qa_observability.api.params` asks of it."""
    if name == "limit":
        schema |= {"minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT}
    elif schema.get("type") == "string" and "enum" not in schema:
        longest = LONGEST_CURSOR if name == "cursor" else LONGEST_TEXT
        schema |= {"minLength": 1, "maxLength": longest} | dict(schema)


def _rewrite(node: Any) -> None:
    if isinstance(node, list):
        for inner in node:
            _rewrite(inner)
    elif isinstance(node, dict):
        if node.get("type") == "string" and node.get("format") == "decimal":
            node["type"] = "number"
            del node["format"]
        node.pop("x-spec-enum-id", None)
        if isinstance(node.get("properties"), dict):
            node["properties"] = {
                camel(name): schema for name, schema in node["properties"].items()
            }
        if isinstance(node.get("required"), list):
            node["required"] = [camel(name) for name in node["required"]]
        for name, inner in node.items():
            if name not in {UNTOUCHED, "example", "examples", "enum"}:
                _rewrite(inner)


def _choices(kind: type) -> dict[str, Any]:
    """Describe Django's choices, enums msgspec does not know as such."""
    if not issubclass(kind, Enum):
        raise NotImplementedError
    return {"type": "string", "enum": [member.value for member in kind]}


def _require_all(component: dict[str, Any]) -> None:
    """A report is sent whole, defaults included."""
    if "properties" in component:
        component["required"] = list(component["properties"])
        for schema in component["properties"].values():
            schema.pop("default", None)


def _kinds_in(node: Any) -> dict[str, type]:
    """Return the dataclasses and structs of a type, by name: a route may name them too."""
    if isinstance(node, tuple | list):
        return {name: kind for each in node for name, kind in _kinds_in(each).items()}
    if not isinstance(node, msgspec.Struct):
        return {}
    inner = _kinds_in([getattr(node, name) for name in node.__struct_fields__])
    kind = getattr(node, "cls", None)
    return inner | {kind.__name__: kind} if kind else inner


def _register(
    auto_schema: AutoSchema, name: str, schema: dict[str, Any], kind: type | str
) -> None:
    component = ResolvedComponent(  # type: ignore[no-untyped-call]
        name=name,
        type=ResolvedComponent.SCHEMA,
        object=kind,
        schema=WINDOW if name == Window.__name__ else schema,
    )
    known = auto_schema.registry
    if component in known and known[component].schema != component.schema:
        warn(f"two different types are both named {name}; rename one")
    known.register_on_missing(component)
