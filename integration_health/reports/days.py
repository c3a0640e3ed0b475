"""What does each channel and UTC day add up to? Stored days, and today so far."""

from collections.abc import Sequence
from datetime import date

from integration_health.enums import HealthStatus
from integration_health.models import HealthDay, Integration
from integration_health.reports.courses import Totals, courses
from integration_health.reports.stamps import facts_stamp
from qa_observability.lib.periods import Window, start_of_day, utc_day
from qa_observability.readings import read_once
from qa_observability.recent import recent


@read_once
def totals_by_day(
    integrations: Sequence[Integration], window: Window
) -> dict[tuple[str, date], Totals]:
    """Return the totals of every integration and day of the window that has data.

    Days are whole but for the last one: when the window ends within it, it is cut there,
    or where it was at most a minute ago, while no check came in since. Two queries, three
    more for such a day.
    """
    slugs = tuple(each.slug for each in integrations)
    return recent(
        ("totals", slugs, window.start, window.last_day),
        lambda: _read(integrations, window),
        stamp=facts_stamp(window).rates,
        now=window.end,
    )


def _read(
    integrations: Sequence[Integration], window: Window
) -> dict[tuple[str, date], Totals]:
    stored = HealthDay.objects.filter(
        integration__in=integrations,
        day__gte=window.first_day,
        day__lte=window.last_day,
    ).values_list("integration_id", "day", *Totals._fields)
    found = {
        (slug, day): Totals(
            covered, HealthStatus(status) if status is not None else None, *rates
        )
        for slug, day, covered, status, *rates in stored
    }
    return found | _day_so_far(integrations, window)


def _day_so_far(
    integrations: Sequence[Integration], window: Window
) -> dict[tuple[str, date], Totals]:
    """Return the last day up to the window's end; nothing when the day is whole."""
    if window.end == start_of_day(utc_day(window.end)):
        return {}
    part = Window(max(start_of_day(window.last_day), window.start), window.end)
    return {
        (slug, window.last_day): course.totals(part)
        for slug, course in courses(integrations, part).items()
    }
