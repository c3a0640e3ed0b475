"""How is a configuration written as YAML, and read without trusting it?"""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

import yaml

from qa_observability.lib.errors import InvalidInput, TooLarge

LARGEST = 256 * 1024  # bytes; a thousand integrations take a tenth of it
DEEPEST = 10
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")


def read_yaml(text: bytes) -> object:
    """Return the one document of a YAML text: mappings, lists, scalars.

    Numbers come back as exact Decimals. Refused are aliases (and with them
    expanding bombs), tags, repeated keys, nesting beyond 10 levels, several documents.
    Raises: ``TooLarge`` above 256 KiB; ``InvalidInput`` with line and cause.
    """
    if len(text) > LARGEST:
        raise TooLarge(f"The YAML document is larger than {LARGEST} bytes.")
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader, restricted
    except (yaml.YAMLError, UnicodeError, ValueError) as wrong:
        raise InvalidInput(
            f"The YAML document cannot be read: {_cause(wrong)}.", code="malformed_yaml"
        ) from wrong


def write_yaml(document: Mapping[str, Any]) -> str:
    """Return the document as YAML, keys in the given order, money with its cents."""
    return yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=88
    )


class _Loader(yaml.SafeLoader):
    """The safe loader without what a configuration never needs."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it holds an alias; write the values out")
        self.depth += 1
        if self.depth > DEEPEST:
            raise yaml.YAMLError(f"it is nested deeper than {DEEPEST} levels")
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.YAMLError(f"line {_line(key_node)}: a key must be a plain text")
        key = loader.construct_object(key_node)
        if key in found:
            raise yaml.YAMLError(f"line {_line(key_node)} repeats the key {key!r}")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _number(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    text = str(loader.construct_scalar(node))
    if not _NUMBER.fullmatch(text):
        raise yaml.YAMLError(f"line {_line(node)}: {text} is not a plain number")
    return Decimal(text)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _cause(wrong: Exception) -> str:
    if isinstance(wrong, yaml.MarkedYAMLError) and wrong.problem_mark:
        return f"line {wrong.problem_mark.line + 1}: {wrong.problem or wrong.context}"
    return str(wrong).splitlines()[0]


class _Dumper(yaml.SafeDumper):
    """The safe dumper, with exact decimals."""


def _exact(dumper: _Dumper, value: Decimal) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")


def _word(dumper: _Dumper, value: StrEnum) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value.value)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Dumper.add_representer(Decimal, _exact)
_Dumper.add_multi_representer(StrEnum, _word)
