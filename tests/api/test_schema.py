"""The document of the test routes, and that of the real ones without a warning."""

from io import StringIO

import pytest
import yaml
from django.core.management import call_command

from qa_observability.api.schema import names_as_on_the_wire


def written(**options):
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out, **options)
    return yaml.safe_load(out.getvalue())


@pytest.fixture(scope="module")
def document():
    return written(urlconf="tests.api.urls")


def test_the_real_routes_are_described_without_a_warning():
    assert written()["openapi"] == "3.1.0"


def test_a_dataclass_is_described_as_it_is_sent(document):
    assert document["components"]["schemas"]["Answer"] == {
        "title": "Answer",
        "description": "What the route answers.",
        "type": "object",
        "properties": {
            "errorRate": {"type": "number"},
            "window": {
                "anyOf": [{"$ref": "#/components/schemas/Window"}, {"type": "null"}],
            },
            "scope": {"type": "string", "enum": ["read", "ingest", "admin"]},
        },
        "required": ["errorRate", "window", "scope"],
    }


def test_a_window_is_described_as_from_and_to(document):
    window = document["components"]["schemas"]["Window"]

    moment = {"type": "string", "format": "date-time"}
    assert window["properties"] == {"from": moment, "to": moment}
    assert window["required"] == ["from", "to"]


def test_a_struct_describes_what_a_route_takes(document):
    operation = document["paths"]["/api/v1/open"]["post"]
    reference = {"schema": {"$ref": "#/components/schemas/QuestionRequest"}}

    assert operation["requestBody"] == {
        "content": {"application/json": reference},
        "required": True,
    }
    assert document["components"]["schemas"]["QuestionRequest"]["required"] == [
        "errorRate"
    ]


def test_every_operation_may_answer_a_problem(document):
    operations = [
        operation
        for methods in document["paths"].values()
        for operation in methods.values()
    ]

    assert operations
    for operation in operations:
        assert operation["responses"]["default"]["content"] == {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"}
            }
        }


def test_operations_are_named_by_method_and_path(document):
    names = {
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    }

    assert names == {
        "getOpen",
        "postOpen",
        "deleteOpen",
        "getMoney",
        "getFailsByHow",
    }


def test_both_ways_in_are_described(document):
    assert {
        name: (scheme["in"], scheme["name"])
        for name, scheme in document["components"]["securitySchemes"].items()
    } == {"token": ("header", "Authorization"), "session": ("cookie", "sessionid")}


def test_queries_tell_their_limits():
    document = {
        "paths": {
            "/things": {
                "get": {
                    "parameters": [
                        {"in": "query", "name": name, "schema": schema}
                        for name, schema in (
                            ("limit", {"type": "integer"}),
                            ("cursor", {"type": "string"}),
                            ("text", {"type": "string", "maxLength": 100}),
                            ("period", {"type": "string", "enum": ["7d"]}),
                            ("explain", {"type": "boolean"}),
                        )
                    ]
                    + [{"in": "path", "name": "slug", "schema": {"type": "string"}}]
                }
            }
        }
    }

    names_as_on_the_wire(document, None, None, public=True)

    parameters = document["paths"]["/things"]["get"]["parameters"]
    assert {each["name"]: each["schema"] for each in parameters} == {
        "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
        "cursor": {"type": "string", "minLength": 1, "maxLength": 500},
        "text": {"type": "string", "minLength": 1, "maxLength": 100},
        "period": {"type": "string", "enum": ["7d"]},
        "explain": {"type": "boolean"},
        "slug": {"type": "string"},
    }
