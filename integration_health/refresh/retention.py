"""What is too old to keep? Events go after 90 days, what they added up to after 25 months."""

from datetime import datetime, timedelta

from integration_health.domain.incidents import HISTORY_DAYS
from integration_health.models import (
    BurstDay,
    EndpointStat,
    EventDay,
    EventHour,
    Failure,
    HealthDay,
    Incident,
    IntegrationHealth,
    RejectedRow,
)
from integration_health.models.events import KEPT
from integration_health.storage.partitions import (
    WEEK,
    drop_partitions_before,
    ensure_partitions,
)
from qa_observability.lib.periods import ONE_DAY, start_of_day, utc_day

ROLLUPS_KEPT = timedelta(days=762)  # 25 months
WEEKS_AHEAD = 8


def make_partitions(now: datetime) -> int:
    """Attach the weeks of the last 90 days and the next eight; return how many were new."""
    first, ahead = utc_day(now - KEPT), WEEKS_AHEAD * WEEK
    days = (KEPT + ahead) // ONE_DAY + 1
    return ensure_partitions(first + n * ONE_DAY for n in range(days))


def remove_old(now: datetime) -> dict[str, int]:
    """Remove events past 90 days by whole weeks, and everything past its time.

    Queries leave out events past 90 days to the moment, so a week may go late. Days added
    up stay 25 months, and so do checks and incidents; what the search for incidents needs
    of a day stays while it can bear on a day with events. Of imports the counts by route
    and the refused rows go after 90 days, the import with its summary stays. Cannot run
    in a transaction.
    """
    oldest_event = utc_day(now - KEPT)
    oldest_rollup = utc_day(now - ROLLUPS_KEPT)
    oldest_burst = oldest_event - HISTORY_DAYS * ONE_DAY
    dropped = drop_partitions_before(oldest_event)
    removed = {
        "failures": Failure.objects.filter(day__lt=oldest_event),
        "hours": EventHour.objects.filter(hour__lt=start_of_day(oldest_event)),
        "burst_days": BurstDay.objects.filter(day__lt=oldest_burst),
        "event_days": EventDay.objects.filter(day__lt=oldest_rollup),
        "health_days": HealthDay.objects.filter(day__lt=oldest_rollup),
        "snapshots": IntegrationHealth.objects.filter(
            last_checked__lt=now - ROLLUPS_KEPT
        ),
        "endpoints": EndpointStat.objects.filter(batch__created_at__lt=now - KEPT),
        "rejected_rows": RejectedRow.objects.filter(batch__created_at__lt=now - KEPT),
        "incidents": Incident.objects.filter(ended_at__lt=now - ROLLUPS_KEPT),
    }
    return {"weeks": len(dropped)} | {
        name: rows.delete()[0] for name, rows in removed.items()
    }
