"""Which traffic does an import describe, and in which steps?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from integration_health.enums import BatchKind
from integration_health.models import ImportBatch
from qa_observability.lib.periods import ONE_HOUR, Window


class Slots(NamedTuple):
    """Stretches of one length, counted from an origin."""

    origin: datetime
    length: timedelta


@dataclass(frozen=True, slots=True)
class Extent:
    """The traffic that rows describe. ``span`` is the length of their steps.

    ``window`` is ``None`` without any row, ``span`` where rows have no time of their own.
    """

    kind: BatchKind | None
    window: Window | None
    span: timedelta | None

    @property
    def slots(self) -> Slots | None:
        """The stretches that get a snapshot each: hours, or steps longer than that."""
        if self.span is None or self.window is None:
            return None
        start = self.window.start
        if self.span > ONE_HOUR:
            return Slots(start, self.span)
        return Slots(start.replace(minute=0, second=0, microsecond=0), ONE_HOUR)


def window_of(batch: ImportBatch) -> Window | None:
    """Return the traffic a batch describes."""
    if batch.window_start is None or batch.window_end is None:
        return None
    return Window(batch.window_start, batch.window_end)


def extent_of(batch: ImportBatch) -> Extent:
    """Return the traffic a committed batch describes, as it was staged."""
    return Extent(BatchKind(batch.kind), window_of(batch), batch.span)
