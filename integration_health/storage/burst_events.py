"""Which severe events could make an incident? Fetched as arrays, straight into numpy."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from integration_health.domain.incidents import COUNTS_PER_DAY, Counts, Moments
from qa_observability.lib.periods import Window

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Severe, outside maintenance, and known to ten minutes: the time of longer aggregates is
# too coarse for a burst.
_SEVERE = """
    FROM integration_events
    WHERE integration_id = %(slug)s
        AND occurred_at >= %(start)s AND occurred_at < %(end)s
        AND occurred_on >= %(first)s AND occurred_on <= %(last)s
        AND severity IN ('high', 'critical') AND NOT in_maintenance
        AND (window_start IS NULL OR window_end - window_start <= interval '10 minutes')
"""
_EVENTS = """
    SELECT array_agg((extract(epoch FROM occurred_at) * 1000000)::bigint ORDER BY at),
        array_agg(occurrences ORDER BY at), array_agg(event_type ORDER BY at),
        array_agg(severity = 'critical' ORDER BY at), array_agg(source ORDER BY at)
    FROM (SELECT *, row_number() OVER (ORDER BY occurred_at, id) AS at {severe}) severe
""".replace("{severe}", _SEVERE)
_COUNTS = """
    SELECT occurred_on,
        floor(date_part('epoch', occurred_at)::bigint %% 86400 / 300)::integer AS slot,
        sum(occurrences)
    {severe}
    GROUP BY occurred_on, slot
""".replace("{severe}", _SEVERE)


@dataclass(frozen=True, slots=True)
class SevereEvents:
    """Events of one integration in order of time, column by column."""

    moments: Moments
    occurrences: Counts
    event_types: NDArray[np.str_]
    critical: NDArray[np.bool_]
    sources: NDArray[np.str_]

    def between(self, start: int, end: int) -> "SevereEvents":
        """Return those from ``start`` to ``end``, both included; microseconds."""
        first = np.searchsorted(self.moments, start, side="left")
        past = np.searchsorted(self.moments, end, side="right")
        return self.where(slice(first, past))

    def where(self, chosen: NDArray[np.bool_] | slice) -> "SevereEvents":
        return SevereEvents(
            self.moments[chosen],
            self.occurrences[chosen],
            self.event_types[chosen],
            self.critical[chosen],
            self.sources[chosen],
        )


def severe_events(slug: str, window: Window) -> SevereEvents:
    """Return the events of an integration that can make an incident. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, _parameters(slug, window))
        moments, occurrences, types, critical, sources = (
            column or [] for column in cursor.fetchone()
        )
    return SevereEvents(
        np.array(moments, dtype=np.int64),
        np.array(occurrences, dtype=np.int64),
        np.array(types, dtype=np.str_),
        np.array(critical, dtype=np.bool_),
        np.array(sources, dtype=np.str_),
    )


def burst_counts(slug: str, window: Window) -> dict[date, Counts]:
    """Return the occurrences in each 5 minutes of each UTC day that has any. One query."""
    found: dict[date, Counts] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, _parameters(slug, window))
        for day, slot, occurrences in cursor.fetchall():
            counts = found.setdefault(day, np.zeros(COUNTS_PER_DAY, dtype=np.int64))
            counts[slot] = occurrences
    return found


def to_microseconds(moment: datetime) -> int:
    """Return an aware moment as whole microseconds since the epoch."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(microseconds: int) -> datetime:
    """Return the UTC moment of microseconds since the epoch."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _parameters(slug: str, window: Window) -> dict[str, Any]:
    return {
        "slug": slug,
        "start": window.start,
        "end": window.end,
        "first": window.first_day,
        "last": window.last_day,
    }
