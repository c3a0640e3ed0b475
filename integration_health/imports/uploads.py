"""Where does a file wait between preview and commit? In Django's storage, for a day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, BinaryIO, cast
from uuid import UUID

import msgspec
from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from integration_health.enums import BatchState
from integration_health.imports.history import stored_summary
from integration_health.imports.importing import actor_name, file_name, run_import
from integration_health.imports.intake import untold
from integration_health.imports.options import ImportOptions, Overlap, zone_named
from integration_health.imports.summary import ImportStatus, ImportSummary, PreviewRow
from integration_health.models import ImportBatch
from qa_observability import audit
from qa_observability.lib.errors import ApplicationError, Conflict
from qa_observability.lib.periods import Window

KEPT_FOR = timedelta(hours=24)
PROGRESS_KEPT = 24 * 60 * 60  # seconds
LONG_FILE = 8 * 1024 * 1024  # bytes; more is imported in the background


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
        options=_written(options) | {"preview": msgspec.to_builtins(rows)},
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
        waiting = _locked(batch_id, BatchState.WAITING)
        return _import_kept(waiting, overlap=overlap, by=by, now=now)


def is_long(batch_id: UUID) -> bool:
    """Tell whether a kept file is so long that its import belongs in the background."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    return batch is not None and bool(batch.upload) and batch.upload.size > LONG_FILE


def start_upload(batch_id: UUID) -> None:
    """Mark a file that waits as being imported. Raises: ``Conflict`` if it waits no more."""
    with transaction.atomic():
        batch = _locked(batch_id, BatchState.WAITING)
        batch.state, batch.error = BatchState.RUNNING, ""
        batch.save(update_fields=["state", "error"])
    cache.set(_progress_key(batch_id), 0, PROGRESS_KEPT)


def abandon_start(batch_id: UUID) -> None:
    """Let a file wait again whose import could not be started."""
    ImportBatch.objects.filter(pk=batch_id, state=BatchState.RUNNING).update(
        state=BatchState.WAITING
    )


def finish_upload(
    batch_id: UUID, *, overlap: Overlap, by: audit.Actor, now: datetime
) -> ImportSummary:
    """Import a file marked by :func:`start_upload`, telling how far it is.

    Once more after a worker's death is safe. What refuses it is kept with the file, which
    waits again. Raises as :func:`commit_upload`.
    """
    try:
        with transaction.atomic():
            running = _locked(batch_id, BatchState.RUNNING)
            return _import_kept(
                running,
                overlap=overlap,
                by=by,
                now=now,
                told=lambda rows: cache.set(
                    _progress_key(batch_id), rows, PROGRESS_KEPT
                ),
            )
    except ApplicationError as refused:
        ImportBatch.objects.filter(pk=batch_id, state=BatchState.RUNNING).update(
            state=BatchState.WAITING, error=refused.detail
        )
        raise


def rows_read_so_far(batch_id: UUID) -> int:
    """Return how many rows of a running import were read."""
    return int(cache.get(_progress_key(batch_id)) or 0)


def discard_upload(batch_id: UUID) -> None:
    """Forget a file that waits. Raises: ``Conflict`` when it waits no more."""
    with transaction.atomic():
        _discard(_locked(batch_id, BatchState.WAITING))


def remove_old_uploads(now: datetime) -> int:
    """Forget files that have waited for more than 24 hours; return how many."""
    with transaction.atomic():
        old = list(
            ImportBatch.objects.select_for_update(skip_locked=True).filter(
                state__in=(BatchState.WAITING, BatchState.RUNNING),
                created_at__lt=now - KEPT_FOR,
            )
        )
        for batch in old:
            _discard(batch)
    return len(old)


def _import_kept(
    batch: ImportBatch,
    *,
    overlap: Overlap,
    by: audit.Actor,
    now: datetime,
    told: Callable[[int], None] = untold,
) -> ImportSummary:
    options = replace(_read(batch.options), overlap=overlap)
    path, batch_id = batch.upload.name or "", batch.pk
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
    transaction.on_commit(partial(default_storage.delete, path))
    return summary


def _locked(batch_id: UUID, state: BatchState) -> ImportBatch:
    batch = (
        ImportBatch.objects.select_for_update().filter(pk=batch_id, state=state).first()
    )
    if batch is None:
        raise _gone()
    return batch


def _progress_key(batch_id: UUID) -> str:
    return f"import-progress:{batch_id}"


def _discard(batch: ImportBatch) -> None:
    transaction.on_commit(partial(default_storage.delete, batch.upload.name or ""))
    batch.delete()


def _gone() -> Conflict:
    return Conflict(
        _("This file waits no more: it is being imported, was, or was discarded."),
        code="import_not_waiting",
    )


def _written(options: ImportOptions) -> dict[str, Any]:
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
