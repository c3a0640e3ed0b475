"""Lists and blocks of pages, full, filtered to nothing, and calmly empty."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from correlation.pages.rows import LinkRow
from integration_health.enums import EventType, IncidentState, Severity, Source
from integration_health.incident_forms import TicketForm
from qa_observability.roof.components.component import Component, State
from qa_observability.roof.components.examples import FRAME, NOW, PERIOD, ago
from qa_observability.roof.detail.events import Choice, EventsBlock, Run
from qa_observability.roof.incidents.rows import IncidentRow
from qa_observability.web.periods import period_words
from qa_observability.web.sorting import Order

_RUN: Final = Run(
    time_words="14:05–14:31",
    severity="high",
    type_words="Pricing sync error",
    count=42,
    message="Rate plan {id} was refused: the currency of the listing differs.",
    metadata=(("route", "/rates/{id}"), ("status", "422")),
    source_words="Pushed by API",
    in_maintenance=False,
)


def list_components() -> Iterator[Component]:
    """Yield lists of events, incidents and tests, and what stands in for them."""
    period = {"period": PERIOD, "period_words": period_words(PERIOD)}
    yield Component(
        "events",
        _("Events"),
        (
            State(_("Runs of equal events"), period | {"events": _events()}),
            State(_("Empty by filter"), period | {"events": _no_match()}),
            State(_("None at all"), period | {"events": replace(_events(), days=())}),
        ),
    )
    wrong = TicketForm({"key": "PMS-4711", "url": "tracker"}, auto_id="wrong-%s")
    yield Component(
        "field",
        _("Field of a form"),
        (
            State(
                _("As first shown"), {"field": TicketForm(auto_id="ticket-%s")["key"]}
            ),
            State(_("Wrong"), {"field": wrong["url"]}),
        ),
    )
    yield Component(
        "incidents",
        _("Incidents"),
        (
            State(_("Open and resolved"), period | {"incidents": _incidents()}),
            State(_("None at all"), period | {"incidents": ()}),
            State(
                _("With channels and money, sorted"),
                period
                | {
                    "incidents": _incidents(),
                    "with_channel": True,
                    "currency": "USD",
                    "order": Order("impact", descending=True),
                },
            ),
        ),
    )
    yield Component(
        "related_tests",
        _("Related tests"),
        (
            State(_("With their evidence"), {"tests": _tests()}),
            State(_("None at all"), {"tests": ()}),
        ),
    )
    yield from _stand_ins()


def _stand_ins() -> Iterator[Component]:
    reader = replace(FRAME, may_import=False, may_record=False)
    problem = "Revenue assumptions cannot be opened with the keys at hand."
    meaning = "The worst of all signals at the newest check."
    yield Component(
        "definitions",
        _("Definitions"),
        (State(_("Folded"), {"definitions": (("Status", meaning),)}),),
    )
    yield Component(
        "first_use",
        _("First use"),
        (
            State(_("For who may add data"), {"frame": FRAME}),
            State(_("For who may only look"), {"frame": reader}),
        ),
    )
    yield Component(
        "block_error",
        _("A part that failed"),
        (State(_("The rest of the page stands"), {"problem": problem}),),
    )
    yield Component(
        "shapes", _("Shapes of states"), (State(_("Drawn by reference"), {}),)
    )


def _events() -> EventsBlock:
    older = replace(
        _RUN,
        time_words="09:12",
        severity="medium",
        type_words="API error",
        count=1,
        message="Timeout after 30 s",
        in_maintenance=True,
    )
    return EventsBlock(
        type="",
        severity="",
        source="",
        text="",
        types=tuple(Choice(each.value, str(each.label)) for each in EventType),
        severities=tuple(Choice(each.value, str(each.label)) for each in Severity),
        sources=tuple(Choice(each.value, str(each.label)) for each in Source),
        days=((NOW.date(), (_RUN,)), (ago(days=1).date(), (older,))),
        total_words="About 43 events in this period",
        filter_words="",
        newest="",
        older="#component-events",
    )


def _no_match() -> EventsBlock:
    return replace(
        _events(),
        severity="low",
        days=(),
        total_words="",
        filter_words="No events match: severity Low.",
        older="",
    )


def _incidents() -> tuple[IncidentRow, ...]:
    going_on = IncidentRow(
        id=UUID(int=1),
        href="#component-incidents",
        integration="Airbnb",
        integration_id="airbnb",
        started_at=ago(hours=2, minutes=10),
        lasted=timedelta(hours=2, minutes=10),
        severity="critical",
        what="Pricing sync error",
        occurrences=1280,
        state=IncidentState.OPEN,
        state_words="Open",
        who="",
        tickets=(),
        so_far=Decimal("575.50"),
        per_hour=Decimal("265.62"),
    )
    over = replace(
        going_on,
        started_at=ago(days=4),
        lasted=timedelta(minutes=35),
        severity="high",
        occurrences=12,
        state=IncidentState.RESOLVED,
        state_words="Resolved",
        who="ada",
        tickets=("PMS-4711",),
        so_far=None,
        per_hour=None,
    )
    return going_on, over


def _tests() -> tuple[LinkRow, ...]:
    strong = LinkRow(
        test="Booking flow",
        integration="Airbnb",
        integration_id="airbnb",
        score=Decimal("0.91"),
        strength_words="High",
        pattern_words="fails before",
        confidence=Decimal("0.97"),
        evidence="10 of 11, median 38 min before",
        sentence="When this test failed, Airbnb failed within 1 h in 10 of 11 cases.",
        tags=(),
        href="#component-related_tests",
    )
    weak = replace(
        strong,
        test="Calendar export of a listing with a very long name that has to wrap",
        score=Decimal("0.52"),
        strength_words="Medium",
        pattern_words="fails with it",
        evidence="4 of 6",
        tags=("preliminary", "flaky"),
    )
    return strong, weak
