"""How is money said in a sentence and in a formula?"""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qa_observability.lib.trends import Change, ChangeBasis, Trend
from qa_observability.web.formats import exact_money, exact_percent, money, number
from revenue.domain.terms import ProtectedTerm, Term
from revenue.enums import Basis, ImpactType, Rule
from revenue.reports.figures import Figure

_QUANTITY_PLACES = 8


def type_name(impact_type: ImpactType) -> str:
    """Return a type in words, as rows of failures are titled."""
    return {
        ImpactType.PRICING: _("Pricing sync errors"),
        ImpactType.FEES: _("Fee sync errors"),
        ImpactType.BOOKING_LOSS: _("Booking loss"),
    }[impact_type]


def at_risk_sentence(figure: Figure, currency: str, days: int) -> str:
    """Return the answer of the revenue page in one line."""
    value = figure.value
    if figure.basis is Basis.NO_COVERAGE:
        return _("No data in the last %(days)s days: what was at risk is unknown.") % {
            "days": days
        }
    if value is None:
        return _(
            "What failed in the last %(days)s days has no price: bookings per day are "
            "not set."
        ) % {"days": days}
    if value == 0:
        return _("Nothing at risk in the last %(days)s days.") % {"days": days}
    return _("About %(amount)s at risk in the last %(days)s days, %(change)s.") % {
        "amount": money(value, currency),
        "days": days,
        "change": _compared(figure.comparison, days),
    }


def protected_sentence(value: Decimal | None, currency: str, days: int) -> str:
    """Return what good days kept, in one line."""
    if value is None:
        return _("Protected revenue is unknown: bookings per day or coverage missing.")
    return _(
        "About %(amount)s less lost in the last %(days)s days than an average channel "
        "loses."
    ) % {"amount": money(value, currency), "days": days}


def term_formula(term: Term, currency: str) -> str:
    """Return the product a term is, with its numbers: "14 failures × … = $294.00"."""
    held = term.assumption
    factors = [
        _quantity(term),
        exact_money(held.avg_booking_value, currency),
    ]
    if term.rule in {Rule.FAILURES_LEAK, Rule.RATE_LEAKS}:
        factors.append(exact_percent(held.leakage_percentage))
    return f"{' × '.join(factors)} = {exact_money(term.amount, currency)}"


def protected_formula(term: ProtectedTerm, currency: str) -> str:
    """Return benchmark minus cost of an integration's covered days, with its numbers."""
    held = term.assumption
    days = ngettext("%(days)s day", "%(days)s days", term.days) % {"days": term.days}
    bookings = _("%(bookings)s bookings a day") % {
        "bookings": _plain(held.bookings_per_day or Decimal(0))
    }
    factors = [
        days,
        bookings,
        exact_money(held.avg_booking_value, currency),
        exact_percent(held.leakage_percentage),
    ]
    return (
        f"{' × '.join(factors)} − "
        + _("%(cost)s at risk") % {"cost": exact_money(term.cost, currency)}
        + f" = {exact_money(term.amount, currency)}"
    )


def term_exclusions(term: Term) -> tuple[str, ...]:
    """Return what the term leaves out, in words; empty when nothing."""
    if not term.uncounted:
        return ()
    return (
        _("%(failures)s failures above the bookings of their day are not counted.")
        % {"failures": _plain(term.uncounted)},
    )


def protected_exclusions(term: ProtectedTerm) -> tuple[str, ...]:
    """Return what the term leaves out, in words; empty when nothing."""
    if not term.days_lost:
        return ()
    return (
        ngettext(
            "%(days)s day on which failures cost more than that counts as zero.",
            "%(days)s days on which failures cost more than that count as zero.",
            term.days_lost,
        )
        % {"days": term.days_lost},
    )


def at_risk_exclusions() -> tuple[str, ...]:
    """Return what at risk never counts."""
    return (
        _("Equal failures within ten minutes count once, however often they recurred."),
        _("Failures inside maintenance windows are left out."),
        _("Availability, API and other errors have no price; they are only counted."),
    )


def protected_exclusions_of_all() -> tuple[str, ...]:
    """Return what protected never counts."""
    return (
        _(
            "Days without any data, and integrations without bookings per day, count "
            "as nothing."
        ),
        _(
            "The benchmark assumes that an average channel leaks the configured share "
            "of every day's bookings."
        ),
    )


def _quantity(term: Term) -> str:
    quantity = _plain(term.quantity)
    if term.rule is Rule.FAILURES_LEAK:
        return ngettext("%(n)s failure", "%(n)s failures", int(term.quantity)) % {
            "n": quantity
        }
    if term.rule is Rule.FAILURES_LOSE:
        return ngettext(
            "%(n)s lost booking", "%(n)s lost bookings", int(term.quantity)
        ) % {"n": quantity}
    bookings = _plain(term.assumption.bookings_per_day or Decimal(0))
    text = (
        _("%(bookings)s bookings a day × %(days)s days of errors")
        if term.rule is Rule.RATE_LEAKS
        else _("%(bookings)s bookings a day × %(days)s days of loss")
    )
    return text % {"bookings": bookings, "days": quantity}


def _plain(value: Decimal) -> str:
    """Return a number with the decimals it has, at most eight."""
    exponent = round(value, _QUANTITY_PLACES).normalize().as_tuple().exponent
    return number(value, max(0, -int(exponent)))


def _compared(against: Change, days: int) -> str:
    if against.percent is None:
        return {
            ChangeBasis.NEW: _("after none in the %(days)s days before"),
            ChangeBasis.NONE: _("as in the %(days)s days before"),
        }.get(
            against.basis or ChangeBasis.INSUFFICIENT_HISTORY,
            pgettext("change", "not enough history to compare"),
        ) % {"days": days}
    if against.trend is Trend.NEUTRAL:
        return _("as much as in the %(days)s days before") % {"days": days}
    size = f"{number(abs(against.percent), 1)} %"
    text = (
        _("%(size)s more than in the %(days)s days before")
        if against.trend is Trend.UP
        else _("%(size)s less than in the %(days)s days before")
    )
    return text % {"size": size, "days": days}
