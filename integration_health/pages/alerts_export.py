"""What does the page of alerts give to take away? Every alert that matches."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from integration_health.pages.alerts import alerts_list, filter_facts, state_words
from integration_health.reports.alerts import (
    AlertFilters,
    AlertItem,
    alerts_page,
)
from integration_health.reports.channels import known_integrations
from qa_observability.web.downloads import (
    Cell,
    Download,
    Table,
    filters_of,
    made_for,
)

PAGE = 1000


def alerts_export(request: HttpRequest, asked: AlertFilters, now: datetime) -> Download:
    """Return the alerts that match, the newest first, read a page at a time."""
    return Download(
        page="alerts",
        span=asked.state.value,
        title=_("Alerts"),
        sentence=alerts_list(asked, now=now).sentence,
        header=(
            filters_of([(_("state"), state_words(asked.state)), *filter_facts(asked)]),
            *made_for(request, now),
        ),
        tables=(
            Table(
                _("Alerts"),
                (
                    _("Raised"),
                    _("Severity"),
                    _("Integration"),
                    _("Title"),
                    _("Text"),
                    _("Over since"),
                    _("Read by"),
                    _("Snoozed until"),
                    _("Snoozed by"),
                    _("Dismissed by"),
                ),
                _rows(asked, now),
            ),
        ),
    )


def _rows(asked: AlertFilters, now: datetime) -> Iterator[tuple[Cell, ...]]:
    names = {each.slug: each.name for each in known_integrations()}
    for alert in _each(asked, now):
        yield (
            alert.raised_at,
            str(alert.severity.label),
            names.get(alert.integration_id or ""),
            alert.title,
            alert.body,
            alert.closed_at,
            alert.read_by,
            alert.snoozed_until,
            alert.snoozed_by,
            alert.dismissed_by,
        )


def _each(asked: AlertFilters, now: datetime) -> Iterator[AlertItem]:
    after = None
    while True:
        page = alerts_page(now=now, filters=asked, after=after, limit=PAGE)
        yield from page.alerts
        after = page.next_key
        if after is None:
            return
