"""What does the inbox give to take away? Its incidents as filtered, to the last one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from integration_health.enums import IncidentState
from integration_health.reports.inbox import inbox
from qa_observability.roof.incidents.inbox import Asked, InboxPage, costs_of
from qa_observability.roof.incidents.rows import IncidentRow, incident_rows
from qa_observability.web.downloads import (
    Cell,
    Download,
    Table,
    days_of,
    filters_of,
    made_for,
)

AT_ONCE = 500


def inbox_export(
    request: HttpRequest, page: InboxPage, asked: Asked, now: datetime
) -> Download:
    """Return the incidents of the page and of those after it; money where it shows some."""
    tables = []
    if page.shows_unresolved:
        rows = (_cells(row, page.currency) for row in page.unresolved)
        tables.append(Table(_("Open"), _columns(page.currency), rows))
    if page.shows_over:
        rows = (_cells(row, page.currency) for row in _every_over(asked, now))
        tables.append(Table(page.over_title, _columns(page.currency), rows))
    return Download(
        page="incidents",
        span=asked.period.value,
        title=_("Incidents"),
        sentence=page.sentence,
        header=(
            days_of(asked.period, now),
            filters_of(
                (
                    (_("state"), asked.filters.state),
                    (_("integration"), asked.filters.integration_id),
                    (_("severity"), asked.filters.severity),
                )
            ),
            *made_for(request, now),
            (_("Note"), page.unresolved_note or _("Amounts are estimates.")),
        ),
        tables=tuple(tables),
    )


def _every_over(asked: Asked, now: datetime) -> Iterator[IncidentRow]:
    """Yield those that are over, newest first, read a page at a time while sent."""
    state = asked.filters.state or IncidentState.RESOLVED
    filters, after = replace(asked.filters, state=state), None
    while True:
        found = inbox(
            asked.period.window(ending=now), filters=filters, after=after, limit=AT_ONCE
        )
        costs, _problem = costs_of(found, now) if asked.with_money else ({}, "")
        yield from incident_rows(found.over, costs)
        after = found.next_key
        if after is None:
            return


def _columns(currency: str) -> tuple[str, ...]:
    priced = (
        (f"{_('Cost so far')} ≈ {currency}", f"{_('Per hour')} ≈ {currency}")
        if currency
        else ()
    )
    return (
        _("Started"),
        _("Last failure"),
        _("Integration"),
        _("Severity"),
        _("What failed"),
        _("Failures"),
        _("State"),
        _("Who"),
        _("Tickets"),
        *priced,
    )


def _cells(row: IncidentRow, currency: str) -> tuple[Cell, ...]:
    return (
        row.started_at,
        row.started_at + row.lasted,
        row.integration,
        row.severity,
        row.what,
        row.occurrences,
        row.state_words,
        row.who,
        ", ".join(row.tickets),
        *((row.so_far, row.per_hour) if currency else ()),
    )
