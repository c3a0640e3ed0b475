"""Which few figures say how incidents go? Cards of their pages."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.enums import IncidentState, Severity
from integration_health.reports.incident_times import LATE, MeanTimes
from integration_health.reports.incidents import IncidentItem
from qa_observability.lib.periods import Period
from qa_observability.roof.incidents.rows import IncidentRow
from qa_observability.roof.incidents.words import about, unknown_words
from qa_observability.web import markup
from qa_observability.web.cards import Kpi
from qa_observability.web.formats import NO_VALUE, number
from qa_observability.web.times import duration
from revenue.reports.incidents import IncidentCost


def open_card(rows: Sequence[IncidentRow], total: int) -> Kpi:
    """Return how many are open, how many of them critical and acknowledged."""
    critical = sum(row.severity == Severity.CRITICAL for row in rows)
    acknowledged = sum(row.state is IncidentState.ACKNOWLEDGED for row in rows)
    return Kpi(
        label=_("Open incidents"),
        value=number(total),
        note=_("%(critical)s critical, %(acknowledged)s acknowledged")
        % {"critical": number(critical), "acknowledged": number(acknowledged)},
    )


def cost_card(rows: Sequence[IncidentRow], currency: str) -> Kpi:
    """Return what the listed open incidents cost so far; unknown ones are counted."""
    known = [row.so_far for row in rows if row.so_far is not None]
    without = len(rows) - len(known)
    amount = sum(known, Decimal("0.00")) if known or not rows else None
    note = _("Their share of the revenue at risk")
    if without:
        note = ngettext(
            "%(count)s of them has no price", "%(count)s of them have no price", without
        ) % {"count": number(without)}
    return Kpi(
        label=_("Cost of open incidents so far"),
        value=markup.money(amount, currency),
        note=note,
    )


def time_cards(times: MeanTimes, before: MeanTimes, period: Period) -> tuple[Kpi, Kpi]:
    """Return the mean times to detect and to recover, beside the period before."""
    return (
        Kpi(
            label=_("Time to detect"),
            value=_length(times.to_detect),
            note=_detected(times, before, period.days),
        ),
        Kpi(
            label=_("Time to recover"),
            value=_length(times.to_recover),
            note=_cases(times.resolved, before.to_recover, period.days),
        ),
    )


def _detected(times: MeanTimes, before: MeanTimes, days: int) -> str:
    late = times.begun - times.detected
    if not late:
        return _cases(times.detected, before.to_detect, days)
    if not times.detected:
        return ngettext(
            "%(late)s incident, found in data that came more than a day late",
            "%(late)s incidents, found in data that came more than a day late",
            late,
        ) % {"late": number(late)}
    return ngettext(
        "mean of %(count)s incident; %(late)s more in data that came a day late",
        "mean of %(count)s incidents; %(late)s more in data that came a day late",
        times.detected,
    ) % {"count": number(times.detected), "late": number(late)}


def _length(mean: timedelta | None) -> str:
    return NO_VALUE if mean is None else duration(mean)


def _cases(count: int, before: timedelta | None, days: int) -> str:
    if not count:
        return _("no case in the last %(days)s days") % {"days": days}
    if before is None:
        return ngettext(
            "mean of %(count)s incident; none in the %(days)s days before",
            "mean of %(count)s incidents; none in the %(days)s days before",
            count,
        ) % {"count": number(count), "days": days}
    return ngettext(
        "mean of %(count)s incident; %(before)s in the %(days)s days before",
        "mean of %(count)s incidents; %(before)s in the %(days)s days before",
        count,
    ) % {"count": number(count), "before": _length(before), "days": days}


def incident_cards(
    item: IncidentItem,
    cost: IncidentCost | None,
    usual: MeanTimes,
    compared: Period,
) -> tuple[Kpi, ...]:
    """Return one incident's figures, its times beside the channel's means.

    ``cost`` is None without the right to see money.
    """
    is_late = item.detected_at > item.ended_at + LATE
    recovered = None
    if item.resolved_at is not None:
        recovered = item.resolved_at - item.started_at
    return (
        *(_cost_cards(item, cost) if cost else ()),
        Kpi(
            label=_("Time to detect"),
            value=_length(None if is_late else item.detected_at - item.started_at),
            note=_("found in data that came more than a day late")
            if is_late
            else _usual(item, usual.to_detect, compared),
        ),
        Kpi(
            label=_("Time to recover"),
            value=_length(recovered),
            note=_usual(item, usual.to_recover, compared),
        ),
    )


def _cost_cards(item: IncidentItem, cost: IncidentCost) -> tuple[Kpi, Kpi]:
    base = cost.so_far.base if cost.so_far else None
    note = unknown_words(cost.unknown)
    if cost.so_far and base:
        note = _("Between %(low)s and %(high)s") % {
            "low": about(cost.so_far.low, cost.currency),
            "high": about(cost.so_far.high, cost.currency),
        }
    return (
        Kpi(
            label=_("Cost so far"),
            value=markup.money(base, cost.currency),
            note=note,
            explain=reverse("explain-incident-cost", args=[item.id]) if base else "",
        ),
        Kpi(
            label=_("Cost per hour"),
            value=markup.money(cost.per_hour, cost.currency),
            note=_("over %(counted)s in ten-minute intervals")
            % {"counted": duration(cost.counted)}
            if base
            else "",
        ),
    )


def _usual(item: IncidentItem, mean: timedelta | None, compared: Period) -> str:
    if mean is None:
        return ""
    return _("%(mean)s is the mean on %(channel)s in %(days)s days") % {
        "mean": duration(mean),
        "channel": item.integration_name,
        "days": compared.days,
    }
