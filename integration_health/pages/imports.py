"""Which files came in, and what became of them? The list of imports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.enums import BatchState
from integration_health.imports.history import ImportRecord, import_records
from integration_health.imports.progress import rows_read_so_far
from integration_health.models import ImportBatch
from qa_observability.web.formats import number
from qa_observability.web.keyset import Key, written_key
from qa_observability.web.times import relative

MOST_ROWS: Final = 100
_LOOKS: Final = {
    BatchState.WAITING: "warning",
    BatchState.RUNNING: "unknown",
    BatchState.COMMITTED: "healthy",
    BatchState.UNDONE: "unknown",
    BatchState.FAILED: "critical",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is, in rows; ``total`` is 0 where nobody can say of how many."""

    done: int
    total: int
    words: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import as listed; ``progress`` of one that runs.

    The three counts are None while the import is not over: nothing is stored yet.
    """

    record: ImportRecord
    href: str
    look: str
    state_words: str
    progress: Progress | None
    accepted: int | None
    refused: int | None
    ignored: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the filter by state."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ImportsList:
    """Everything the list of imports prints."""

    sentence: str
    state: str
    states: tuple[Choice, ...]
    rows: tuple[ImportRow, ...]
    running: tuple[ImportRow, ...]
    is_first_use: bool
    empty_words: str
    newest: str
    older: str


def imports_list(
    state: BatchState | None, *, after: Key | None, now: datetime
) -> ImportsList:
    """Return a page of imports, newest first. Four queries at most."""
    records = import_records(after=after, limit=MOST_ROWS, state=state)
    rows = tuple(import_row(record) for record in records[:MOST_ROWS])
    counts = dict(
        ImportBatch.objects.order_by().values_list("state").annotate(Count("pk"))
    )
    asked = {"state": state.value} if state else {}
    return ImportsList(
        sentence=" ".join(_sentences(counts, now)),
        state=state.value if state else "",
        states=tuple(Choice(each.value, str(each.label)) for each in BatchState),
        rows=rows,
        running=tuple(row for row in rows if row.progress),
        is_first_use=not counts,
        empty_words=_("No imports match: state %(state)s.") % {"state": state.label}
        if state
        else _("No older imports."),
        newest=f"?{urlencode(asked)}" if after else "",
        older=_older(rows, asked) if len(records) > MOST_ROWS else "",
    )


def import_row(record: ImportRecord) -> ImportRow:
    """Return an import as shown; of one that runs the cache is asked how far it is."""
    running = record.status is BatchState.RUNNING
    is_over = not running and record.status is not BatchState.WAITING
    return ImportRow(
        record=record,
        href=reverse("import-page", args=[record.import_id]),
        look=_LOOKS[record.status],
        state_words=str(record.status.label),
        progress=_progress(record) if running else None,
        accepted=record.accepted if is_over else None,
        refused=record.rejected if is_over else None,
        ignored=record.ignored if is_over else None,
    )


def _progress(record: ImportRecord) -> Progress:
    (done, are_all), total = rows_read_so_far(record.import_id), record.read
    told = {"done": number(done), "total": number(total)}
    if are_all:
        return Progress(
            done, 0, _("All %(done)s rows read; now they are stored") % told
        )
    if total:
        return Progress(done, total, _("%(done)s of %(total)s rows read") % told)
    return Progress(done, 0, _("%(done)s rows read") % told)


def _older(rows: Sequence[ImportRow], asked: Mapping[str, str]) -> str:
    last = rows[-1].record
    key = written_key((last.created_at, last.import_id))
    return f"?{urlencode({**asked, 'page_key': key})}"


def _sentences(counts: Mapping[str, int], now: datetime) -> Iterator[str]:
    if not counts:
        yield _("No file was imported yet.")
    if running := counts.get(BatchState.RUNNING):
        yield ngettext(
            "%(count)d import is running.", "%(count)d imports are running.", running
        ) % {"count": running}
    if waiting := counts.get(BatchState.WAITING):
        yield ngettext(
            "%(count)d file was looked at and waits to be imported.",
            "%(count)d files were looked at and wait to be imported.",
            waiting,
        ) % {"count": waiting}
    if counts and not running and not waiting:
        yield _newest(now)


def _newest(now: datetime) -> str:
    newest = (
        ImportBatch.objects.filter(state=BatchState.COMMITTED)
        .defer("summary")
        .order_by("-created_at")
        .first()
    )
    if newest is None:
        return _("No import stands: each failed or was taken back.")
    return ngettext(
        "The newest import is %(file)s, %(age)s: %(count)s row accepted.",
        "The newest import is %(file)s, %(age)s: %(count)s rows accepted.",
        newest.rows_accepted,
    ) % {
        "file": newest.file_name,
        "age": relative(newest.created_at, now),
        "count": number(newest.rows_accepted),
    }
