"""What did one file come to, what was refused and why, and can it be taken back?"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.enums import BatchKind, BatchState, Source
from integration_health.imports.history import ImportDetail, import_detail
from integration_health.imports.summary import RefusedRow
from integration_health.models import Integration
from integration_health.pages.addresses import events_address
from integration_health.pages.imports import ImportRow, import_row
from qa_observability.web.formats import number
from qa_observability.web.times import relative

SHOWN_REFUSALS: Final = 50


@dataclass(frozen=True, slots=True)
class KeyRow:
    """What the rows of one channel, partner or of no rule come to; rate 0 to 1."""

    name: str
    href: str
    note: str
    requests: int
    errors: int
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class ImportPage:
    """Everything the page of one import prints."""

    item: ImportDetail
    sentence: str
    row: ImportRow
    source_words: str
    shape_words: str
    cut_words: tuple[str, ...]
    keys: tuple[KeyRow, ...]
    refused: tuple[RefusedRow, ...]
    more_refused: str
    can_undo: bool
    undo_words: str

    @property
    def running(self) -> tuple[ImportRow, ...]:
        """The import itself while it runs."""
        return (self.row,) if self.row.progress else ()


def import_page(import_id: UUID, *, now: datetime) -> ImportPage:
    """Return one import. Two queries. Raises: ``NotFound``."""
    item = import_detail(import_id)
    return ImportPage(
        item=item,
        sentence=_sentence(item, now),
        row=import_row(item),
        source_words=str(Source(item.source).label),
        shape_words=str(BatchKind(item.shape).label) if item.shape else "",
        cut_words=_cut_words(item),
        keys=_keys(item),
        refused=tuple(item.rejected_rows[:SHOWN_REFUSALS]),
        more_refused=_more_refused(item),
        can_undo=item.status is BatchState.COMMITTED,
        undo_words=_undo_words(item),
    )


def _sentence(item: ImportDetail, now: datetime) -> str:
    told = {
        "file": item.file_name,
        "read": number(item.read),
        "accepted": number(item.accepted),
        "rejected": number(item.rejected),
    }
    if item.status is BatchState.RUNNING:
        return _("%(file)s is being imported.") % told
    if item.status is BatchState.WAITING:
        return _("%(file)s waits to be imported; nothing of it is stored.") % told
    if item.status is BatchState.FAILED:
        return _("%(file)s was not imported.") % told
    if item.status is BatchState.UNDONE and item.undone_at is not None:
        return _("%(file)s was taken back %(age)s; nothing of it is stored.") % (
            told | {"age": relative(item.undone_at, now)}
        )
    if item.rejected:
        return (
            _(
                "Of the %(read)s rows of %(file)s, %(accepted)s were accepted and "
                "%(rejected)s refused."
            )
            % told
        )
    return _("Of the %(read)s rows of %(file)s, %(accepted)s were accepted.") % told


def _cut_words(item: ImportDetail) -> tuple[str, ...]:
    said = (
        (item.truncated, _("the search was cut")),
        (item.incomplete, _("the file was cut")),
    )
    return tuple(words for cut, words in said if cut)


def _keys(item: ImportDetail) -> tuple[KeyRow, ...]:
    names = dict(Integration.objects.values_list("slug", "name"))
    channels = [
        KeyRow(
            name=names.get(each.integration_id, each.integration_id),
            href=events_address(each.integration_id, source=item.source)
            if each.integration_id in names
            else "",
            note="",
            requests=each.requests,
            errors=each.errors,
            rate=each.error_rate,
        )
        for each in item.integrations
    ]
    others = [
        KeyRow(each.name, "", _("not watched"), each.requests, each.errors, None)
        for each in item.others
    ]
    rest = item.unmapped
    unmatched = (
        [KeyRow(_("No rule matches"), "", "", rest.requests, rest.errors, None)]
        if rest.rows
        else []
    )
    return (*channels, *others, *unmatched)


def _more_refused(item: ImportDetail) -> str:
    if item.rejected <= SHOWN_REFUSALS:
        return ""
    return _("The first %(shown)d of %(all)s refused rows.") % {
        "shown": min(SHOWN_REFUSALS, len(item.rejected_rows)),
        "all": number(item.rejected),
    }


def _undo_words(item: ImportDetail) -> str:
    return ngettext(
        "Undo removes the events, checks and counts that its %(count)s row stored. "
        "Status, incidents and money of that time are worked out again. The file can "
        "be imported once more.",
        "Undo removes the events, checks and counts that its %(count)s rows stored. "
        "Status, incidents and money of that time are worked out again. The file can "
        "be imported once more.",
        item.accepted,
    ) % {"count": number(item.accepted)}
