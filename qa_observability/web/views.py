"""Who is reading, and how do they like it? Preferences and the theme switch."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qa_observability.models import Preference
from qa_observability.web.forms import PreferenceForm, ThemeForm
from qa_observability.web.preferences import THEME_COOKIE

_ONE_YEAR: Final = timedelta(days=365)


class SignedInRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    """GET, POST /preferences: time zone, language, theme, shortcuts."""
    stored = Preference.objects.filter(user_id=request.user.pk).first()
    preference = stored or Preference(user_id=request.user.pk)
    form = PreferenceForm(request.POST or None, instance=preference)
    if not form.is_valid():
        context = {"form": form, "now": timezone.now()}
        return render(request, "preferences.html", context)
    saved = form.save()
    with translation.override(saved.language or translation.get_language()):
        messages.success(request, _("Saved."))
    response = redirect("preferences")
    _remember_language(response, saved.language)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """POST /theme: remember the theme, for this person or for this browser."""
    form = ThemeForm(request.POST)
    back = _safe_address(request, request.POST.get("next", ""))
    if not form.is_valid():
        return HttpResponseRedirect(back)
    chosen = form.cleaned_data["theme"]
    response = HttpResponseRedirect(back)
    if request.user.is_authenticated:
        Preference.objects.update_or_create(
            user_id=request.user.pk, defaults={"theme": chosen}
        )
    _set_cookie(response, THEME_COOKIE, chosen)
    return response


def _safe_address(request: HttpRequest, address: str) -> str:
    safe = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else settings.LOGIN_REDIRECT_URL


def _remember_language(response: HttpResponse, language: str) -> None:
    if language:
        _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_ONE_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def favicon(request: HttpRequest) -> HttpResponseRedirect:  # noqa: ARG001
    """Answer browsers that ask for the icon of pages that name none: admin, API, docs."""
    return HttpResponseRedirect(static("qa/favicon-unknown.svg"))
