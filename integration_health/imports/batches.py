"""Which imports stand already, and how is one more written down?"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from integration_health.enums import BatchKind, BatchState, Source
from integration_health.imports.kept import keep_rows
from integration_health.imports.options import ImportOptions
from integration_health.imports.staged import StagedExport
from integration_health.imports.staging import routes
from integration_health.models import EndpointStat, ImportBatch, RejectedRow
from integration_health.storage.copied_rows import copy_rows
from qa_observability.lib.errors import Conflict, FieldError

_IMPORTING = 5204  # class of the advisory lock: one import is decided at a time
_CHUNK = 2_000
_SHOWN = 3


def one_at_a_time() -> None:
    """Wait for other imports to end: two of the same file at once make one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_IMPORTING])


def content_hash(staged: StagedExport, options: ImportOptions) -> str:
    """Return what the same rows of the same window share, in whatever wrapping."""
    window = staged.window
    parts = (
        staged.kind,
        f"{staged.intake.content:x}",
        window.start.isoformat() if window else "",
        window.end.isoformat() if window else "",
        options.complete,
    )
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def standing(options: ImportOptions) -> QuerySet[ImportBatch]:
    """Return the committed imports that will stand beside a new one.

    The sample makes room for real data, unless it is to be kept.
    """
    batches = ImportBatch.objects.filter(state=BatchState.COMMITTED)
    if options.removes_sample:
        batches = batches.exclude(source=Source.SAMPLE)
    return batches


def overlapping(staged: StagedExport, options: ImportOptions) -> QuerySet[ImportBatch]:
    """Return committed imports that describe the same traffic, at least in part.

    Raw events without all requests know each other one by one; nothing counts twice.
    """
    batches = standing(options).filter(kind=staged.kind)
    if staged.window is None:
        return batches.none()
    if staged.kind == BatchKind.RAW_EVENTS:
        if not options.complete:
            return batches.none()
        batches = batches.filter(complete=True)
    return batches.filter(
        window_start__lt=staged.window.end, window_end__gt=staged.window.start
    )


def overlap_in_words(batches: Iterable[ImportBatch]) -> str:
    """Return a sentence that names the first imports that overlap, and the cure."""
    named = ", ".join(
        f"{batch.file_name} ({batch.window_start:%Y-%m-%d %H:%M} – "
        f"{batch.window_end:%Y-%m-%d %H:%M} UTC, {batch.pk})"
        for batch in islice(batches, _SHOWN)
    )
    return _(
        "Earlier imports describe the same traffic: %(imports)s. Counts would double. "
        "Import another time range, or repeat with overlap=replace."
    ) % {"imports": named}


def overlap_conflict(batches: Iterable[ImportBatch]) -> Conflict:
    """Return the error of an import that overlaps others and may not replace them."""
    detail = overlap_in_words(batches)
    return Conflict(
        detail,
        code="import_overlaps",
        errors=[FieldError("overlap", "import_overlaps", detail)],
    )


def write_rows(batch: ImportBatch, staged: StagedExport) -> None:
    """Write the batch's refused rows, its counts by route and their steps, in chunks."""
    refused = (
        RejectedRow(
            batch=batch,
            line=row.line,
            field=row.field[:100],
            reason=row.reason,
            excerpt=row.excerpt,
        )
        for row in staged.refusals()
    )
    counted = (_endpoint(batch, row) for row in routes())
    for chunk in _chunks(refused):
        RejectedRow.objects.bulk_create(chunk)
    for chunk in _chunks(counted):
        copy_rows(chunk)
    keep_rows(batch)


def new_batch(  # one column each
    staged: StagedExport,
    options: ImportOptions,
    *,
    key: str,
    name: str,
    sha256: str,
    actor: str,
    truncated: bool,
    now: datetime,
    batch_id: UUID,
) -> ImportBatch:
    """Return the unsaved, committed batch of a staged file."""
    window = staged.window
    return ImportBatch(
        id=batch_id,
        kind=staged.kind or "",
        state=BatchState.COMMITTED,
        file_name=name,
        sha256=sha256,
        content_hash=key,
        window_start=window.start if window else None,
        window_end=window.end if window else None,
        window_from_user=options.window is not None and options.window == window,
        span=staged.span,
        rows_read=staged.intake.read,
        rows_accepted=staged.accepted,
        rows_rejected=staged.rejected,
        rows_ignored=staged.ignored,
        rows_duplicate=staged.duplicates,
        complete=options.complete,
        incomplete=staged.facts.incomplete,
        truncated=truncated,
        source=options.source,
        actor=actor,
        committed_at=now,
    )


def _endpoint(batch: ImportBatch, row: tuple[Any, ...]) -> EndpointStat:
    key, route, aspect, hint, *counts = row
    rows, requests, errors, client, server = map(int, counts)
    return EndpointStat(
        batch=batch,
        integration_key=key[:100],
        route=route,
        aspect=aspect,
        channel_hint=hint,
        rows=rows,
        requests=requests,
        errors=errors,
        client_errors=client,
        server_errors=server,
    )


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
