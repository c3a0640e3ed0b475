"""What status did a channel have, hour by hour or day by day?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from integration_health.domain.status import worst
from integration_health.enums import HealthStatus
from integration_health.models import HealthDay, Integration
from integration_health.reports.courses import courses
from qa_observability.lib.periods import (
    ONE_DAY,
    ONE_HOUR,
    Period,
    Window,
    start_of_day,
    utc_day,
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
        return _cells(integration, window, ONE_HOUR)
    today = Window(start_of_day(utc_day(now)), now)
    stored = {
        row.day: row.worst_status
        for row in HealthDay.objects.filter(
            integration=integration, day__gte=window.first_day, day__lt=today.first_day
        )
    }
    days = [day for day in window.days() if day < today.first_day]
    return [
        StripCell(
            start_of_day(day),
            start_of_day(day + ONE_DAY),
            HealthStatus(status) if (status := stored.get(day)) else None,
        )
        for day in days
    ] + _cells(integration, today, ONE_DAY)


def _cells(
    integration: Integration, window: Window, length: timedelta
) -> list[StripCell]:
    course = courses([integration], window)[integration.slug]
    cells = []
    start = window.start
    while start < window.end:
        end = min(start + length, window.end)
        held = course.statuses(Window(start, end))
        cells.append(StripCell(start, end, worst(step.value for step in held)))
        start = end
    return cells
