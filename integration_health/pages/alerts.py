"""What wants looking at? The list of alerts, and what one may do with each."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.enums import AlertKind, Severity
from integration_health.reports.alerts import (
    AlertFilters,
    AlertItem,
    AlertState,
    alerts_page,
    unread_alerts,
)
from integration_health.reports.channels import known_integrations

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
    is_snoozed: bool
    can_act: bool
    incidents: str


@dataclass(frozen=True, slots=True)
class AlertsList:
    """Everything the page of alerts prints; the choices are values with their names."""

    sentence: str
    tabs: tuple[Tab, ...]
    rows: tuple[AlertRow, ...]
    asked: AlertFilters
    integrations: tuple[tuple[str, str], ...]
    severities: tuple[tuple[str, str], ...]
    clear: str
    empty_words: str


def alerts_list(asked: AlertFilters, *, now: datetime) -> AlertsList:
    """Return the newest hundred alerts that match, the most severe first. Four queries."""
    page = alerts_page(now=now, filters=asked, limit=MOST_ALERTS)
    names = {each.slug: each.name for each in known_integrations()}
    narrowing = ", ".join(f"{name} {value}" for name, value in filter_facts(asked))
    return AlertsList(
        sentence=_sentence(page.unread, unread_alerts(now, severity=Severity.CRITICAL)),
        tabs=tuple(_tab(replace(asked, state=each), asked) for each in AlertState),
        rows=tuple(_row(item, names, now) for item in _worst_first(page.alerts)),
        asked=asked,
        integrations=tuple(names.items()),
        severities=tuple((each.value, str(each.label)) for each in Severity),
        clear=_address(AlertFilters(asked.state)) if narrowing else "",
        empty_words=_("No alerts match: %(filters)s.") % {"filters": narrowing}
        if narrowing
        else _nothing_in(asked.state),
    )


def filter_facts(asked: AlertFilters) -> list[tuple[str, str]]:
    """Return what narrows the list beside its state: names and values, as words."""
    names = {each.slug: each.name for each in known_integrations()}
    facts = []
    if asked.integration_id:
        facts.append((_("integration"), names[asked.integration_id]))
    if asked.severity:
        facts.append((_("severity"), str(Severity(asked.severity).label)))
    return facts


def _nothing_in(state: AlertState) -> str:
    return {
        AlertState.UNREAD: _("Nothing wants reading."),
        AlertState.ALL: _(
            "No alert was ever raised. A channel that turns critical, data that go "
            "stale and a linked test that fails each raise one."
        ),
        AlertState.SNOOZED: _("No alert is snoozed."),
        AlertState.DISMISSED: _("No alert was dismissed."),
    }[state]


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


def _sentence(unread_count: int, critical: int) -> str:
    if not unread_count:
        return _("No unread alerts.")
    unread = ngettext(
        "%(count)d unread alert", "%(count)d unread alerts", unread_count
    ) % {"count": unread_count}
    if not critical:
        return f"{unread}."
    return _("%(unread)s, %(critical)d critical.") % {
        "unread": unread,
        "critical": critical,
    }


def _tab(each: AlertFilters, current: AlertFilters) -> Tab:
    return Tab(state_words(each.state), _address(each), each.state is current.state)


def _address(asked: AlertFilters) -> str:
    given = {
        "state": asked.state.value,
        "integration": asked.integration_id,
        "severity": asked.severity,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/dashboard/alerts?{query}"


def _row(item: AlertItem, names: dict[str, str], now: datetime) -> AlertRow:
    is_away = item.dismissed_at is not None
    is_snoozed = not is_away and bool(item.snoozed_until and item.snoozed_until > now)
    return AlertRow(
        item=item,
        integration=names.get(item.integration_id or "", ""),
        note=_note(item, is_snoozed=is_snoozed),
        is_unread=item.read_at is None and not is_away and not is_snoozed,
        is_snoozed=is_snoozed,
        can_act=not is_away,
        incidents=_incidents(item),
    )


def _incidents(item: AlertItem) -> str:
    if item.integration_id is None or item.kind not in _OF_FAILURES:
        return ""
    return f"/dashboard/incidents?{urlencode({'integration': item.integration_id})}"


def _note(item: AlertItem, *, is_snoozed: bool) -> str:
    if item.dismissed_at is not None:
        return _("Dismissed by %(who)s") % {"who": item.dismissed_by}
    if is_snoozed and not item.snooze_reason:
        return _("Snoozed by %(who)s") % {"who": item.snoozed_by}
    if is_snoozed:
        return _("Snoozed by %(who)s: %(why)s") % {
            "who": item.snoozed_by,
            "why": item.snooze_reason,
        }
    if item.closed_at is not None:
        return _("Over")
    return ""
