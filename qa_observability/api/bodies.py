"""Is a decoded body what a route takes? Checked against its msgspec struct."""

import re
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from django.utils.translation import gettext as _

from qa_observability.api.names import camel
from qa_observability.complaints import plain_words
from qa_observability.lib.errors import InvalidField

Body = TypeVar("Body")

_WHERE = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_FIELD_IN_WORDS = re.compile(r"field `(?P<field>[^`]*)`")


def body_as(data: Any, kind: type[Body]) -> Body:
    """Return ``data`` (names in snake_case) as ``kind``.

    Numbers and moments may come as texts only where the struct says so; money may come
    as a JSON number for a ``Decimal`` field, taken digit by digit. Moments become UTC:
    PostgreSQL refuses offsets of 16 hours and more.
    Raises: :class:`InvalidField` naming the first field that is missing, unknown (for
        structs that forbid it) or of the wrong form.
    """
    try:
        body = msgspec.convert(data, kind)
    except msgspec.ValidationError as wrong:
        field, code, what = _explained(str(wrong), kind)
        raise InvalidField.named(field or "body", what, code=code) from wrong
    if isinstance(body, msgspec.Struct):
        _to_utc(body)
    return body


def _to_utc(body: msgspec.Struct) -> None:
    for name in body.__struct_fields__:
        moment = getattr(body, name)
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            try:
                msgspec.structs.force_setattr(body, name, moment.astimezone(UTC))
            except OverflowError as outside:
                raise InvalidField.named(
                    name, _("lies outside the years 1 to 9999 in UTC.")
                ) from outside


def _explained(message: str, kind: Any) -> tuple[str, str, str]:
    """Return the field, the code and the complaint of msgspec's message.

    ``Expected `str`, got `int` - at `$.events[0].message``` names the field by path;
    a missing or unknown one stands in the words, its parent in the path.
    """
    match = _WHERE.match(message)
    what = match["what"] if match else message
    parent = ((match["path"] if match else "") or "$").removeprefix("$").lstrip(".")
    named = _FIELD_IN_WORDS.search(what)
    if named is None:
        return parent, "invalid", plain_words(what)
    path = f"{parent}.{named['field']}".lstrip(".")
    if "missing" in what:
        return path, "required", _("Is required.")
    known = () if parent else getattr(kind, "__struct_fields__", ())
    if not known:
        return path, "unknown_field", _("There is no such field.")
    return (
        path,
        "unknown_field",
        _("There is no such field. Known: %(known)s.")
        % {"known": ", ".join(map(camel, known))},
    )
