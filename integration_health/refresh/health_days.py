"""What do the snapshots of a channel add up to, day by day?"""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate

from integration_health.models import HealthDay, Integration, IntegrationHealth
from integration_health.reports.courses import Course, courses
from integration_health.storage.copied_rows import copy_rows
from qa_observability.lib.periods import ONE_DAY, Window, start_of_day


def rebuild_health_days(slugs: Collection[str], first: date, last: date) -> int:
    """Write the days ``first`` to ``last``, both included, again from the snapshots.

    Days ahead are written too, as far as the last snapshot holds: if nothing comes after
    it, that is what they will have been. Days without data have no row. Returns how many
    rows stand.
    """
    window = Window(start_of_day(first), start_of_day(last + ONE_DAY))
    with transaction.atomic():
        integrations = list(
            Integration.objects.filter(slug__in=slugs)
            .order_by("slug")
            .select_for_update(no_key=True)  # the lock snapshots are written under
        )
        found = courses(integrations, window)
        checked = _snapshots_by_day(integrations, window)
        rows = [
            row
            for each in integrations
            for day in window.days()
            if _holds_data(
                row := _day(
                    each, found[each.slug], day, checked.get((each.slug, day), 0)
                )
            )
        ]
        HealthDay.objects.filter(
            integration__in=integrations, day__gte=first, day__lte=last
        ).delete()
        copy_rows(rows)
    return len(rows)


def _holds_data(row: HealthDay) -> bool:
    return bool(row.covered_seconds or row.snapshots)


def _day(
    integration: Integration, course: Course, day: date, snapshots: int
) -> HealthDay:
    window = Window(start_of_day(day), start_of_day(day + ONE_DAY))
    statuses = course.statuses(window)
    return HealthDay(
        integration=integration,
        day=day,
        last_status=statuses[-1].value if statuses else None,
        snapshots=snapshots,
        **course.totals(window)._asdict(),
    )


def _snapshots_by_day(
    integrations: Collection[Integration], window: Window
) -> dict[tuple[str, date], int]:
    counted = (
        IntegrationHealth.objects.filter(
            integration__in=integrations,
            last_checked__gte=window.start,
            last_checked__lt=window.end,
        )
        .annotate(day=TruncDate("last_checked"))
        .values_list("integration_id", "day")
        .annotate(number=Count("id"))
    )
    return {(slug, day): number for slug, day, number in counted}
