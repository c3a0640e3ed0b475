"""Which features are switched on, and what answers in place of one that is not?"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_observability.api.problems import problem_response
from qa_observability.request_ids import current_request_id

Routes = Sequence[URLPattern | URLResolver]


@dataclass(frozen=True, slots=True)
class Feature:
    """An app that can be switched off: the setting that says so, and its name."""

    setting: str
    name: Promise


FEATURES = {
    "integration_health": Feature(
        "INTEGRATION_HEALTH_ENABLED", gettext_lazy("Integration health")
    ),
    "revenue": Feature("REVENUE_IMPACT_ENABLED", gettext_lazy("Revenue impact")),
    "correlation": Feature("CORRELATION_ENABLED", gettext_lazy("Correlation")),
}


def is_enabled(app: str) -> bool:
    """Return whether an app is switched on; those without a switch always are."""
    feature = FEATURES.get(app)
    return feature is None or bool(getattr(settings, feature.setting))


def routes(module: str) -> Any:
    """Return what ``path`` takes to mount an app's routes.

    Of an app that is switched off the addresses stay, so that links can still be made,
    but each answers 404 and says why; views, schema and rights are gone.
    """
    app = module.partition(".")[0]
    return include(routes_of(app, import_module(module).urlpatterns))


def routes_of(app: str, patterns: Routes) -> Routes:
    """Return the patterns, or, while the app is off, what answers in their place."""
    return patterns if is_enabled(app) else _switched_off(patterns, app)


def _switched_off(patterns: Routes, app: str) -> Routes:
    return [
        URLPattern(pattern.pattern, switched_off, {"app": app}, pattern.name)
        if isinstance(pattern, URLPattern)
        else URLResolver(pattern.pattern, _switched_off(pattern.url_patterns, app))
        for pattern in patterns
    ]


def switched_off(request: HttpRequest, *, app: str, **_captured: Any) -> HttpResponse:
    """Answer 404, saying which feature is off: a problem in the API, else a page."""
    name = FEATURES[app].name
    if request.path.startswith("/api/"):
        detail = _("%(feature)s is switched off on this installation.")
        return problem_response(404, "feature_off", detail % {"feature": name})
    page = {"feature": name, "request_id": current_request_id()}
    return render(request, "feature_off.html", page, status=404)
