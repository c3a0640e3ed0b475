"""Which incidents want taking up, the most expensive first? The inbox, put together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from integration_health.enums import IncidentState, Severity
from integration_health.reports.channels import known_integrations
from integration_health.reports.inbox import UNRESOLVED, Inbox, inbox
from integration_health.reports.incident_filters import IncidentFilters
from integration_health.reports.incident_times import mean_times
from qa_observability.lib.periods import Period
from qa_observability.roof.incidents.figures import (
    cost_card,
    open_card,
    time_cards,
)
from qa_observability.roof.incidents.rows import IncidentRow, incident_rows
from qa_observability.roof.incidents.words import definitions, inbox_sentence
from qa_observability.web.cards import Kpi
from qa_observability.web.formats import number
from qa_observability.web.keyset import read_key, written_key
from qa_observability.web.sorting import Order, in_order
from revenue.errors import AssumptionUnreadable
from revenue.reports.incidents import IncidentCost, incident_costs

_RANKS: Final = {severity.value: rank for rank, severity in enumerate(Severity)}
SORT_KEYS: Final[Mapping[str, Callable[[IncidentRow], Any]]] = {
    "impact": lambda row: row.so_far,
    "hourly": lambda row: row.per_hour,
    "severity": lambda row: _RANKS[row.severity],
    "started": lambda row: row.started_at,
    "lasted": lambda row: row.lasted,
    "failures": lambda row: row.occurrences,
    "integration": lambda row: row.integration,
}
BY_MONEY: Final = Order("impact", descending=True)
BY_SEVERITY: Final = Order("severity", descending=True)
MONEY_KEYS: Final = frozenset({"impact", "hourly"})
SEVERITIES: Final = (Severity.HIGH, Severity.CRITICAL)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters as asked, and what they offer."""

    asked: IncidentFilters
    states: tuple[Choice, ...]
    integrations: tuple[Choice, ...]
    severities: tuple[Choice, ...]

    @property
    def is_active(self) -> bool:
        """Whether anything narrows the lists."""
        return self.asked != IncidentFilters()

    @property
    def words(self) -> str:
        """The filters in force, named."""
        chosen = (
            (self.asked.state, self.states),
            (self.asked.integration_id, self.integrations),
            (self.asked.severity, self.severities),
        )
        return ", ".join(
            choice.label
            for value, choices in chosen
            for choice in choices
            if value and choice.value == value
        )


@dataclass(frozen=True, slots=True)
class Paging:
    """Where the pages of those that are over lead; empty where there is none."""

    newest: str
    older: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Everything the inbox prints; ``currency`` is empty without the right to money.

    ``unresolved`` are ranked as asked, ``over`` newest first.
    """

    sentence: str
    kpis: tuple[Kpi, ...]
    filters: Filters
    unresolved: tuple[IncidentRow, ...]
    unresolved_note: str
    over: tuple[IncidentRow, ...]
    over_title: str
    shows_unresolved: bool
    shows_over: bool
    paging: Paging
    currency: str
    money_problem: str
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for; ``query`` is the address as read."""

    period: Period
    order: Order
    filters: IncidentFilters
    query: Mapping[str, str]
    with_money: bool


def inbox_page(asked: Asked, *, now: datetime) -> InboxPage:
    """Return the inbox. Under thirty queries, however many incidents.

    At most 200 unresolved ones are ranked, so that their order by money is whole; those
    that are over follow newest first, a page at a time.
    """
    found = inbox(
        asked.period.window(ending=now),
        filters=asked.filters,
        after=read_key(asked.query["page_key"]),
    )
    costs, problem = costs_of(found, now) if asked.with_money else ({}, "")
    currency = next((cost.currency for cost in costs.values()), "")
    rows = _by_urgency(incident_rows(found.unresolved, costs))
    by_money = in_order(rows, BY_MONEY, SORT_KEYS)
    filters = _filters(asked.filters)
    return InboxPage(
        sentence=inbox_sentence(
            by_money, found.unresolved_total, currency, is_filtered=filters.is_active
        ),
        kpis=_cards(found, by_money, currency, asked, now),
        filters=filters,
        unresolved=in_order(rows, asked.order, SORT_KEYS),
        unresolved_note=_bounded(found),
        over=incident_rows(found.over, costs),
        over_title=str(IncidentState(asked.filters.state or "resolved").label),
        shows_unresolved=asked.filters.state in {"", *UNRESOLVED},
        shows_over=asked.filters.state not in UNRESOLVED,
        paging=_paging(found, asked.query),
        currency=currency,
        money_problem=problem,
        definitions=definitions(with_money=asked.with_money),
    )


def _paging(found: Inbox, query: Mapping[str, str]) -> Paging:
    kept = {
        name: value for name, value in query.items() if name != "page_key" and value
    }
    older = urlencode(kept | {"page_key": written_key(found.next_key)})
    return Paging(
        newest=f"?{urlencode(kept)}" if query["page_key"] else "",
        older=f"?{older}" if found.next_key else "",
    )


def costs_of(found: Inbox, now: datetime) -> tuple[Mapping[UUID, IncidentCost], str]:
    """Return what incidents cost, or why nobody can say: the rest of the page stands."""
    try:
        return incident_costs((*found.unresolved, *found.over), now=now), ""
    except AssumptionUnreadable as unreadable:
        return {}, unreadable.detail


def _by_urgency(rows: tuple[IncidentRow, ...]) -> tuple[IncidentRow, ...]:
    """Return rows by severity, then the newest: the order of equals, and without money."""
    return in_order(rows, BY_SEVERITY, SORT_KEYS)


def _filters(asked: IncidentFilters) -> Filters:
    return Filters(
        asked=asked,
        states=tuple(Choice(s.value, str(s.label)) for s in IncidentState),
        integrations=tuple(
            Choice(each.slug, each.name) for each in known_integrations()
        ),
        severities=tuple(Choice(s.value, str(s.label)) for s in SEVERITIES),
    )


def _bounded(found: Inbox) -> str:
    listed, total = len(found.unresolved), found.unresolved_total
    if listed == total:
        return ""
    return _("Ranked are the newest %(listed)s of %(total)s open incidents.") % {
        "listed": number(listed),
        "total": number(total),
    }


def _cards(
    found: Inbox,
    rows: tuple[IncidentRow, ...],
    currency: str,
    asked: Asked,
    now: datetime,
) -> tuple[Kpi, ...]:
    windows = (asked.period.window(ending=now), asked.period.previous(ending=now))
    times, before = mean_times(windows, asked.filters)
    return (
        open_card(rows, found.unresolved_total),
        *((cost_card(rows, currency),) if currency else ()),
        *time_cards(times, before, asked.period),
    )
