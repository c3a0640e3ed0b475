"""What does a week's report say in sentences? The answer, and what it rests on."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.enums import Source
from integration_health.reports.overview import HealthOverview
from qa_observability.lib.trends import Change, ChangeBasis, Trend
from qa_observability.web.formats import money, number, percent
from revenue.enums import Basis
from revenue.reports.impact import ImpactReport
from revenue.reports.words import type_name

FULL_COVERAGE: Final = Decimal("0.995")  # rounds to 100 %


def week_sentence(impact: ImpactReport) -> str:
    """Return the report's first line: what the week put at risk, and mostly where."""
    figure = impact.revenue_at_risk
    if figure.basis is Basis.NO_COVERAGE:
        return _("No data in this week: what was at risk is unknown.")
    if figure.value is None:
        return _("What failed in this week has no price: bookings per day are not set.")
    if not impact.breakdown:
        return _("Nothing at risk in this week.")
    worst = impact.breakdown[0]
    text = (
        _(
            "About %(amount)s at risk in this week, %(change)s. The largest part, %(share)s: "
            "%(name)s, %(type)s."
        )
        if len(impact.breakdown) > 1
        else _(
            "About %(amount)s at risk in this week, %(change)s. All of it: %(name)s, "
            "%(type)s."
        )
    )
    return text % {
        "amount": money(figure.value, impact.currency),
        "change": _compared(figure.comparison),
        "share": percent(worst.share, 0),
        "name": worst.integration_name,
        "type": type_name(worst.impact_type).lower(),
    }


def caveats(
    impact: ImpactReport, health: HealthOverview, *, has_sample: bool
) -> tuple[str, ...]:
    """Return what the reader must know of the data, gravest first; none when all is well."""
    return (
        *([_("Sample data: these figures are invented.")] if has_sample else ()),
        *_about_data(impact, health),
        *_about_money(impact),
    )


def _about_data(impact: ImpactReport, health: HealthOverview) -> Iterator[str]:
    if impact.coverage < FULL_COVERAGE:
        yield _("Data covers %(share)s of the week, %(before)s of the one before.") % {
            "share": percent(impact.coverage, 0),
            "before": percent(impact.previous_coverage, 0),
        }
    silent = [s.name for s in health.integrations if s.stale or s.last_checked is None]
    if silent:
        yield _("No fresh data when written: %(names)s.") % {"names": _listed(silent)}
    manual = [s.name for s in health.integrations if s.source == Source.MANUAL]
    if manual:
        yield _("Newest check entered by hand: %(names)s.") % {"names": _listed(manual)}


def _about_money(impact: ImpactReport) -> Iterator[str]:
    defaults = [used.integration_name for used in impact.assumptions if used.is_default]
    if defaults:
        yield _("Default assumptions, not their own: %(names)s.") % {
            "names": _listed(defaults)
        }
    unpriced = sum(row.failures for row in impact.unpriced)
    if unpriced:
        yield ngettext(
            "%(count)d failure has no price: bookings per day are not set.",
            "%(count)d failures have no price: bookings per day are not set.",
            unpriced,
        ) % {"count": unpriced}
    for reason, words in (
        (Basis.BOOKINGS_PER_DAY_MISSING, _("bookings per day are not set")),
        (Basis.NO_COVERAGE, _("no data")),
    ):
        names = [r.integration_name for r in impact.unprotected if r.reason is reason]
        if names:
            yield _("Not in revenue protected: %(names)s (%(reason)s).") % {
                "names": _listed(names),
                "reason": words,
            }
    counted = sum(row.failures for row in impact.counted)
    if counted:
        yield ngettext(
            "%(count)d failure of a kind without a price is only counted.",
            "%(count)d failures of kinds without a price are only counted.",
            counted,
        ) % {"count": counted}


def _compared(against: Change) -> str:
    if against.percent is None:
        return {
            ChangeBasis.NEW: _("after none in the week before"),
            ChangeBasis.NONE: _("as in the week before"),
        }.get(
            against.basis or ChangeBasis.INSUFFICIENT_HISTORY,
            _("with too little history to compare"),
        )
    if against.trend is Trend.NEUTRAL:
        return _("as much as in the week before")
    text = (
        _("%(size)s more than in the week before")
        if against.trend is Trend.UP
        else _("%(size)s less than in the week before")
    )
    return text % {"size": f"{number(abs(against.percent), 1)} %"}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
