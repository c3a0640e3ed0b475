"""How do events come in? One verb for the API, imports, pollers, the admin and samples."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from uuid import UUID

from django.db import transaction

from integration_health.ingest.event_rows import (
    COLUMNS,
    Door,
    EventInput,
    Refusal,
    Row,
)
from integration_health.models import Integration
from integration_health.storage.incoming_events import IncomingEvents, Provenance
from integration_health.storage.partitions import ensure_partitions
from qa_observability.metrics.rows import count_rows

__all__ = ["EventInput", "IngestResult", "LineResult", "ingest_events"]

CHUNK = 100  # rows held as objects at once, in the processor's cache; then spooled
IN_MEMORY = 4 * 1024 * 1024  # bytes of rows as text; more waits on disk
LISTED = 1_000  # up to so many lines each gets its result, beyond only the exceptions
MOST_LISTED = 10_000  # exceptions listed at most; the counts are always whole

ACCEPTED, DUPLICATE, REJECTED = "accepted", "duplicate", "rejected"


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line; ``reason`` is a stable code, a colon and a sentence."""

    line: int
    outcome: str
    field: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IngestResult:
    """How many lines were accepted, known already, rejected; and the lines, in order.

    Of more than 1,000 lines only duplicates and rejected ones are listed, the first
    10,000 of each.
    """

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    results: list[LineResult] = field(default_factory=list)


@dataclass(slots=True)
class Intake:
    """What has been seen of the lines so far."""

    lines: "array[int]" = field(default_factory=lambda: array("q"))
    rejected: int = 0
    refusals: list[LineResult] = field(default_factory=list)

    def refuse(self, line: int, refusal: Refusal) -> None:
        self.rejected += 1
        if self.rejected <= MOST_LISTED:
            reason = f"{refusal.code}: {refusal.detail}"
            self.refusals.append(LineResult(line, REJECTED, refusal.field, reason))

    def result(self, known: Sequence[int]) -> IngestResult:
        """Return the answer; ``known`` are the places of rows that were there already."""
        results = self.refusals + [
            LineResult(self.lines[place], DUPLICATE) for place in known[:MOST_LISTED]
        ]
        if len(self.lines) + self.rejected <= LISTED:
            places = set(range(len(self.lines))).difference(known)
            results += [LineResult(self.lines[place], ACCEPTED) for place in places]
        return IngestResult(
            accepted=len(self.lines) - len(known),
            duplicates=len(known),
            rejected=self.rejected,
            results=sorted(results, key=lambda result: result.line),
        )


def ingest_events(
    rows: Iterable[EventInput | tuple[int, Refusal]],
    *,
    source: str,
    actor: str,
    now: datetime,
    batch_id: UUID | None = None,
    idempotency_key: str = "",
) -> IngestResult:
    """Store the events that may be stored, and say what became of every line.

    A row that a door could not even read comes as its line and the :class:`Refusal`. An
    event that is there already (same ``dedup_key``, integration and UTC day; without a
    key, same content) adds nothing. Rollups follow in the same transaction, the caller's
    if there is one; an exception from ``rows`` stores nothing. Memory is bounded, so
    ``rows`` may be a stream of any length; nothing is locked while it is read.

    Incidents are found by the sweep within a minute, or at once by
    :func:`integration_health.incidents.sweep`.
    Source: DESIGN sections 4 and 7.
    """
    integrations = frozenset(Integration.objects.values_list("slug", flat=True))
    door = Door(now, integrations, idempotency_key)
    intake = Intake()
    provenance = Provenance(source, actor, now, batch_id)
    known: list[int] = []
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        incoming = IncomingEvents(COLUMNS, provenance, spool)
        for chunk in _chunks(rows):
            incoming.add(_admitted(chunk, door, intake))
        if intake.lines:
            with transaction.atomic():
                ensure_partitions(incoming.days)
                known = incoming.store()
    result = intake.result(known)
    count_rows(
        "events",
        source,
        accepted=result.accepted,
        duplicates=result.duplicates,
        rejected=result.rejected,
    )
    return result


def _admitted(
    chunk: Iterable[EventInput | tuple[int, Refusal]], door: Door, intake: Intake
) -> list[Row]:
    admitted = []
    for each in chunk:
        if isinstance(each, tuple):
            intake.refuse(*each)
            continue
        row = door.row(each)
        if isinstance(row, Refusal):
            intake.refuse(each.line, row)
        else:
            intake.lines.append(each.line)
            admitted.append(row)
    return admitted


def _chunks(
    rows: Iterable[EventInput | tuple[int, Refusal]],
) -> Iterator[list[EventInput | tuple[int, Refusal]]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
