"""Where does a file wait until it is imported? In Django's storage, for a day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, BinaryIO, cast
from uuid import UUID

import msgspec
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from integration_health.enums import BatchState
from integration_health.imports.history import stored_summary
from integration_health.imports.importing import actor_name, file_name, run_import
from integration_health.imports.intake import Told, untold
from integration_health.imports.options import ImportOptions, Overlap, zone_named
from integration_health.imports.summary import ImportStatus, ImportSummary, PreviewRow
from integration_health.models import ImportBatch
from qa_observability import audit
from qa_observability.lib.errors import Conflict
from qa_observability.lib.periods import Window

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would come to; ``batch`` waits for commit when there is something to."""

    summary: ImportSummary
    rows: Sequence[PreviewRow]
    batch: ImportBatch | None


def keep_upload(
    file: BinaryIO,
    options: ImportOptions,
    *,
    name: str,
    by: audit.Actor,
    now: datetime,
) -> Preview:
    """Look at a file as a dry run does and keep it for commit, for 24 hours at most.

    A duplicate and a file without rows are not kept. Raises as ``import_splunk_export``.
    """
    looking = replace(options, dry_run=True, overlap=Overlap.REFUSE)
    summary, rows = run_import(file, looking, name=name, by=by, now=now)
    if summary.status is not ImportStatus.DRY_RUN or summary.shape is None:
        return Preview(summary, rows, None)
    file.seek(0)
    batch = ImportBatch(
        kind=summary.shape,
        state=BatchState.WAITING,
        file_name=file_name(name),
        options=written_options(options) | {"preview": msgspec.to_builtins(rows)},
        rows_read=summary.read,
        rows_accepted=summary.accepted,
        rows_rejected=summary.rejected,
        rows_ignored=summary.ignored,
        rows_duplicate=summary.duplicates,
        complete=options.complete,
        incomplete=summary.incomplete,
        truncated=summary.truncated,
        summary=msgspec.to_builtins(summary),
        source=options.source,
        actor=actor_name(by),
    )
    batch.upload.save(f"{batch.pk}.export", File(cast("Any", file)), save=False)
    batch.save(force_insert=True)
    return Preview(summary, rows, batch)


def kept_preview(batch: ImportBatch) -> Preview:
    """Return what was seen of a file that waits."""
    summary = stored_summary(batch)
    if summary is None:
        raise _gone()
    rows = msgspec.convert(
        batch.options.get("preview", []), list[PreviewRow], strict=False
    )
    return Preview(summary, rows, batch)


def commit_upload(
    batch_id: UUID, *, overlap: Overlap, by: audit.Actor, now: datetime
) -> ImportSummary:
    """Import a file that waits, under the id it waited with; its copy goes.

    Raises: ``Conflict`` when it waits no more, or overlaps other imports and may not
        replace them; then it goes on waiting.
    """
    with transaction.atomic():
        waiting = locked_upload(batch_id, BatchState.WAITING)
        return import_kept(waiting, overlap=overlap, by=by, now=now)


def discard_upload(batch_id: UUID) -> None:
    """Forget a file that waits. Raises: ``Conflict`` when it waits no more."""
    with transaction.atomic():
        _discard(locked_upload(batch_id, BatchState.WAITING))


def remove_old_uploads(now: datetime) -> int:
    """Forget files that were kept for more than 24 hours; return how many.

    One whose import began and never ended is told as failed.
    """
    with transaction.atomic():
        old = list(
            ImportBatch.objects.select_for_update(skip_locked=True).filter(
                state__in=(BatchState.WAITING, BatchState.RUNNING),
                created_at__lt=now - KEPT_FOR,
            )
        )
        for batch in old:
            if batch.state == BatchState.RUNNING:
                fail_upload(batch, _("The import did not end within 24 hours."))
            else:
                _discard(batch)
    return len(old)


def fail_upload(batch: ImportBatch, reason: str) -> None:
    """Mark a kept file as not imported; its copy goes."""
    transaction.on_commit(partial(default_storage.delete, batch.upload.name or ""))
    batch.state, batch.error, batch.upload = BatchState.FAILED, reason, ""
    batch.save(update_fields=["state", "error", "upload"])


def import_kept(
    batch: ImportBatch,
    *,
    overlap: Overlap,
    by: audit.Actor,
    now: datetime,
    told: Told = untold,
) -> ImportSummary:
    """Import a locked file in the caller's transaction; its row and its copy go.

    Raises as :func:`commit_upload`.
    """
    options = replace(_read(batch.options), overlap=overlap)
    path, batch_id, came_in = batch.upload.name or "", batch.pk, batch.created_at
    try:
        stream = default_storage.open(path, "rb")
    except FileNotFoundError as missing:
        raise _gone() from missing
    with stream:
        batch.delete()
        summary, _rows = run_import(
            cast("BinaryIO", stream),
            options,
            name=batch.file_name,
            by=by,
            now=now,
            batch_id=batch_id,
            told=told,
        )
    ImportBatch.objects.filter(pk=batch_id).update(created_at=came_in)
    transaction.on_commit(partial(default_storage.delete, path))
    return summary


def locked_upload(batch_id: UUID, state: BatchState) -> ImportBatch:
    """Return a kept file, locked. Raises: ``Conflict`` unless it is in that state."""
    batch = (
        ImportBatch.objects.select_for_update().filter(pk=batch_id, state=state).first()
    )
    if batch is None:
        raise _gone()
    return batch


def _discard(batch: ImportBatch) -> None:
    transaction.on_commit(partial(default_storage.delete, batch.upload.name or ""))
    batch.delete()


def _gone() -> Conflict:
    return Conflict(
        _("This file waits no more: it is being imported, was, or was discarded."),
        code="import_not_waiting",
    )


def written_options(options: ImportOptions) -> dict[str, Any]:
    """Return an importer's choices as they are kept with a file; not the overlap."""
    window = options.window
    return {
        "window": [window.start.isoformat(), window.end.isoformat()]
        if window
        else None,
        "complete": options.complete,
        "zone": str(options.zone or ""),
        "keep_sample": options.keep_sample,
    }


def _read(written: dict[str, Any]) -> ImportOptions:
    ends = written["window"]
    return ImportOptions(
        window=Window(*map(datetime.fromisoformat, ends)) if ends else None,
        complete=written["complete"],
        zone=zone_named(written["zone"]),
        keep_sample=written["keep_sample"],
    )
