"""What is a component, and how is one shown beside copies of itself?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

_ID = re.compile(r' id="([^"]+)"')
_REFERENCE = r'(?<=["# ]){}(?=[" )])'
_SHUT = re.compile(r" hidden(?=[ >])")
_WIRES = re.compile(r' (?:data|hx)-[a-z-]+(?:="[^"]*")?')
_ATTRIBUTE = re.compile(r' (?:id|for|href|fill|aria-[a-z]+)="[^"]*"')


@dataclass(frozen=True, slots=True)
class State:
    """One state of a component and what its template is given for it."""

    title: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Component:
    """One template of ``templates/components/`` with its states.

    One that waits out of sight is ``hidden``: it is shown opened and without its wires.
    States of a ``narrow`` one are shown side by side.
    """

    name: str
    title: str
    states: tuple[State, ...]
    hidden: bool = False
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class ShownState:
    """A state as drawn; ``markup`` is empty where the component shows nothing."""

    title: str
    markup: SafeString


@dataclass(frozen=True, slots=True)
class ShownComponent:
    """A component as drawn, with the anchor that leads to it."""

    name: str
    title: str
    states: tuple[ShownState, ...]
    narrow: bool


def shown(
    component: Component, common: Mapping[str, Any], request: HttpRequest
) -> ShownComponent:
    """Return a component drawn in each of its states."""
    drawn = []
    for place, state in enumerate(component.states, start=1):
        given = {**common, **state.context}
        markup = render_to_string(f"components/{component.name}.html", given, request)
        visible = opened(markup) if component.hidden else markup
        own = with_own_ids(visible.strip(), f"{component.name}-{place}")
        drawn.append(ShownState(state.title, own))
    return ShownComponent(
        component.name, component.title, tuple(drawn), component.narrow
    )


def with_own_ids(markup: str, suffix: str) -> SafeString:
    """Return markup whose ids, and the references to them, end in ``suffix``.

    An id must be the only one of its page; what is shown twice needs two.
    """
    known = _ID.findall(markup)
    if not known:
        return SafeString(markup)
    longest_first = sorted(map(re.escape, known), key=len, reverse=True)
    reference = re.compile(_REFERENCE.format(f"({'|'.join(longest_first)})"))

    def renamed(attribute: re.Match[str]) -> str:
        return reference.sub(rf"\1-{suffix}", attribute.group())

    return SafeString(_ATTRIBUTE.sub(renamed, markup))


def opened(markup: str) -> str:
    """Return markup with what is hidden shown, and without what scripts hold on to."""
    bare = _WIRES.sub("", _SHUT.sub("", markup))
    return bare.replace("<dialog ", "<dialog open ")
