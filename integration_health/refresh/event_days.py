"""Do the rollups of events agree with their rows? Counted again, compared, repaired."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from integration_health.models import EventDay, EventHour
from qa_observability.lib.periods import ONE_DAY, start_of_day

Rollup = dict[tuple[object, ...], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class DayCheck:
    """Whether a day's stored rollups were what its rows add up to."""

    integration_id: str
    day: date
    agreed: bool


def rebuild_event_days(days: Collection[tuple[str, date]]) -> None:
    """Count the rollups and failures of (integration, day) pairs again from the rows.

    Holds each integration's lock alone, so that no writer is missed or counted twice.
    Days whose events were removed by age keep what they have.
    """
    if not days:
        return
    slugs, dates = zip(*sorted(days), strict=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT rebuild_health_days(%s::text[], %s::date[])",
            [list(slugs), list(dates)],
        )


def check_event_day(slug: str, day: date) -> DayCheck:
    """Compare one day's rollups with its rows; repaired when they disagree."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT integration_events_lock(ARRAY[%s], true)", [slug])
        before = _rollups(slug, day)
        rebuild_event_days([(slug, day)])
        return DayCheck(slug, day, agreed=before == _rollups(slug, day))


def _rollups(slug: str, day: date) -> tuple[Rollup, Rollup]:
    midnight = start_of_day(day)
    days = EventDay.objects.filter(integration=slug, day=day)
    hours = EventHour.objects.filter(
        integration=slug, hour__gte=midnight, hour__lt=midnight + ONE_DAY
    )
    counts = ("rows", "occurrences", "failures")
    return (
        {
            (event_type, severity): tuple(numbers)
            for event_type, severity, *numbers in days.values_list(
                "event_type", "severity", *counts
            )
        },
        {
            (hour, event_type, severity): tuple(numbers)
            for hour, event_type, severity, *numbers in hours.values_list(
                "hour", "event_type", "severity", *counts
            )
        },
    )
