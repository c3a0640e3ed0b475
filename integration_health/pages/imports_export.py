"""What does the list of imports give to take away? Every import of the state asked for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from integration_health.enums import BatchState, Source
from integration_health.imports.history import ImportRecord, import_records
from integration_health.pages.imports import imports_list
from qa_observability.web.downloads import (
    Cell,
    Download,
    Table,
    filters_of,
    made_for,
)

PAGE: Final = 1000


def imports_export(
    request: HttpRequest, state: BatchState | None, now: datetime
) -> Download:
    """Return the imports of a state, or all, newest first, read a page at a time."""
    return Download(
        page="imports",
        span=state.value if state else "all",
        title=_("Imports"),
        sentence=imports_list(state, after=None, now=now).sentence,
        header=(
            filters_of([(_("state"), str(state.label) if state else "")]),
            *made_for(request, now),
        ),
        tables=(
            Table(
                _("What came in"),
                (
                    _("File"),
                    _("State"),
                    _("Came in"),
                    _("By"),
                    _("Source"),
                    _("From"),
                    _("To"),
                    _("Rows read"),
                    _("Accepted"),
                    _("Refused"),
                    _("Ignored"),
                    _("Taken back"),
                ),
                _rows(state),
            ),
        ),
    )


def _rows(state: BatchState | None) -> Iterator[tuple[Cell, ...]]:
    for each in _each(state):
        yield (
            each.file_name,
            str(each.status.label),
            each.created_at,
            each.by,
            str(Source(each.source).label),
            each.window.start if each.window else None,
            each.window.end if each.window else None,
            each.read,
            each.accepted,
            each.rejected,
            each.ignored,
            each.undone_at,
        )


def _each(state: BatchState | None) -> Iterator[ImportRecord]:
    after = None
    while True:
        records = import_records(after=after, limit=PAGE, state=state)
        yield from records[:PAGE]
        if len(records) <= PAGE:
            return
        last = records[PAGE - 1]
        after = last.created_at, last.import_id
