"""How do values look in HTML? Words people read, with the exact value for machines."""

import re
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qa_observability.lib.trends import Change
from qa_observability.web import formats, times
from qa_observability.web.charts.svg import element

_SUREST = Decimal("0.999")
_PARTS_OF_NAME = re.compile(r"[^._]+[._]*|[._]+")


def money(amount: Decimal | None, currency: str) -> SafeString:
    """Return an estimated amount; the exact one is its title and machine value."""
    return _money(amount, currency, estimated=True)


def amount(value: Decimal | None, currency: str) -> SafeString:
    """Return an amount of a column that says it is estimated, so without the sign."""
    return _money(value, currency, estimated=False)


def exact(value: Decimal | None, currency: str) -> SafeString:
    """Return an amount to the cent."""
    if value is None:
        return no_value()
    return element("data", formats.exact_money(value, currency), value=str(value))


def rate(ratio: Decimal | None) -> SafeString:
    """Return a ratio (0-1) as percent."""
    if ratio is None:
        return no_value()
    return element("data", formats.percent(ratio), value=str(ratio))


def confidence(ratio: Decimal) -> SafeString:
    """Return a confidence (0-1) as percent; no evidence makes certain."""
    if ratio <= _SUREST:
        return rate(ratio)
    words = f"> {formats.percent(_SUREST)}"
    return element("data", words, value=str(ratio))


def count(value: Decimal | int | None) -> SafeString:
    """Return a number with the decimals it has, grouped."""
    if value is None:
        return no_value()
    exponent = int(Decimal(value).normalize().as_tuple().exponent)
    return element("data", formats.number(value, max(0, -exponent)), value=str(value))


def change(
    value: Change, better: str = formats.Better.LOWER, days: int | None = None
) -> SafeString:
    """Return a change: arrow, words, and whether it is good, in words and colour."""
    said = formats.change_words(value, formats.Better(better), days=days)
    direction = {"↑": _("up"), "↓": _("down")}.get(said.arrow)
    parts: list[str] = []
    if said.arrow:
        parts += [element("span", said.arrow, class_="arrow", aria_hidden="true"), " "]
    if direction:
        parts.append(element("span", f"{direction} ", class_="visually-hidden"))
    return element("span", *parts, said.text, class_=f"change {said.verdict}")


def moment(at: datetime, words: str) -> SafeString:
    """Return words about a moment; its title has day, time and offset."""
    zone = timezone.get_current_timezone()
    return element(
        "time", words, datetime=at.isoformat(), title=times.absolute(at, zone)
    )


def no_value() -> SafeString:
    """Return the sign for an unknown value, with words for those who hear it."""
    return element(
        "span",
        element("span", formats.NO_VALUE, aria_hidden="true"),
        element("span", _("no value"), class_="visually-hidden"),
        class_="muted",
    )


def _money(value: Decimal | None, currency: str, *, estimated: bool) -> SafeString:
    if value is None:
        return no_value()
    return element(
        "data",
        formats.money(value, currency, estimated=estimated),
        value=str(value),
        title=formats.exact_money(value, currency),
    )


def breakable(name: str) -> SafeString:
    """Return a program's name that wraps after its dots and underscores."""
    parts = _PARTS_OF_NAME.findall(name)
    return format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in parts))
