"""What does someone see who failed to sign in too often?"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None = None,  # noqa: ARG001
    credentials: Mapping[str, Any] | None = None,  # noqa: ARG001
) -> HttpResponse:
    """Return the 429 page django-axes shows: how long the lock holds, whom to ask."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    response = render(
        request,
        "429.html",
        {"minutes": seconds // 60, "sign_in": resolve_url(settings.LOGIN_URL)},
        status=429,
    )
    response["Retry-After"] = str(seconds)
    return response
