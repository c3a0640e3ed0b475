"""What does money need to know of each channel and day? Counts and rates, no rows."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from operator import attrgetter

from django.db.models import Sum

from integration_health.enums import HealthStatus
from integration_health.models import EventDay, Integration
from integration_health.reports.channels import known_integrations
from integration_health.reports.courses import Totals
from integration_health.reports.days import totals_by_day
from qa_observability.lib.periods import Window

Failures = dict[str, int]
_values = attrgetter(*(each.name for each in fields(Totals)))  # in DayFacts' own order


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One channel and UTC day. Rates are time-weighted ratios from 0 to 1.

    Each rate comes with the seconds for which it is known, maintenance left out;
    ``covered_seconds`` are those under a fresh snapshot or an import, maintenance
    included. ``failures`` counts by event type, only types that failed.
    """

    integration_id: str
    day: date
    failures: Failures = field(default_factory=dict)
    covered_seconds: int = 0
    worst_status: HealthStatus | None = None
    error_rate: Decimal | None = None
    error_rate_seconds: int = 0
    booking_loss_rate: Decimal | None = None
    booking_loss_seconds: int = 0
    pricing_error_rate: Decimal | None = None
    pricing_seconds: int = 0
    fees_error_rate: Decimal | None = None
    fees_seconds: int = 0


def money_facts(
    window: Window, integration_ids: Collection[str] | None = None
) -> list[DayFacts]:
    """Return the facts of every channel and day of the window that has any.

    Ordered by channel and day. Days are whole but for the last one, whose rates and
    coverage are cut at the window's end, when that lies within the day. Three queries,
    three more for such a last day; none of them reads events.
    """
    integrations = [
        each
        for each in known_integrations()
        if integration_ids is None or each.slug in integration_ids
    ]
    failures = _failures(integrations, window)
    totals, nothing = totals_by_day(integrations, window), Totals()
    return [
        DayFacts(
            slug,
            day,
            failures.get((slug, day), {}),
            *_values(totals.get((slug, day), nothing)),
        )
        for slug, day in sorted(failures.keys() | totals.keys())
    ]


def _failures(
    integrations: Sequence[Integration], window: Window
) -> dict[tuple[str, date], Failures]:
    rows = EventDay.objects.filter(
        integration__in=integrations,
        day__gte=window.first_day,
        day__lte=window.last_day,
        failures__gt=0,
    )
    found: dict[tuple[str, date], Failures] = defaultdict(dict)
    for slug, day, event_type, failures in rows.values_list(
        "integration_id", "day", "event_type"
    ).annotate(Sum("failures")):
        found[slug, day][event_type] = int(failures)
    return found
