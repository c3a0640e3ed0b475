"""What wants looking at? The list of alerts, and what one may do with each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.enums import AlertKind, Severity
from integration_health.models import Integration
from integration_health.reports.alerts import (
    AlertFilters,
    AlertItem,
    AlertsPage,
    AlertState,
    alerts_page,
)

MOST_ALERTS: Final = 100
_SEVERITIES: Final = list(Severity)
_OF_FAILURES: Final = frozenset({AlertKind.CRITICAL, AlertKind.EARLY_WARNING})


@dataclass(frozen=True, slots=True)
class Tab:
    """One state to list alerts by."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as shown; ``note`` says who put it away, or when its cause was gone.

    ``incidents`` leads to the open incidents of its channel and may be empty.
    """

    item: AlertItem
    integration: str
    note: str
    is_unread: bool
    can_act: bool
    incidents: str


@dataclass(frozen=True, slots=True)
class AlertsList:
    """Everything the page of alerts prints."""

    sentence: str
    tabs: tuple[Tab, ...]
    rows: tuple[AlertRow, ...]
    empty_words: str


def alerts_list(state: AlertState, *, now: datetime) -> AlertsList:
    """Return the newest hundred alerts of a state, the most severe first. Three queries."""
    page = alerts_page(now=now, filters=AlertFilters(state), limit=MOST_ALERTS)
    names = dict(Integration.objects.values_list("slug", "name"))
    return AlertsList(
        sentence=_sentence(page),
        tabs=tuple(_tab(each, state) for each in AlertState),
        rows=tuple(_row(item, names, now) for item in _worst_first(page.alerts)),
        empty_words={
            AlertState.UNREAD: _("Nothing wants reading."),
            AlertState.ALL: _("No alert was ever raised."),
            AlertState.SNOOZED: _("No alert is snoozed."),
            AlertState.DISMISSED: _("No alert was dismissed."),
        }[state],
    )


def state_words(state: AlertState) -> str:
    """Return a state's name on its tab."""
    return {
        AlertState.ALL: _("All"),
        AlertState.UNREAD: _("Unread"),
        AlertState.SNOOZED: _("Snoozed"),
        AlertState.DISMISSED: _("Dismissed"),
    }[state]


def _worst_first(newest_first: list[AlertItem]) -> list[AlertItem]:
    return sorted(newest_first, key=lambda item: -_SEVERITIES.index(item.severity))


def _sentence(page: AlertsPage) -> str:
    if not page.unread:
        return _("No unread alerts.")
    unread = ngettext(
        "%(count)d unread alert", "%(count)d unread alerts", page.unread
    ) % {"count": page.unread}
    critical = sum(
        item.severity == Severity.CRITICAL and item.read_at is None
        for item in page.alerts
    )
    if not critical:
        return f"{unread}."
    return _("%(unread)s, %(critical)d critical.") % {
        "unread": unread,
        "critical": critical,
    }


def _tab(each: AlertState, current: AlertState) -> Tab:
    return Tab(
        state_words(each),
        f"/dashboard/alerts?{urlencode({'state': each.value})}",
        each is current,
    )


def _row(item: AlertItem, names: dict[str, str], now: datetime) -> AlertRow:
    snoozed = item.snoozed_until is not None and item.snoozed_until > now
    return AlertRow(
        item=item,
        integration=names.get(item.integration_id or "", ""),
        note=_note(item, is_snoozed=snoozed),
        is_unread=item.read_at is None and item.dismissed_at is None and not snoozed,
        can_act=item.dismissed_at is None,
        incidents=_incidents(item),
    )


def _incidents(item: AlertItem) -> str:
    if item.integration_id is None or item.kind not in _OF_FAILURES:
        return ""
    return f"/dashboard/incidents?{urlencode({'integration': item.integration_id})}"


def _note(item: AlertItem, *, is_snoozed: bool) -> str:
    if item.dismissed_at is not None:
        return _("Dismissed by %(who)s") % {"who": item.dismissed_by}
    if is_snoozed:
        return _("Snoozed by %(who)s. %(why)s") % {
            "who": item.snoozed_by,
            "why": item.snooze_reason,
        }
    if item.closed_at is not None:
        return _("Over")
    return ""
