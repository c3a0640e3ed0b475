"""What does the query string ask for? Read, checked, and named in errors."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from qa_observability.api.names import camel
from qa_observability.lib.errors import FieldError, InvalidInput, NotFound
from qa_observability.lib.periods import DEFAULT_PERIOD, Period

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1000
LONGEST_TEXT = 200
LONGEST_NUMBER = 30  # characters
FORMAT = "format"  # REST framework's own parameter

_TRUE = frozenset({"1", "true", "yes"})
_FALSE = frozenset({"0", "false", "no"})
_LOST_PLUS = re.compile(r" (\d\d:?\d\d)$")  # an unescaped + arrives as a blank


def refuse_unknown(request: Request, allowed: Collection[str]) -> None:
    """Refuse parameters outside ``allowed`` (snake_case): no typo is ignored."""
    known = {camel(name) for name in allowed} | {FORMAT}
    for name in request.query_params:
        if name not in known:
            expected = ", ".join(sorted(known - {FORMAT})) or _("none")
            raise _wrong(
                name,
                _("is not a parameter here. Known: %(names)s.") % {"names": expected},
                code="unknown_parameter",
            )
    text_from(request, FORMAT)


def period_from(request: Request) -> Period:
    """Return ``period``: 7d, 30d (the default), 90d or 1y."""
    chosen = choice_from(request, "period", [period.value for period in Period])
    return Period(chosen) if chosen else DEFAULT_PERIOD


def integration_from(request: Request, integrations: QuerySet[Any]) -> str | None:
    """Return ``integration``, a key of ``integrations``; None when not asked for.

    Raises: :class:`NotFound` for an unknown one, naming the known ones. One query, and
        only when the parameter is there.
    """
    slug = text_from(request, "integration")
    if slug is None:
        return None
    known = list(integrations.order_by("pk").values_list("pk", flat=True))
    if slug not in known:
        detail = _("There is no integration %(slug)s. Known: %(known)s.") % {
            "slug": slug,
            "known": ", ".join(map(str, known)) or _("none"),
        }
        raise NotFound(
            detail, errors=[FieldError("integration", "unknown_integration", detail)]
        )
    return slug


def choice_from(request: Request, name: str, choices: Collection[str]) -> str | None:
    """Return one of ``choices``; None when the parameter is absent."""
    value = text_from(request, name)
    if value is not None and value not in choices:
        raise _wrong(
            name,
            _("must be one of %(choices)s.")
            % {"choices": ", ".join(choices) or _("none")},
            code="invalid_choice",
        )
    return value


def limit_from(request: Request) -> int:
    """Return ``limit``: how many rows at most, 1 to 1000, 100 when absent."""
    value = number_from(request, "limit", low=1, high=LARGEST_LIMIT)
    if value is None:
        return DEFAULT_LIMIT
    if value != value.to_integral_value():
        raise _wrong("limit", _("must be a whole number."))
    return int(value)


def number_from(
    request: Request, name: str, *, low: Decimal | int, high: Decimal | int
) -> Decimal | None:
    """Return a number from ``low`` to ``high``, both included; None when absent."""
    text = text_from(request, name, longest=LONGEST_NUMBER)
    if text is None:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not low <= value <= high:
        raise _wrong(
            name,
            _("must be a number from %(low)s to %(high)s.")
            % {"low": low, "high": high},
        )
    return value


def flag_from(request: Request, name: str, *, default: bool = False) -> bool:
    """Return a yes or no: 1, true, yes; 0, false, no; in any case of letters."""
    text = text_from(request, name)
    if text is None:
        return default
    if text.lower() not in _TRUE | _FALSE:
        raise _wrong(name, _("must be true or false."))
    return text.lower() in _TRUE


def moment_from(request: Request, name: str) -> datetime | None:
    """Return an ISO 8601 moment in UTC; a date alone is the start of its UTC day."""
    text = text_from(request, name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", text))
        if moment.tzinfo is None and len(text) == len("2026-01-10"):
            moment = moment.replace(tzinfo=UTC)
        if moment.tzinfo is None:
            raise _wrong(name, _("needs a time zone, such as Z or +02:00."))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as unreadable:
        raise _wrong(
            name, _("must be an ISO 8601 moment such as 2026-01-10T10:30:00Z.")
        ) from unreadable


def text_from(
    request: Request, name: str, *, longest: int = LONGEST_TEXT
) -> str | None:
    """Return a text of 1 to ``longest`` characters; None when the parameter is absent.

    Raises: :class:`InvalidInput` naming the parameter (as do all functions here) when
        it is empty, too long, holds a NUL byte or is given twice.
    """
    given = request.query_params.getlist(camel(name))
    if not given:
        return None
    if len(given) > 1:
        raise _wrong(name, _("is given more than once."))
    (text,) = given
    if not text or len(text) > longest or "\0" in text:
        raise _wrong(
            name,
            _("must have 1 to %(longest)s characters and no NUL byte.")
            % {"longest": longest},
        )
    return text


def _wrong(name: str, detail: str, *, code: str = "invalid") -> InvalidInput:
    return InvalidInput(
        f"{camel(name)} {detail}",
        code="invalid_parameter",
        errors=[FieldError(name, code, detail)],
    )
