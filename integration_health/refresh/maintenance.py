"""Which events lie in maintenance, now that a window was added, moved or removed?"""

from datetime import datetime

from django.db import connection, transaction

from integration_health.models import EventDay, Integration, MaintenanceWindow
from integration_health.models.events import KEPT
from integration_health.refresh.event_days import rebuild_event_days
from integration_health.refresh.health_days import rebuild_health_days
from integration_health.storage.maintenance import IS_SHUT
from qa_observability.lib.periods import ONE_DAY, Window, utc_day

MOST_DAYS_AT_ONCE = 7  # past days that a person may wait for

# Sets the mark where it is not what the windows say; the triggers count again.
_REMARK = """
    WITH shut AS MATERIALIZED (
        SELECT * FROM integration_maintenance_spans(%(start)s, %(end)s)
    )
    UPDATE integration_events event SET in_maintenance = NOT in_maintenance
    WHERE integration_id = ANY(%(slugs)s)
        AND occurred_at >= %(start)s AND occurred_at <= %(end)s
        AND occurred_on >= %(first)s AND occurred_on <= %(last)s
        AND in_maintenance <> {is_shut}
""".replace("{is_shut}", IS_SHUT)


def reach_of(window: MaintenanceWindow) -> Window:
    """Return from the first start to the last end of a maintenance window."""
    if window.repeats_until is None:
        return Window(window.starts_at, window.ends_at)
    duration = window.ends_at - window.starts_at
    return Window(window.starts_at, window.repeats_until + duration)


def is_long(reach: Window, now: datetime) -> bool:
    """Return whether more past days are to be marked again than a person may wait for."""
    past = min(reach.end, now) - max(reach.start, now - KEPT)
    return past > MOST_DAYS_AT_ONCE * ONE_DAY


def remark_maintenance(slug: str | None, reach: Window, now: datetime) -> int:
    """Mark the events of a stretch again, and count and weigh its days again.

    ``slug`` ``None`` is every integration. Only the last 90 days can change: older events
    are gone. Incidents follow with the next sweep. Returns how many events changed.
    """
    start, end = max(reach.start, now - KEPT), min(reach.end, now + KEPT)
    if start >= end:
        return 0
    part = Window(start, end)
    slugs = list(Integration.objects.order_by("slug").values_list("slug", flat=True))
    if slug is not None:
        slugs = [slug]
    with transaction.atomic():
        changed = _remark(slugs, part)
        days = EventDay.objects.filter(
            integration__in=slugs, day__gte=part.first_day, day__lte=part.last_day
        )
        rebuild_event_days(set(days.values_list("integration_id", "day")))
        rebuild_health_days(slugs, part.first_day, part.last_day)
    return changed


def _remark(slugs: list[str], part: Window) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _REMARK,
            {
                "slugs": slugs,
                "start": part.start,
                "end": part.end,
                "first": part.first_day,
                "last": utc_day(part.end),
            },
        )
        return int(cursor.rowcount)
