"""How fast were incidents found, and how fast were they over?"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q

from integration_health.enums import Source
from integration_health.reports.incident_filters import (
    IncidentFilters,
    chosen_incidents,
)
from qa_observability.lib.periods import ONE_DAY, Window

LATE = ONE_DAY  # after the last failure: whoever finds it then reads the past


@dataclass(frozen=True, slots=True)
class MeanTimes:
    """How fast the incidents begun in a window were found and over, on average.

    Time to detect: from the first failure to when this system found it. Those found more
    than a day after their last failure came with data of the past, which nobody could
    have watched; ``detected`` counts the others. Time to recover: from the first failure
    to the resolution. A mean is ``None`` without a case.
    """

    begun: int
    detected: int
    to_detect: timedelta | None
    resolved: int
    to_recover: timedelta | None


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many incidents one source detected."""

    source: Source
    count: int


@dataclass(frozen=True, slots=True)
class IncidentTimes:
    """How fast incidents that started in a window were found and over.

    Of ``incidents``, ``detected`` were found within a day of their last failure; the
    others came with data of the past and leave the mean alone. Means in seconds, from the
    first failure on, ``None`` without a case.
    """

    incidents: int
    detected: int
    mean_seconds_to_detect: int | None
    resolved: int
    mean_seconds_to_recover: int | None
    detected_by: list[SourceCount]


def mean_times(
    windows: Sequence[Window], filters: IncidentFilters
) -> tuple[MeanTimes, ...]:
    """Return the mean times of each window's incidents. One query."""
    means: dict[str, Any] = {}
    for n, window in enumerate(windows):
        begun = Q(started_at__gte=window.start, started_at__lt=window.end)
        detected = begun & Q(detected_at__lte=F("ended_at") + LATE)
        means |= {
            f"begun_{n}": Count("id", filter=begun),
            f"detected_{n}": Count("id", filter=detected),
            f"to_detect_{n}": Avg(F("detected_at") - F("started_at"), filter=detected),
            f"resolved_{n}": Count("resolved_at", filter=begun),
            f"to_recover_{n}": Avg(F("resolved_at") - F("started_at"), filter=begun),
        }
    found = chosen_incidents(filters).aggregate(**means)
    return tuple(
        MeanTimes(
            **{each.name: found[f"{each.name}_{n}"] for each in fields(MeanTimes)}
        )
        for n in range(len(windows))
    )


def incident_times(window: Window, filters: IncidentFilters) -> IncidentTimes:
    """Return the mean times of a window's incidents and who found them. Two queries."""
    (times,) = mean_times([window], filters)
    started = chosen_incidents(filters).filter(
        started_at__gte=window.start, started_at__lt=window.end
    )
    sources = started.order_by("detected_by").values_list("detected_by")
    return IncidentTimes(
        incidents=times.begun,
        detected=times.detected,
        mean_seconds_to_detect=_seconds(times.to_detect),
        resolved=times.resolved,
        mean_seconds_to_recover=_seconds(times.to_recover),
        detected_by=[
            SourceCount(Source(source), count)
            for source, count in sources.annotate(Count("id"))
        ],
    )


def _seconds(mean: timedelta | None) -> int | None:
    return None if mean is None else mean // timedelta(seconds=1)
