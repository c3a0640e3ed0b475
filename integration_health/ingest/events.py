"""How do events come in? One verb for the API, imports, pollers, the admin and samples."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from integration_health.ingest.event_rows import Door, EventInput, Refusal
from integration_health.models import Integration
from integration_health.storage.partitions import ensure_partitions
from integration_health.storage.pending_events import (
    Provenance,
    clear_pending,
    copy_pending,
    insert_pending,
)
from qa_observability.metrics.rows import count_rows

__all__ = ["EventInput", "IngestResult", "LineResult", "ingest_events"]

CHUNK = 500  # rows copied at once: bounds memory, and larger was no faster
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

    lines: list[int] = field(default_factory=list)
    pending: int = 0
    days: set[date] = field(default_factory=set)
    rejected: int = 0
    refusals: list[LineResult] = field(default_factory=list)

    def accept(self, line: int, day: date) -> None:
        self.pending += 1
        self.days.add(day)
        if self.pending <= LISTED:
            self.lines.append(line)

    def refuse(self, line: int, refusal: Refusal) -> None:
        self.rejected += 1
        if self.rejected <= MOST_LISTED:
            reason = f"{refusal.code}: {refusal.detail}"
            self.refusals.append(LineResult(line, REJECTED, refusal.field, reason))

    def result(self, duplicates: list[int]) -> IngestResult:
        results = self.refusals + [
            LineResult(line, DUPLICATE) for line in duplicates[:MOST_LISTED]
        ]
        if self.pending + self.rejected <= LISTED:
            known = set(duplicates)
            results += [
                LineResult(line, ACCEPTED) for line in self.lines if line not in known
            ]
        return IngestResult(
            accepted=self.pending - len(duplicates),
            duplicates=len(duplicates),
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
    if there is one; an exception from ``rows`` stores nothing. Memory is bounded by 500
    rows, so ``rows`` may be a stream of any length.

    Incidents are found by the sweep within a minute, or at once by
    :func:`integration_health.incidents.sweep`.
    Source: DESIGN sections 4 and 7.
    """
    integrations = frozenset(Integration.objects.values_list("slug", flat=True))
    door = Door(now, integrations, idempotency_key)
    intake = Intake()
    with transaction.atomic():
        clear_pending()
        for chunk in _chunks(rows):
            copied = _admitted(chunk, door, intake)
            if copied:
                copy_pending(copied)
        duplicates: list[int] = []
        if intake.pending:
            ensure_partitions(intake.days)
            provenance = Provenance(source, actor, now, batch_id)
            duplicates = insert_pending(intake.pending, provenance)
        result = intake.result(duplicates)
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
) -> list[str]:
    admitted = []
    for row in chunk:
        if isinstance(row, tuple):
            intake.refuse(*row)
        elif refusal := door.refusal(row):
            intake.refuse(row.line, refusal)
        else:
            stored = door.row(row)
            intake.accept(row.line, stored.day)
            admitted.append(stored.text)
    return admitted


def _chunks(
    rows: Iterable[EventInput | tuple[int, Refusal]],
) -> Iterator[list[EventInput | tuple[int, Refusal]]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
