"""Where does a file wait between preview and commit? In Django's storage, for a day."""

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
        waiting = _waiting(batch_id)
        options = replace(_read(waiting.options), overlap=overlap)
        path = waiting.upload.name or ""
        try:
            stream = default_storage.open(path, "rb")
        except FileNotFoundError as missing:
            raise _gone() from missing
        with stream:
            waiting.delete()
            summary, _rows = run_import(
                cast("BinaryIO", stream),
                options,
                name=waiting.file_name,
                by=by,
                now=now,
                batch_id=batch_id,
            )
        transaction.on_commit(partial(default_storage.delete, path))
    return summary


def discard_upload(batch_id: UUID) -> None:
    """Forget a file that waits. Raises: ``Conflict`` when it waits no more."""
    with transaction.atomic():
        _discard(_waiting(batch_id))


def remove_old_uploads(now: datetime) -> int:
    """Forget files that have waited for more than 24 hours; return how many."""
    with transaction.atomic():
        old = list(
            ImportBatch.objects.select_for_update(skip_locked=True).filter(
                state=BatchState.WAITING, created_at__lt=now - KEPT_FOR
            )
        )
        for batch in old:
            _discard(batch)
    return len(old)


def _waiting(batch_id: UUID) -> ImportBatch:
    batch = (
        ImportBatch.objects.select_for_update()
        .filter(pk=batch_id, state=BatchState.WAITING)
        .first()
    )
    if batch is None:
        raise _gone()
    return batch


def _discard(batch: ImportBatch) -> None:
    transaction.on_commit(partial(default_storage.delete, batch.upload.name or ""))
    batch.delete()


def _gone() -> Conflict:
    return Conflict(
        _("This file waits no more: it was imported, discarded or is too old."),
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
