"""Until when is someone signed in? Said beforehand, and longer for whoever asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

WARNED_BEFORE: Final = timedelta(minutes=5)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """When a session ends; pages count the seconds, for their clocks may be wrong."""

    at: datetime
    seconds_left: int
    seconds_warned: int


class SignIn(LoginView):
    """GET, POST /sign-in. The session ends a fixed time later, whatever is done in it."""

    template_name = "sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in; from here on the session knows its end."""
        response = super().form_valid(form)
        _prolong(self.request)
        return response


def session_end(request: HttpRequest, now: datetime) -> SessionEnd:
    """Return when the reader's session ends, and how long before that it is said.

    Short sessions are warned of in their last fifth.
    """
    ends = request.session.get_expiry_date()
    whole = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return SessionEnd(
        ends, (ends - now) // _SECOND, min(WARNED_BEFORE, whole / 5) // _SECOND
    )


@login_required
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """POST /stay-signed-in: let the session start anew."""
    _prolong(request)
    if "HX-Request" not in request.headers:
        return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"session_end": session_end(request, timezone.now())}
    return render(request, "components/session.html", context)


def _prolong(request: HttpRequest) -> None:
    whole = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    request.session.set_expiry(timezone.now() + whole)
