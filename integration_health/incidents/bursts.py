"""How many severe events in five minutes are too many for a channel, day by day?"""

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np

from integration_health.domain.incidents import (
    COUNTS_PER_DAY,
    HISTORY_DAYS,
    Counts,
    burst_size,
    usual_rate,
)
from integration_health.models import BurstDay, EventDay
from integration_health.storage.burst_events import burst_counts
from qa_observability.lib.periods import ONE_DAY, Window, start_of_day

_BACK = timedelta(days=HISTORY_DAYS - 1)


def refresh_bursts(slug: str, touched: Collection[date]) -> dict[date, int]:
    """Count the touched days again and judge every day they bear on.

    Returns k of each day on which incidents must be looked for again: the touched ones,
    and those of the 27 days after them whose k changed. Days without severe events have
    none. The caller holds the integration's lock. Five queries, one more per changed day.
    """
    first, last = min(touched), max(touched)
    counted = burst_counts(
        slug, Window(start_of_day(first), start_of_day(last + ONE_DAY))
    )
    rows = {
        row.day: row
        for row in BurstDay.objects.filter(
            integration_id=slug, day__gte=first - _BACK, day__lte=last + _BACK
        )
    }
    for day in touched:
        if day in rows:
            rows[day].counts = counted[day].tolist() if day in counted else []
    counts = {day: np.array(row.counts) for day, row in rows.items() if row.counts}
    began = _history_start(slug, first - _BACK)
    changed = {}
    for day in sorted(day for day in rows if first <= day <= last + _BACK):
        size = burst_size(usual_rate(_history(counts, day, began)))
        if day in touched or size != rows[day].burst_size:
            rows[day].burst_size = size
            changed[day] = size
    BurstDay.objects.bulk_update(
        [rows[day] for day in changed], ["counts", "burst_size"]
    )
    return changed


def burst_sizes(slug: str, window: Window) -> dict[date, int]:
    """Return k of every judged day of the window."""
    rows = BurstDay.objects.filter(
        integration_id=slug,
        day__gte=window.first_day,
        day__lte=window.last_day,
    ).defer("counts")
    return {row.day: row.burst_size for row in rows if row.burst_size is not None}


def _history(counts: dict[date, Counts], day: date, began: date) -> Counts:
    """Return the 5-minute counts of the 28 days ending with ``day``, or of fewer.

    History is shorter where the channel's first event of any kind is younger; a day from
    before it, whose events were removed, stands alone.
    """
    first = min(max(day - _BACK, began), day)
    days = [first + n * ONE_DAY for n in range((day - first).days + 1)]
    nothing = np.zeros(COUNTS_PER_DAY, dtype=np.int64)
    return np.concatenate([counts.get(each, nothing) for each in days])


def _history_start(slug: str, earliest: date) -> date:
    """Return the day of the channel's first event, or a day before ``earliest``."""
    first = (
        EventDay.objects.filter(integration_id=slug, rows__gt=0)
        .order_by("day")
        .values_list("day", flat=True)
        .first()
    )
    return first or earliest
