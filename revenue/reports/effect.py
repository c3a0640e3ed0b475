"""What was understood, and what would it change? Words for a form, before saving."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from qa_observability.web.formats import exact_money, number, percent
from revenue.domain.assumptions import AssumptionValues
from revenue.enums import Method
from revenue.reports.what_if import Amounts, what_if_report

_LEAKAGE_PLACES = 2


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One period of one integration, or of all (an empty name), before and after."""

    days: int
    name: str
    at_risk_before: str
    at_risk_after: str
    protected_before: str
    protected_after: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What the form understood, in words, and the figures that would change."""

    understood: tuple[str, ...]
    rows: tuple[EffectRow, ...]


def assumption_effect(
    integration_id: str | None,
    values: AssumptionValues,
    currency: str,
    valid_from: date,
    *,
    now: datetime,
) -> Effect:
    """Return what a version would change in every period, nothing stored.

    Rows are those that change; none when nothing does.
    Raises: ``AssumptionUnreadable``.
    """
    report = what_if_report({integration_id: values}, now=now, valid_from=valid_from)
    rows = []
    for period in report.periods:
        named = [("", period.before, period.after)]
        named += [
            (each.integration_name, each.before, each.after)
            for each in period.integrations
        ]
        rows += [
            _row(period.period.days, name, before, after, report.currency)
            for name, before, after in named
            if before != after
        ]
    return Effect(_understood(values, currency), tuple(rows))


def _row(
    days: int, name: str, before: Amounts, after: Amounts, currency: str
) -> EffectRow:
    return EffectRow(
        days,
        name,
        exact_money(before.at_risk, currency),
        exact_money(after.at_risk, currency),
        exact_money(before.protected, currency),
        exact_money(after.protected, currency),
    )


def _understood(values: AssumptionValues, currency: str) -> tuple[str, ...]:
    inherited = _("from the default")
    leakage = values.leakage_percentage
    method = {
        Method.PER_FAILURE: _("per failure"),
        Method.BY_RATE: _("by measured rate"),
        None: inherited,
    }[values.method]
    return (
        _("Average booking value: %(value)s")
        % {
            "value": inherited
            if values.avg_booking_value is None
            else exact_money(values.avg_booking_value, currency)
        },
        _("Leakage: %(value)s")
        % {
            "value": inherited
            if leakage is None
            else f"{percent(leakage, _LEAKAGE_PLACES)} ({leakage.normalize():f})"
        },
        _("Bookings per day: %(value)s")
        % {
            "value": inherited
            if values.bookings_per_day is None
            else number(values.bookings_per_day, 2)
        },
        _("Method: %(value)s") % {"value": method},
    )
