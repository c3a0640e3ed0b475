"""How did a channel go, moment by moment, as far as its snapshots tell?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from integration_health.domain.status import worst
from integration_health.domain.steps import (
    Reading,
    Step,
    covered,
    held_for,
    mean,
    merged,
    steps,
    within,
    without,
)
from integration_health.enums import BatchState, HealthStatus
from integration_health.models import ImportBatch, Integration, IntegrationHealth
from integration_health.models.events import KEPT
from integration_health.storage.maintenance import maintenance_spans
from qa_observability.lib.periods import Window
from qa_observability.readings import read_once

RATES = (
    "error_rate",
    "booking_loss_rate",
    "pricing_error_rate",
    "fees_error_rate",
)
_PLACES = Decimal("0.00000001")
_SECOND = timedelta(seconds=1)


class Totals(NamedTuple):
    """What a stretch of a course adds up to. Rates are time-weighted ratios, 0 to 1.

    Each rate comes with the seconds for which it is known, maintenance left out, and is
    ``None`` when known for none; ``covered_seconds`` are those under a fresh snapshot or
    an import, maintenance included. Named as the columns of a stored day.
    """

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


@dataclass(frozen=True, slots=True)
class Course:
    """What each signal of a channel held when, what data covers, what was planned.

    Steps, covered windows and those of maintenance are in order and apart.
    """

    status: list[Step[HealthStatus]]
    rates: dict[str, list[Step[Decimal]]]
    covered: list[Window]
    maintenance: list[Window]

    def totals(self, window: Window) -> Totals:
        """Return what the window adds up to."""
        error, loss, pricing, fees = (self._rate(name, window) for name in RATES)
        return Totals(
            covered(self.covered, window) // _SECOND,
            worst(step.value for step in self.statuses(window)),
            *error,
            *loss,
            *pricing,
            *fees,
        )

    def statuses(self, window: Window) -> list[Step[HealthStatus]]:
        """Return what status held when inside the window, oldest first."""
        return within(self.status, window)

    def _rate(self, name: str, window: Window) -> tuple[Decimal | None, int]:
        held = without(within(self.rates[name], window), self.maintenance)
        value = mean(held)
        rounded = None if value is None else value.quantize(_PLACES)
        return rounded, held_for(held) // _SECOND


@read_once
def courses(integrations: Sequence[Integration], window: Window) -> dict[str, Course]:
    """Return the course of each integration in the window, by slug. Three queries.

    Snapshots from before the window count as far as they hold into it; those after it,
    as far as the traffic they measured reaches back into it.
    """
    checks = _checks(integrations, window)
    imported = _import_windows(window)
    planned = maintenance_spans(window)
    return {
        each.slug: _course(
            each,
            checks[each.slug],
            imported,
            [span for slug, span in planned if slug in {None, each.slug}],
            window.start,
        )
        for each in integrations
    }


class _Check(NamedTuple):
    """What a course needs of a snapshot: 300 of them make a day of a keen poller."""

    integration_id: str
    last_checked: datetime
    window_start: datetime | None
    status: str | None
    error_rate: Decimal | None
    booking_loss_rate: Decimal | None
    pricing_error_rate: Decimal | None
    fees_error_rate: Decimal | None


def _course(
    integration: Integration,
    checks: Sequence[_Check],
    imported: Sequence[Window],
    maintenance: list[Window],
    since: datetime,
) -> Course:
    hold = integration.hold
    fresh = [
        Window(each.window_start or each.last_checked, each.last_checked + hold)
        for each in checks
    ]
    return Course(
        status=steps(_statuses(checks), hold, since=since),
        rates={name: steps(_rates(checks, name), hold, since=since) for name in RATES},
        covered=merged([*fresh, *imported]),
        maintenance=merged(maintenance),
    )


def _checks(
    integrations: Sequence[Integration], window: Window
) -> dict[str, list[_Check]]:
    longest = max((each.hold for each in integrations), default=timedelta())
    rows = IntegrationHealth.objects.filter(
        Q(last_checked__lt=window.end) | Q(window_start__lt=window.end),
        integration__in=integrations,
        last_checked__gt=window.start - longest,
        last_checked__lt=window.end + KEPT,  # no window is longer
    ).values_list(*_Check._fields)
    by_slug: dict[str, list[_Check]] = defaultdict(list)
    for row in rows:
        by_slug[row[0]].append(_Check(*row))
    return by_slug


def _import_windows(window: Window) -> list[Window]:
    """Return the windows of committed imports: an export speaks for every channel."""
    batches = ImportBatch.objects.filter(
        state=BatchState.COMMITTED,
        window_start__lt=window.end,
        window_end__gt=window.start,
    ).values_list("window_start", "window_end")
    return [Window(start, end) for start, end in batches if start and end]


def _statuses(checks: Iterable[_Check]) -> Iterator[Reading[HealthStatus]]:
    for each in checks:
        if each.status:
            status = HealthStatus(each.status)
            yield Reading(each.last_checked, status, each.window_start)


def _rates(checks: Iterable[_Check], name: str) -> Iterator[Reading[Decimal]]:
    for each in checks:
        value: Decimal | None = getattr(each, name)
        if value is not None:
            yield Reading(each.last_checked, value, each.window_start)
