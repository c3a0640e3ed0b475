"""Who is asking? A token in the header, or the session of a signed-in person."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from qa_observability.api.throttles import seconds_to_wait
from qa_observability.models import Token
from qa_observability.tokens import note_use, token_for

KEYWORD = "Token"
LONGEST_KEY = 200
UNKNOWN_KEYS_PER_MINUTE = 60  # per address: far above a mistake, far below a search


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Token <key>``."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return the user and token; None when the header names another scheme.

        Raises: ``AuthenticationFailed`` saying what to do about a key that is
            malformed, unknown, revoked or expired, or whose user was disabled.
        """
        keyword, _blank, key = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != KEYWORD.lower():
            return None
        token = self._token(key.strip(), request)
        now = timezone.now()
        _refuse_unusable(token, now)
        note_use(token, now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return f'{KEYWORD} realm="api"'

    def _token(self, key: str, request: Request) -> Token:
        token = token_for(key) if 0 < len(key) <= LONGEST_KEY else None
        if token is None:
            address = request.META.get("REMOTE_ADDR", "")
            wait = seconds_to_wait(f"unknown-key:{address}", UNKNOWN_KEYS_PER_MINUTE)
            if wait:
                raise Throttled(wait)
            raise AuthenticationFailed(
                _("This token is not known. Check it, or ask for a new one."),
                code="unknown_token",
            )
        return token


class SessionAuthentication(authentication.SessionAuthentication):
    """The session cookie of our pages; writes need the CSRF token as well."""


def _refuse_unusable(token: Token, now: datetime) -> None:
    if not token.user.is_active:
        raise AuthenticationFailed(
            _("The user of this token is disabled."), code="user_disabled"
        )
    state = token.state(now)
    if state != "usable":
        raise AuthenticationFailed(
            _("This token is %(state)s. Ask for a new one.") % {"state": state},
            code=f"token_{state}",
        )
