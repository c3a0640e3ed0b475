"""How does a page answer? Whole, or only what a refresh swaps in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

from qa_observability.lib.periods import Period
from qa_observability.web.periods import period_choices, period_words

_BASES: Final = {
    "live": "fragment.html",
    "panel": "panel.html",
    "go-places": "panel.html",
}


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    now: datetime,
    period: Period | None = None,
) -> HttpResponse:
    """Return a page of the house, or what htmx swaps in: its live part, or a panel.

    The template extends ``base``. With a ``period`` it gets the selector's choices and
    the window. Pages show one person's view of live figures: no cache keeps them.
    """
    base = _BASES.get(request.headers.get("HX-Target", ""), "base.html")
    given: dict[str, Any] = {"now": now, "base": base, **context}
    if period is not None:
        given |= {
            "period": period,
            "periods": period_choices(),
            "period_words": period_words(period),
            "window": period.window(ending=now),
        }
    response = render(request, template, given)
    patch_vary_headers(response, ["HX-Target"])
    patch_cache_control(response, private=True, no_store=True)
    return response
