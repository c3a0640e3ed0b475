"""How are money, rates, counts and changes written? UX section 4, in one place.

Every function follows the active language for separators and words, rounds half up and
answers ``NO_VALUE`` for an unknown value: never 0, never blank.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from qa_observability.lib.trends import Change, ChangeBasis, Trend

NO_VALUE: Final = "—"
MINUS: Final = "−"
_UNBROKEN_SPACE: Final = "\N{NO-BREAK SPACE}"
_MOST_KEPT: Final = 4096  # the figures of a few pages; most stay from one to the next
_WHOLE_FROM = 1000
_WHOLE_ESTIMATE_FROM = 10
_THOUSAND = 1000
_MILLION = 1_000_000
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "BRL": "R$", "JPY": "¥"}
_ARROWS = {Trend.UP: "↑", Trend.DOWN: "↓", Trend.NEUTRAL: "→"}


class Better(StrEnum):
    """Which direction of a measure is good; ``NEITHER`` judges no change."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Verdict(StrEnum):
    """What a change means for the reader; also the CSS class that paints its arrow."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """A change as shown: an arrow (may be empty), words, and what it means."""

    arrow: str
    text: str
    verdict: Verdict


def number(value: Decimal | float | None, places: int = 0) -> str:
    """Return a grouped number with ``places`` decimals: 12345.6 as "12,346"."""
    return NO_VALUE if value is None else _number(value, places, get_language())


@lru_cache(maxsize=_MOST_KEPT)
def _number(value: Decimal | float, places: int, _language: str | None) -> str:
    rounded = _rounded(value, places)
    written = number_format(abs(rounded), decimal_pos=places, force_grouping=True)
    return f"{MINUS}{written}" if rounded < 0 else written


def money(
    amount: Decimal | None, currency: str = "USD", *, estimated: bool = False
) -> str:
    """Return an amount as people read it: "$575.50", "$12,450", estimated "≈$576".

    Two decimals under 1,000 and none from there; an estimate shows none from 10 on,
    because cents of an estimate are false precision. The exact amount belongs in the
    title and in exports: :func:`exact_money`.
    """
    if amount is None:
        return NO_VALUE
    whole_from = _WHOLE_ESTIMATE_FROM if estimated else _WHOLE_FROM
    written = _with_symbol(
        amount, currency, places=0 if abs(amount) >= whole_from else 2
    )
    return f"≈{written}" if estimated and amount != 0 else written


def exact_money(amount: Decimal | None, currency: str = "USD") -> str:
    """Return an amount to the cent, for titles, explanations and exports."""
    return NO_VALUE if amount is None else _with_symbol(amount, currency, places=2)


def short_money(amount: Decimal | float, currency: str = "USD") -> str:
    """Return an axis label: "$0", "$500", "$1.5k", "$2M"."""
    value = Decimal(str(amount))
    for divisor, pattern in (
        (_MILLION, pgettext("millions", "%(amount)sM")),
        (_THOUSAND, pgettext("thousands", "%(amount)sk")),
    ):
        if abs(value) >= divisor:
            scaled = value / divisor
            places = 0 if scaled == scaled.to_integral_value() else 1
            return pattern % {"amount": _with_symbol(scaled, currency, places=places)}
    places = 0 if value == value.to_integral_value() else 2
    return _with_symbol(value, currency, places=places)


def percent(ratio: Decimal | float | None, places: int = 1) -> str:
    """Return a ratio (0-1) as percent with one decimal: 0.061 as "6.1 %"."""
    if ratio is None:
        return NO_VALUE
    return f"{number(Decimal(str(ratio)) * 100, places)} %"


def exact_percent(ratio: Decimal) -> str:
    """Return a ratio with all decimals it has: 0.0496 as "4.96 %", 0.05 as "5 %".

    For what is compared with a limit: 4.96 % must not read "5.0 % < 5 %".
    """
    places = -int((ratio * 100).normalize().as_tuple().exponent)
    return percent(ratio, max(0, places))


def percent_tick(ratio: float) -> str:
    """Return an axis label: 0.02 as "2 %", 0.005 as "0.5 %"."""
    is_whole = round(ratio * 100, 6).is_integer()
    return percent(ratio, 0 if is_whole else 1)


def points(difference: Decimal | float | None) -> str:
    """Return the difference of two ratios in percentage points: 0.014 as "+1.4 pp"."""
    if difference is None:
        return NO_VALUE
    value = _rounded(Decimal(str(difference)) * 100, 1)
    sign = "+" if value > 0 else ""
    return _("%(points)s pp") % {"points": f"{sign}{number(value, 1)}"}


def change_words(
    change: Change, better: Better = Better.LOWER, *, days: int | None = None
) -> ChangeWords:
    """Return a change in words: "5.2 % vs previous 30 days, better".

    ``days`` names what is compared with; left out, only the figure is written.
    Source: UX section 4, "Change from zero" and "Trend".
    """
    if change.percent is None:
        return _change_without_percent(change)
    verdict = verdict_of(change.trend, better)
    size = number(abs(change.percent), 1)
    if change.trend is Trend.NEUTRAL:
        return ChangeWords(
            _ARROWS[Trend.NEUTRAL], _with_days(_("no change"), days), verdict
        )
    words = _with_days(f"{size} %", days)
    if verdict is not Verdict.NEUTRAL:
        judged = _("better") if verdict is Verdict.GOOD else _("worse")
        words = f"{words}, {judged}"
    return ChangeWords(_ARROWS[change.trend], words, verdict)


def verdict_of(trend: Trend, better: Better) -> Verdict:
    """Return whether a direction is good news for a measure."""
    if trend is Trend.NEUTRAL or better is Better.NEITHER:
        return Verdict.NEUTRAL
    improving = Trend.DOWN if better is Better.LOWER else Trend.UP
    return Verdict.GOOD if trend is improving else Verdict.BAD


def _change_without_percent(change: Change) -> ChangeWords:
    words = {
        ChangeBasis.NEW: _("new, nothing in the period before"),
        ChangeBasis.NONE: _("no change, nothing in either period"),
    }
    text = words.get(change.basis) if change.basis is not None else None
    return ChangeWords("", text or _("not enough history to compare"), Verdict.NEUTRAL)


def _with_days(words: str, days: int | None) -> str:
    if days is None:
        return words
    against = ngettext(
        "vs previous %(days)d day", "vs previous %(days)d days", days
    ) % {"days": days}
    return f"{words} {against}"


def _with_symbol(amount: Decimal, currency: str, *, places: int) -> str:
    symbol = _symbol(currency)
    rounded = _rounded(amount, places)
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{symbol}{number(abs(rounded), places)}"


def _symbol(currency: str) -> str:
    """Return what stands before an amount: English sets signs close, others apart."""
    is_english = (get_language() or "en").startswith("en")
    if is_english and currency in _SYMBOLS:
        return _SYMBOLS[currency]
    sign = "US$" if currency == "USD" else _SYMBOLS.get(currency, currency)
    return f"{sign}{_UNBROKEN_SPACE}"


def _rounded(value: Decimal | float, places: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
