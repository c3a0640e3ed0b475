"""What happened, where does it stand, what goes with it? One incident, put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from correlation.enums import Pattern
from correlation.pages.rows import LinkRow, case_address, link_rows
from correlation.reports.failed_before import FailedBefore, failed_before
from correlation.reports.links import links_in, shown_links
from integration_health.enums import IncidentState
from integration_health.reports.events import EventFilters, events_page
from integration_health.reports.incident_filters import IncidentFilters
from integration_health.reports.incident_times import MeanTimes, mean_times
from integration_health.reports.incidents import (
    IncidentDetail,
    TicketLink,
    incident_with_relatives,
)
from qa_observability.lib.periods import Period, Window
from qa_observability.roof.detail.events import EventsBlock, events_block
from qa_observability.roof.incidents.figures import incident_cards
from qa_observability.roof.incidents.rows import IncidentRow, incident_rows
from qa_observability.roof.incidents.words import definitions, incident_sentence
from qa_observability.roof.seen import Seen
from qa_observability.web.cards import Kpi
from qa_observability.web.keyset import read_key
from qa_observability.web.times import duration
from revenue.errors import AssumptionUnreadable
from revenue.reports.incidents import IncidentCost, incident_costs

MOST_TESTS: Final = 5
_INSTANT: Final = timedelta(microseconds=1)
_COMPARED: Final = Period.QUARTER


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; an empty ``who`` is this system."""

    at: datetime
    who: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class EarlierTest:
    """A test that failed shortly before; ``score`` (0-1) is empty without a link."""

    name: str
    href: str
    failed: FailedBefore
    lead: str


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Everything an incident's page prints; tests are None when switched off.

    ``relatives`` are the incident it repeats and those that repeat it.
    """

    item: IncidentDetail
    sentence: str
    kpis: tuple[Kpi, ...]
    facts: tuple[tuple[str, str], ...]
    can_acknowledge: bool
    can_resolve: bool
    can_assign: bool
    timeline: tuple[Entry, ...]
    tickets: tuple[TicketLink, ...]
    relatives: tuple[IncidentRow, ...]
    events: EventsBlock
    events_href: str
    earlier_tests: tuple[EarlierTest, ...] | None
    tests: tuple[LinkRow, ...] | None
    money_problem: str
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Tests:
    earlier: tuple[EarlierTest, ...]
    linked: tuple[LinkRow, ...]


def incident_page(incident_id: UUID, *, now: datetime, seen: Seen) -> IncidentPage:
    """Return the page of one incident. Under thirty queries, whatever its size.

    Raises: ``NotFound``.
    """
    item, relatives = incident_with_relatives(incident_id)
    cost, problem = _cost(item, now) if seen.money else (None, "")
    tests = _tests(item, now) if seen.tests else None
    withdrawn = item.state is IncidentState.WITHDRAWN
    return IncidentPage(
        item=item,
        sentence=incident_sentence(item, now),
        kpis=incident_cards(item, cost, _usual_times(item, now), _COMPARED),
        facts=_facts(item),
        can_acknowledge=item.state is IncidentState.OPEN,
        can_resolve=item.state in {IncidentState.OPEN, IncidentState.ACKNOWLEDGED},
        can_assign=not withdrawn,
        timeline=tuple(
            Entry(each.at, each.actor, str(each.action.label), each.text)
            for each in item.timeline
        ),
        tickets=tuple(item.ticket_links),
        relatives=incident_rows(relatives, {}),
        events=_events(item, now, seen.query),
        events_href=_events_href(item, now),
        earlier_tests=tests.earlier if tests else None,
        tests=tests.linked if tests else None,
        money_problem=problem,
        definitions=definitions(with_money=seen.money),
    )


def _cost(item: IncidentDetail, now: datetime) -> tuple[IncidentCost | None, str]:
    """Return the cost, or why nobody can say: the rest of the page stands."""
    try:
        return incident_costs([item], now=now)[item.id], ""
    except AssumptionUnreadable as unreadable:
        return None, unreadable.detail


def _usual_times(item: IncidentDetail, now: datetime) -> MeanTimes:
    """Return the mean times of the channel's incidents of the last 90 days."""
    filters = IncidentFilters(integration_id=item.integration_id)
    (usual,) = mean_times([_COMPARED.window(ending=now)], filters)
    return usual


def _facts(item: IncidentDetail) -> tuple[tuple[str, str], ...]:
    return (
        (_("State"), str(item.state.label)),
        (_("Assigned to"), item.assigned_to or _("Nobody")),
        (_("Source"), str(item.detected_by.label)),
        (_("Opened by"), str(item.origin.label)),
    )


def _events(
    item: IncidentDetail, now: datetime, query: Mapping[str, str]
) -> EventsBlock:
    """Return the events of the span."""
    filters = EventFilters(
        query["type"], query["severity"], query["source"], query["text"]
    )
    after = read_key(query["page_key"])
    page = events_page(
        item.integration_id,
        Window(item.started_at, item.ended_at + _INSTANT),
        now=now,
        filters=filters,
        after=after,
        with_total=False,
    )
    return events_block(page, filters, query, first=after is None)


def _events_href(item: IncidentDetail, now: datetime) -> str:
    """Return where the channel's events of the shortest period that reaches it are."""
    reaching = next(
        (
            period
            for period in Period
            if period.window(ending=now).start <= item.started_at
        ),
        Period.YEAR,
    )
    query = urlencode({"period": reaching.value})
    return f"/dashboard/integrations/{item.integration_id}?{query}#events"


def _tests(item: IncidentDetail, now: datetime) -> _Tests:
    """Return the tests that go with it: its channel's links, and who failed before it."""
    window = _COMPARED.window(ending=now)
    rows = list(links_in(window, integration_id=item.integration_id))
    scores = {
        row.test_case_id: row.correlation_score
        for row in rows
        if row.pattern == Pattern.PRECEDES
    }
    return _Tests(
        tuple(
            EarlierTest(
                each.test_case_name,
                case_address(each.test_case_id, _COMPARED, item.integration_id),
                each,
                duration(each.lead),
            )
            for each in failed_before(item.started_at, scores)
        ),
        link_rows(shown_links(rows[:MOST_TESTS]), _COMPARED),
    )
