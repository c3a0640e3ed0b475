"""How does an answer become JSON? The one encoder of API and commands."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from django.utils.functional import Promise

from qa_observability.api.names import UNTOUCHED, camel
from qa_observability.lib.periods import Window

_ATOMS = frozenset({str, int, float, bool, type(None), date, UUID})


def encode_json(value: Any, *, indent: int = 0) -> bytes:
    """Return ``value`` as UTF-8 JSON with camelCase names.

    Takes mappings, sequences, sets and dataclasses, nested. Decimals are written digit
    by digit as JSON numbers, moments as ISO 8601 in UTC with ``Z``, a :class:`Window`
    as ``{from, to}``; what stands under a key named ``metadata`` keeps its own keys.
    ``indent``: spaces per level; 0 writes one line.
    Raises: ``ValueError`` for a naive moment or a decimal that is no number,
        ``TypeError`` for anything else without a JSON form: both are our own bugs.
    """
    encoded = _encoder.encode(_plain(value))
    return msgspec.json.format(encoded, indent=indent) if indent else encoded


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if isinstance(value, Mapping):
        return {_key(key): _member(key, inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _plain_dataclass(value)
    return _plain_scalar(value)


def _plain_dataclass(value: Any) -> dict[str, Any]:
    if isinstance(value, Window):
        return {"from": _utc(value.start), "to": _utc(value.end)}
    return {
        wire_name: _member(name, getattr(value, name))
        for name, wire_name in _wire_names(value.__class__)
    }


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not a number JSON can carry")
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, str | Promise):
        return str(value)
    return value


def _key(key: Any) -> str:
    return camel(str(key.value if isinstance(key, Enum) else key))


def _member(name: Any, value: Any) -> Any:
    return value if name == UNTOUCHED else _plain(value)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


@cache
def _wire_names(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, camel(field.name)) for field in fields(kind))


_encoder = msgspec.json.Encoder(decimal_format="number")
