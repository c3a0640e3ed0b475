"""What status did a channel have, hour by hour or day by day?"""

from dataclasses import dataclass
from datetime import datetime

from integration_health.domain.status import worst
from integration_health.enums import HealthStatus
from integration_health.models import Integration
from integration_health.reports.courses import Totals, courses
from integration_health.reports.days import totals_by_day
from qa_observability.lib.periods import (
    ONE_DAY,
    ONE_HOUR,
    Period,
    Window,
    start_of_day,
)


@dataclass(frozen=True, slots=True)
class StripCell:
    """The worst known status of a stretch of time; ``None`` is no data."""

    start: datetime
    end: datetime
    status: HealthStatus | None


def status_strip(
    integration: Integration, *, period: Period, now: datetime
) -> list[StripCell]:
    """Return one cell per hour for 7 days, per UTC day otherwise, the last one so far."""
    window = period.window(ending=now)
    if period == Period.WEEK:
        return _hours(integration, window)
    known = totals_by_day(
        [integration], Window(period.previous(ending=now).start, window.end)
    )
    return [
        StripCell(
            start_of_day(day),
            min(start_of_day(day + ONE_DAY), window.end),
            known.get((integration.slug, day), Totals()).worst_status,
        )
        for day in window.days()
    ]


def _hours(integration: Integration, window: Window) -> list[StripCell]:
    course = courses([integration], window)[integration.slug]
    cells = []
    start = window.start
    while start < window.end:
        end = min(start + ONE_HOUR, window.end)
        held = course.statuses(Window(start, end))
        cells.append(StripCell(start, end, worst(step.value for step in held)))
        start = end
    return cells
