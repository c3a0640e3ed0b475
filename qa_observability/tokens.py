"""How do machines get in? Tokens issued, found and revoked."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from qa_observability.audit import Actor, record
from qa_observability.models import Token

KEY_MARK = "qa_"  # lets secret scanners recognise a leaked key
RANDOM_BYTES = 32
PREFIX_LENGTH = 8
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token and its key, which is nowhere else and cannot be shown again."""

    token: Token
    key: str


@transaction.atomic
def issue_token(
    user: User,
    scopes: Collection[str],
    *,
    name: str,
    by: Actor,
    now: datetime,
    expires_at: datetime | None = None,
) -> IssuedToken:
    """Create a token of ``user`` and note in the audit trail who did.

    Range: ``scopes`` are one or more of ``read``, ``ingest``, ``admin``; the database
        refuses others. ``expires_at`` None means never.
    """
    key = KEY_MARK + secrets.token_urlsafe(RANDOM_BYTES)
    token = Token.objects.create(
        name=name,
        user=user,
        digest=digest_of(key),
        prefix=prefix_of(key),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=expires_at,
    )
    record(by, "token.issued", token, after=_described(token))
    return IssuedToken(token, key)


@transaction.atomic
def revoke_token(token: Token, *, by: Actor, now: datetime) -> None:
    """Make a token useless at once and for good; revoking it again changes nothing."""
    changed = Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    if changed:
        before = _described(token)
        token.revoked_at = now
        record(by, "token.revoked", token, before=before, after=_described(token))


def token_for(key: str) -> Token | None:
    """Return the token of a key, usable or not, with its user; None if unknown."""
    return Token.objects.select_related("user").filter(digest=digest_of(key)).first()


def note_use(token: Token, now: datetime) -> None:
    """Remember when a token was last used, writing at most once a minute.

    A use noted by a clock that was ahead is corrected.
    """
    last = token.last_used_at
    if last is None or abs(now - last) >= USE_IS_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def prefix_of(key: str) -> str:
    """Return the first signs of a key, by which people know a token; 8 of them."""
    return key.removeprefix(KEY_MARK)[:PREFIX_LENGTH]


def digest_of(key: str) -> str:
    """Return what is stored instead of the key: SHA-256, 64 hex digits."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _described(token: Token) -> dict[str, object]:
    return {
        "name": token.name,
        "user": token.user.get_username(),
        "scopes": token.scopes,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }
