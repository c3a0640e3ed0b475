"""Every component in every state: the page people look at when they change one."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from qa_observability.lib.trends import Change, ChangeBasis, Trend
from qa_observability.roof.components.component import (
    Component,
    ShownComponent,
    shown,
)
from qa_observability.roof.components.examples import FRAME, NOW
from qa_observability.roof.components.figures import figure_components
from qa_observability.roof.components.frames import frame_components
from qa_observability.roof.components.lists import list_components
from qa_observability.web.formats import Better

STATUSES: Final = ("critical", "warning", None, "healthy")
SYNCS: Final = ("error", "warning", None, "ok")
SEVERITIES: Final = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class ComponentsPage:
    """The marks that texts are set with, and the components in the order of the house."""

    sentence: str
    statuses: tuple[str | None, ...]
    syncs: tuple[str | None, ...]
    severities: tuple[str, ...]
    changes: tuple[tuple[Change, Better], ...]
    rates: tuple[Decimal, ...]
    components: tuple[ShownComponent, ...]


def components_page(request: HttpRequest) -> ComponentsPage:
    """Return the page; nothing of it comes from the database."""
    common: dict[str, Any] = {"now": NOW, "frame": FRAME, "section": ""}
    components = tuple(shown(each, common, request) for each in every_component())
    states = sum(len(each.states) for each in components)
    return ComponentsPage(
        sentence=_(
            "%(components)d components in %(states)d states, all of it invented."
        )
        % {"components": len(components), "states": states},
        statuses=STATUSES,
        syncs=SYNCS,
        severities=SEVERITIES,
        changes=tuple(_changes()),
        rates=(Decimal("0.2"), Decimal("0.55"), Decimal("0.91")),
        components=components,
    )


def every_component() -> Iterator[Component]:
    """Yield the components: what stands around a page, then what stands on it."""
    yield from frame_components()
    yield from figure_components()
    yield from list_components()


def _changes() -> Iterator[tuple[Change, Better]]:
    for trend in (Trend.DOWN, Trend.UP):
        for better in Better:
            yield Change(Decimal("5.2"), None, trend), better
    yield Change(Decimal("0.0"), None, Trend.NEUTRAL), Better.LOWER
    for basis in ChangeBasis:
        yield Change(None, basis, Trend.NEUTRAL), Better.LOWER
