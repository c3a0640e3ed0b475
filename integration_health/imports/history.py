"""Which files were imported, by whom, and what became of them?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q
from django.utils.translation import gettext as _

from integration_health.enums import BatchState
from integration_health.imports.progress import rows_read_so_far
from integration_health.imports.summary import (
    ImportSummary,
    IntegrationCounts,
    Notice,
    OtherCounts,
    RefusedRow,
    UnmappedCounts,
)
from integration_health.models import ImportBatch, RejectedRow
from qa_observability.lib.errors import NotFound
from qa_observability.lib.periods import Window

PageKey = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecord:
    """One import as it stands. ``status`` says where; an undone one keeps its counts."""

    import_id: UUID
    status: BatchState
    shape: str
    file_name: str
    source: str
    by: str
    window: Window | None
    read: int
    accepted: int
    rejected: int
    ignored: int
    duplicates: int
    incomplete: bool
    truncated: bool
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDetail(ImportRecord):
    """One import with all that was said about it when it was made.

    ``rows_so_far`` counts the rows read of one that runs. ``error`` says why a file was
    not imported; empty otherwise.
    """

    rows_so_far: int | None
    error: str
    warnings: Sequence[Notice]
    integrations: Sequence[IntegrationCounts]
    unmapped: UnmappedCounts
    others: Sequence[OtherCounts]
    rejected_rows: Sequence[RefusedRow]


def import_records(
    *, after: PageKey | None, limit: int, state: BatchState | None = None
) -> list[ImportRecord]:
    """Return imports, newest first, one more than ``limit``. One query, by keyset."""
    batches = ImportBatch.objects.order_by("-created_at", "-id")
    if state is not None:
        batches = batches.filter(state=state)
    if after is not None:
        created_at, batch_id = after
        batches = batches.filter(
            Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=batch_id)
        )
    return [
        ImportRecord(**_columns(batch))
        for batch in batches.defer("summary")[: limit + 1]
    ]


def import_detail(batch_id: UUID) -> ImportDetail:
    """Return one import. Raises: ``NotFound``."""
    batch = import_named(batch_id)
    said = stored_summary(batch)
    return ImportDetail(
        **_columns(batch),
        rows_so_far=rows_read_so_far(batch.pk).number
        if batch.state == BatchState.RUNNING
        else None,
        error=batch.error,
        warnings=said.warnings if said else (),
        integrations=said.integrations if said else (),
        unmapped=said.unmapped if said else UnmappedCounts(0, 0, 0),
        others=said.others if said else (),
        rejected_rows=said.rejected_rows if said else (),
    )


def import_named(batch_id: UUID) -> ImportBatch:
    """Return the batch of an id. Raises: ``NotFound``."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(_("There is no import %(id)s.") % {"id": batch_id})
    return batch


def stored_summary(batch: ImportBatch) -> ImportSummary | None:
    """Return the answer given when a batch was imported; ``None`` before it was."""
    if not batch.summary:
        return None
    return msgspec.convert(batch.summary, ImportSummary, strict=False)


def rejected_lines(batch: ImportBatch) -> Iterator[tuple[str, ...]]:
    """Yield the refused rows as cells under a header."""
    yield ("line", "field", "reason", "row")
    rows: Iterable[RejectedRow] = batch.rejected.order_by("line", "id").iterator()
    for row in rows:
        yield (str(row.line), row.field, row.reason, row.excerpt)


def _columns(batch: ImportBatch) -> dict[str, Any]:
    window = None
    if batch.window_start and batch.window_end:
        window = Window(batch.window_start, batch.window_end)
    return {
        "import_id": batch.pk,
        "status": BatchState(batch.state),
        "shape": batch.kind,
        "file_name": batch.file_name,
        "source": batch.source,
        "by": batch.actor,
        "window": window,
        "read": batch.rows_read,
        "accepted": batch.rows_accepted,
        "rejected": batch.rows_rejected,
        "ignored": batch.rows_ignored,
        "duplicates": batch.rows_duplicate,
        "incomplete": batch.incomplete,
        "truncated": batch.truncated,
        "created_at": batch.created_at,
        "committed_at": batch.committed_at,
        "undone_at": batch.undone_at,
        "undone_by": batch.undone_by,
    }
