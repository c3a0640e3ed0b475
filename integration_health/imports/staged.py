"""What does a file come to, before anything is decided? Read, mapped, grouped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import pairwise
from math import gcd
from typing import BinaryIO

from django.utils.translation import gettext as _

from integration_health.enums import BatchKind
from integration_health.imports.extent import Extent
from integration_health.imports.intake import BURST_BIN, Gate, Intake
from integration_health.imports.notices import notices
from integration_health.imports.staging import (
    KeyTotals,
    RepeatedRow,
    bins,
    drop_known_events,
    drop_repeated,
    stage,
    totals,
)
from integration_health.imports.summary import Notice
from integration_health.splunk.errors import UnreadableExport
from integration_health.splunk.reader import SplunkExport
from integration_health.splunk.records import ExportFacts, RejectedRow
from integration_health.splunk.rows import ParsedExport
from qa_observability.lib.periods import Window

MOST_BINS = 100_000

_SECOND = timedelta(seconds=1)
_DAYLIGHT_SAVING = timedelta(hours=12)  # longer bins may differ by an hour in length


@dataclass(frozen=True, slots=True)
class StagedExport:
    """A file whose accepted rows wait in the staging table.

    ``kind`` and ``window`` are ``None`` when nothing was accepted. ``span`` is the length
    of the bins; ``None`` where rows have no time of their own.
    """

    facts: ExportFacts
    kind: BatchKind | None
    intake: Intake
    repeated: Sequence[RepeatedRow]
    known: int
    window: Window | None
    span: timedelta | None
    totals: Sequence[KeyTotals]
    notices: Sequence[Notice]

    @property
    def duplicates(self) -> int:
        """Rows that say again what is known, from this file or stored."""
        return self.known + sum(row.equal for row in self.repeated)

    @property
    def accepted(self) -> int:
        return self.intake.accepted - len(self.repeated) - self.known

    @property
    def rejected(self) -> int:
        return self.intake.rejected + sum(not row.equal for row in self.repeated)

    @property
    def ignored(self) -> int:
        return self.intake.ignored + self.duplicates

    def refusals(self) -> list[RejectedRow]:
        """Return the refused rows that are kept, in the file's order."""
        contradicting = [
            RejectedRow(
                row.line,
                "endpoint",
                _("The endpoint stands on line %(line)s with other numbers.")
                % {"line": row.first_line},
                row.route,
            )
            for row in self.repeated
            if not row.equal
        ]
        return sorted([*self.intake.refusals, *contradicting])

    @property
    def extent(self) -> Extent:
        """The traffic the rows describe."""
        return Extent(self.kind, self.window, self.span)


def staged_export(stream: BinaryIO, gate: Gate) -> StagedExport:
    """Read a file into the staging table. Runs in the caller's transaction.

    Raises: ``UnreadableExport``, ``TooLarge``, and ``InvalidField`` for a window missing.
    """
    export = ParsedExport(SplunkExport(stream), zone=gate.options.zone)
    intake = Intake()
    stage(gate.staged_rows(export, intake))
    repeated = drop_repeated()
    known = 0
    if export.kind == BatchKind.RAW_EVENTS and intake.first and intake.last:
        known = drop_known_events(intake.first, intake.last)
    found = list(notices(export.facts, intake, repeated))
    span = _span(export.kind, gate, intake, found)
    return StagedExport(
        facts=export.facts,
        kind=export.kind,
        intake=intake,
        repeated=repeated,
        known=known,
        window=_window(gate, intake, span),
        span=span,
        totals=totals(),
        notices=found,
    )


def _window(gate: Gate, intake: Intake, span: timedelta | None) -> Window | None:
    """Return the traffic described: as given, or from the first to the last moment."""
    if not intake.accepted:
        return None
    if gate.options.window is not None:
        return gate.options.window
    if intake.first is None or intake.last is None:
        return None
    end = intake.last + (span or _SECOND)
    return Window(intake.first, max(min(end, gate.now), intake.last + _SECOND))


def _span(
    kind: BatchKind | None, gate: Gate, intake: Intake, found: list[Notice]
) -> timedelta | None:
    if kind == BatchKind.RAW_EVENTS:
        return BURST_BIN if gate.options.complete else None
    if not intake.binned:
        return None
    if len(intake.spans) == 1:
        return timedelta(seconds=next(iter(intake.spans)))
    starts = bins()
    if len(starts) > MOST_BINS:
        raise UnreadableExport(
            _(
                "The rows have more than %(most)s different times. Round them in the "
                "search: | bin _time span=5m"
            )
            % {"most": MOST_BINS},
            kind="too_many_bins",
        )
    if len(starts) > 1:
        return span_of(starts)
    found.append(
        Notice(
            "span_assumed",
            _(
                "All rows have one time; they are taken to describe the 5 minutes after."
            ),
        )
    )
    return BURST_BIN


def span_of(starts: Sequence[datetime]) -> timedelta:
    """Return the length of bins by their starts, two or more in order.

    It is the greatest common divisor of their distances; of long bins the shortest
    distance, because days are 23 to 25 hours long where clocks are changed.
    """
    distances = [
        max((later - earlier) // _SECOND, 1) for earlier, later in pairwise(starts)
    ]
    shortest = min(distances)
    if timedelta(seconds=shortest) >= _DAYLIGHT_SAVING:
        return timedelta(seconds=shortest)
    return timedelta(seconds=reduce(gcd, distances))
