"""What does a configuration document say? The user's structure, checked field by field.

::

    revenue:
      avg_booking_value: 250.00
      leakage_percentage: 0.05
      integrations:
        airbnb:
          avg_booking_value: 300.00

``bookings_per_day`` and ``method`` may stand beside the two values everywhere, and
``currency`` beside ``integrations``. The outermost level may carry ``valid_from``,
``reason`` and ``replace``; the word ``revenue`` itself may be left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from qa_observability.lib.errors import FieldError, InvalidField
from revenue.domain.assumptions import BUILT_IN, BUILT_IN_CURRENCY, AssumptionValues
from revenue.domain.currencies import CURRENCIES
from revenue.domain.drafts import overlaid
from revenue.enums import Method

LONGEST_REASON = 500
LONGEST_KEY = 100
MOST_INTEGRATIONS = 1000
_OPTIONS = ("valid_from", "reason", "replace")
_NUMBERS = ("avg_booking_value", "leakage_percentage", "bookings_per_day")
_VALUES = (*_NUMBERS, "method")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The values of all integrations and those of each; the currency when it is said."""

    default: AssumptionValues = field(default_factory=AssumptionValues)
    integrations: Mapping[str, AssumptionValues] = field(default_factory=dict)
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class ConfigurationChange:
    """A configuration, since when (``None``: today) and why.

    ``replace`` allows it to correct versions valid from that very day.
    """

    configuration: Configuration
    valid_from: date | None = None
    reason: str = ""
    replace: bool = False


def read_change(document: object) -> ConfigurationChange:
    """Return what a decoded document says; numbers may be int, float or Decimal.

    Raises: ``InvalidField`` naming the path of every unknown key, wrong type and value
        out of range, such as ``revenue.integrations.airbnb.leakage_percentage``.
    """
    level = _mapping(document, "document")
    if "revenue" in level:
        _refuse_unknown(level, ("revenue", *_OPTIONS), "")
        body, path = _mapping(level["revenue"], "revenue"), "revenue."
    else:
        body, path = {k: v for k, v in level.items() if k not in _OPTIONS}, ""
    if not path and not body:
        raise InvalidField.named("revenue", "is missing", code="required")
    return ConfigurationChange(
        _configuration(body, path),
        _day(level.get("valid_from")),
        _text(level.get("reason")),
        _yes_or_no(level.get("replace")),
    )


def as_mapping(configuration: Configuration) -> dict[str, Any]:
    """Return the user's structure, with what the configuration says and no more."""
    body: dict[str, Any] = _said(configuration.default)
    if configuration.currency is not None:
        body["currency"] = configuration.currency
    body["integrations"] = {
        slug: _said(values) for slug, values in configuration.integrations.items()
    }
    return {"revenue": body}


def written_out(configuration: Configuration) -> Configuration:
    """Return the configuration as it is exported: the user's structure, and no more.

    The two values of the default are always there; a currency only if it is not the
    built-in one.
    """
    built_in = AssumptionValues(BUILT_IN.avg_booking_value, BUILT_IN.leakage_percentage)
    currency = configuration.currency
    return replace(
        configuration,
        default=overlaid(built_in, configuration.default),
        currency=None if currency == BUILT_IN_CURRENCY else currency,
    )


def _configuration(body: Mapping[str, Any], path: str) -> Configuration:
    _refuse_unknown(body, (*_VALUES, "currency", "integrations"), path)
    said = body.get("integrations")
    integrations = _mapping({} if said is None else said, f"{path}integrations")
    if len(integrations) > MOST_INTEGRATIONS:
        raise InvalidField.named(
            f"{path}integrations", f"has more than {MOST_INTEGRATIONS} entries"
        )
    own = {name: body[name] for name in _VALUES if name in body}
    return Configuration(
        _values(own, path),
        {
            slug: _values(_mapping(entry, where), f"{where}.")
            for slug, entry in integrations.items()
            for where in [f"{path}integrations.{slug}"]
        },
        _currency(body.get("currency"), f"{path}currency"),
    )


def _values(entry: Mapping[str, Any], path: str) -> AssumptionValues:
    _refuse_unknown(entry, _VALUES, path)
    numbers = {name: _number(entry.get(name), path + name) for name in _NUMBERS}
    method = _method(entry.get("method"), f"{path}method")
    try:
        return AssumptionValues(**numbers, method=method)
    except InvalidField as wrong:
        placed = [
            FieldError(path + error.field, error.code, error.detail)
            for error in wrong.errors
        ]
        raise InvalidField(
            "; ".join(f"{error.field}: {error.detail}" for error in placed),
            errors=placed,
        ) from wrong


def _said(values: AssumptionValues) -> dict[str, Any]:
    said = {each.name: getattr(values, each.name) for each in fields(values)}
    return {name: value for name, value in said.items() if value is not None}


def _mapping(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidField.named(path, "must be a mapping", code="wrong_type")
    for key in value:
        if not isinstance(key, str) or len(key) > LONGEST_KEY:
            raise InvalidField.named(
                path,
                f"has a key that is not a text of at most {LONGEST_KEY} characters",
                code="wrong_type",
            )
    return value


def _refuse_unknown(
    level: Mapping[str, Any], known: tuple[str, ...], path: str
) -> None:
    for key in level:
        if key not in known:
            raise InvalidField.named(
                f"{path}{key}",
                f"is not known here; known are {', '.join(known)}",
                code="unknown_field",
            )


def _number(value: object, path: str) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InvalidField.named(path, "must be a number", code="wrong_type")
    return Decimal(str(value))


def _method(value: object, path: str) -> Method | None:
    if value is None:
        return None
    if value not in list(Method):
        raise InvalidField.named(path, f"must be one of {', '.join(Method)}")
    return Method(str(value))


def _currency(value: object, path: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in CURRENCIES:
        raise InvalidField.named(
            path,
            f"{value!r} is not a currency of ISO 4217, such as USD",
            code="unknown_currency",
        )
    return value


def _day(value: object) -> date | None:
    if value is None or type(value) is date:
        return value
    wrong = InvalidField.named("valid_from", "must be a day, written 2026-01-31")
    if not isinstance(value, str):
        raise wrong
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong from None


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_REASON or "\0" in value:
        raise InvalidField.named(
            "reason", f"must be a text of at most {LONGEST_REASON} characters"
        )
    return value


def _yes_or_no(value: object) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise InvalidField.named("replace", "must be true or false", code="wrong_type")
    return value
