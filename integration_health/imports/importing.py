"""How does an exported file become health? One verb for command, API, admin and sample."""

import hashlib
import re
from datetime import datetime
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from integration_health.domain.routes import UNSAFE_CHARACTERS
from integration_health.enums import Source
from integration_health.imports.batches import (
    new_batch,
    one_at_a_time,
    write_rows,
)
from integration_health.imports.decision import Decision
from integration_health.imports.effects import add_effects
from integration_health.imports.intake import Gate, Told, untold
from integration_health.imports.options import ImportOptions, Overlap
from integration_health.imports.staged import staged_export
from integration_health.imports.summary import (
    ImportStatus,
    ImportSummary,
    Notice,
    PreviewRow,
)
from integration_health.imports.undo import take_back
from integration_health.models import ImportBatch
from integration_health.rules import StoredRules
from integration_health.splunk.reader import refuse_large
from qa_observability import audit, sample_registry
from qa_observability.lib.ids import uuid7
from qa_observability.lib.periods import Window
from qa_observability.lib.scrub import scrub_text
from qa_observability.metrics.rows import count_rows

_CHUNK = 1024 * 1024
_LONGEST_NAME = 255
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)


def import_splunk_export(
    stream: BinaryIO,
    *,
    name: str,
    by: audit.Actor,
    now: datetime,
    window: Window | None = None,
    dry_run: bool = False,
    overlap: Overlap = Overlap.REFUSE,
    complete: bool = False,
    zone: ZoneInfo | None = None,
    keep_sample: bool = False,
    source: Source = Source.SPLUNK,
) -> ImportSummary:
    """Import one exported file, all or nothing, and say what it came to.

    ``stream`` is seekable and stays open. ``window`` is the traffic that statistics
    without ``_time`` describe, which they need. A dry run reads, maps and checks alike
    and stores nothing. The same rows of the same window again are a duplicate and add
    nothing; other rows of the same time are refused unless ``overlap`` is replace, which
    takes the earlier imports back. The first real import removes the sample.

    Events, snapshots, days of health and incidents follow in the same transaction.
    Statistics with ``_time`` give one event per bin and a snapshot per hour; without it,
    one of each per window. Memory is bounded whatever the size.
    Raises: ``UnreadableExport``, ``TooLarge``, ``InvalidField`` (a window missing),
        ``Conflict`` (overlap). Source: DESIGN sections 4 and 8.
    """
    options = ImportOptions(
        window=window,
        dry_run=dry_run,
        overlap=overlap,
        complete=complete,
        zone=zone,
        keep_sample=keep_sample,
        source=source,
    )
    return run_import(stream, options, name=name, by=by, now=now)[0]


def run_import(
    stream: BinaryIO,
    options: ImportOptions,
    *,
    name: str,
    by: audit.Actor,
    now: datetime,
    batch_id: UUID | None = None,
    told: Told = untold,
) -> tuple[ImportSummary, list[PreviewRow]]:
    """Import, or with a dry run only look; return the summary and the first rows.

    ``batch_id`` is the identity the import gets when it is known beforehand.
    """
    refuse_large(stream)
    sha256 = file_digest(stream)
    with transaction.atomic():
        if not options.dry_run:
            one_at_a_time()
        gate = Gate(options, StoredRules(), now, told)
        staged = staged_export(stream, gate)
        told(staged.intake.read, are_all=True)
        decision = Decision(staged, options, gate.rules.slugs, sha256)
        summary = decision.without_storing()
        if summary is None:
            summary = _commit(decision, batch_id or uuid7(), name=name, by=by, now=now)
        else:
            transaction.set_rollback(True)
    return summary, staged.intake.preview


def _commit(
    decision: Decision, batch_id: UUID, *, name: str, by: audit.Actor, now: datetime
) -> ImportSummary:
    staged, options = decision.staged, decision.options
    actor = actor_name(by)
    _remove_sample(decision, now)
    for earlier in decision.overlapped:
        take_back(earlier, by=by, now=now, reason="replaced by a later import")
    batch = new_batch(
        staged,
        options,
        key=decision.key,
        name=file_name(name),
        sha256=decision.sha256,
        actor=actor,
        truncated=decision.truncated,
        now=now,
        batch_id=batch_id,
    )
    batch.save(force_insert=True)
    write_rows(batch, staged)
    decision.notices.extend(add_effects(batch, staged.extent, now))
    summary = decision.summary(ImportStatus.COMMITTED, batch.pk)
    batch.summary = msgspec.to_builtins(summary)
    batch.created_at = now  # it came in when it was asked for, not when it was written
    batch.save(update_fields=["summary", "created_at"])
    audit.record(by, "import.committed", batch, after=_audited(batch))
    count_rows(
        "import",
        options.source,
        accepted=summary.accepted,
        duplicates=summary.duplicates,
        rejected=summary.rejected,
    )
    return summary


def file_digest(stream: BinaryIO) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _remove_sample(decision: Decision, now: datetime) -> None:
    if decision.options.removes_sample and sample_registry.any_loaded():
        sample_registry.purge_all(now)
        decision.notices.append(
            Notice("sample_removed", _("The sample data made room for real data."))
        )


def _audited(batch: ImportBatch) -> dict[str, object]:
    return {
        "file_name": batch.file_name,
        "window_start": batch.window_start,
        "window_end": batch.window_end,
        "rows_accepted": batch.rows_accepted,
    }


def actor_name(by: audit.Actor) -> str:
    """Return who is named as the importer; empty when no person acts."""
    return by.get_username() if by is not None and by.is_authenticated else ""


def file_name(name: str) -> str:
    """Return a file's name without folders, unsafe signs and persons, never empty."""
    base = scrub_text(UNSAFE_CHARACTERS.sub("", _FOLDERS.sub("", name)).strip())
    return base[-_LONGEST_NAME:] or "export"
