"""How is a long file imported while nobody waits? Handed in, run by a worker, followed."""

from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, cast
from uuid import UUID

import msgspec
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from integration_health.enums import BatchKind, BatchState
from integration_health.imports.importing import actor_name, file_digest, file_name
from integration_health.imports.options import ImportOptions, Overlap, window_required
from integration_health.imports.progress import tell_rows_read
from integration_health.imports.summary import ImportStatus, ImportSummary
from integration_health.imports.uploads import (
    fail_upload,
    import_kept,
    locked_upload,
    written_options,
)
from integration_health.models import ImportBatch
from integration_health.splunk.reader import SplunkExport, refuse_large
from integration_health.splunk.rows import ParsedExport
from integration_health.splunk.stat_rows import EndpointStatRow
from qa_observability import audit
from qa_observability.lib.errors import ApplicationError

LONG_FILE = 8 * 1024 * 1024  # bytes; more is imported in the background

_ROWS_LOOKED_AT = 1_000
_HANDED_IN = "handed_in"


def is_long(batch_id: UUID) -> bool:
    """Tell whether a kept file is so long that its import belongs in the background."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    return (
        batch is not None
        and bool(batch.upload)
        and belongs_in_background(batch.upload.size)
    )


def belongs_in_background(size: int) -> bool:
    """Tell whether a file of so many bytes is too long to be waited for."""
    return size > LONG_FILE


def hand_in(
    file: BinaryIO,
    options: ImportOptions,
    *,
    name: str,
    by: audit.Actor,
) -> tuple[ImportBatch, bool]:
    """Keep a file that is to be imported at once; return it and whether it is new.

    Only its beginning is looked at. The same file with the same choices that is being
    imported already is not kept again.
    Raises: ``UnreadableExport``, ``TooLarge``, ``InvalidField`` (a window missing).
    """
    refuse_large(file)
    kind = _kind_of_beginning(file, options)
    sha256 = file_digest(file)
    choices = written_options(options) | {_HANDED_IN: True}
    running = ImportBatch.objects.filter(
        state=BatchState.RUNNING, sha256=sha256, options=choices
    ).first()
    if running is not None:
        return running, False
    batch = ImportBatch(
        kind=kind or "",
        state=BatchState.RUNNING,
        file_name=file_name(name),
        sha256=sha256,
        options=choices,
        complete=options.complete,
        source=options.source,
        actor=actor_name(by),
    )
    file.seek(0)
    batch.upload.save(f"{batch.pk}.export", File(cast("Any", file)), save=False)
    batch.save(force_insert=True)
    return batch, True


def start_upload(batch_id: UUID) -> None:
    """Mark a file that waits as being imported. Raises: ``Conflict`` if it waits no more."""
    with transaction.atomic():
        batch = locked_upload(batch_id, BatchState.WAITING)
        batch.state, batch.error = BatchState.RUNNING, ""
        batch.save(update_fields=["state", "error"])
    tell_rows_read(batch_id, 0)


def abandon_start(batch_id: UUID, reason: str = "") -> None:
    """Take back a start that no worker heard of; what was handed in has failed."""
    _refuse(batch_id, reason)


def finish_upload(
    batch_id: UUID, *, overlap: Overlap, by: audit.Actor, now: datetime
) -> ImportSummary:
    """Import a file that is marked as running, telling how far it is.

    Once more after a worker's death is safe. What refuses it is kept with the file: one
    that was looked at waits again, one that was handed in has failed; of the latter so is
    one with nothing to store. Raises as ``commit_upload``.
    """
    try:
        with transaction.atomic():
            running = locked_upload(batch_id, BatchState.RUNNING)
            summary = import_kept(
                running,
                overlap=overlap,
                by=by,
                now=now,
                told=partial(tell_rows_read, batch_id),
            )
            if summary.status is not ImportStatus.COMMITTED and _handed_in(running):
                _keep_unneeded(running, batch_id, summary)
            return summary
    except ApplicationError as refused:
        _refuse(batch_id, refused.detail)
        raise


def _kind_of_beginning(file: BinaryIO, options: ImportOptions) -> BatchKind | None:
    """Return the kind of a file by its first rows; ``None`` when they do not tell."""
    export = ParsedExport(SplunkExport(file), zone=options.zone)
    for row in islice(export.rows(), _ROWS_LOOKED_AT):
        if isinstance(row, EndpointStatRow):
            if row.bin_start is None and options.window is None:
                raise window_required()
            break
    return export.kind


def _handed_in(batch: ImportBatch) -> bool:
    return bool(batch.options.get(_HANDED_IN))


def _keep_unneeded(batch: ImportBatch, batch_id: UUID, summary: ImportSummary) -> None:
    """Keep what was said of a file that was handed in and had nothing to store."""
    told = [each.detail for each in summary.warnings if each.code == "duplicate"]
    batch.pk, batch.upload = batch_id, ""
    batch.state = BatchState.FAILED
    batch.error = " ".join(told) or _("The file has no rows to store. Nothing added.")
    batch.rows_read, batch.rows_accepted = summary.read, summary.accepted
    batch.rows_rejected, batch.rows_ignored = summary.rejected, summary.ignored
    batch.rows_duplicate = summary.duplicates
    batch.summary = msgspec.to_builtins(summary)
    batch.save(force_insert=True)


def _refuse(batch_id: UUID, reason: str) -> None:
    with transaction.atomic():
        running = (
            ImportBatch.objects.select_for_update()
            .filter(pk=batch_id, state=BatchState.RUNNING)
            .first()
        )
        if running is None:
            return
        if _handed_in(running):
            fail_upload(running, reason)
            return
        running.state, running.error = BatchState.WAITING, reason
        running.save(update_fields=["state", "error"])
