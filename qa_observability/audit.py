"""Who did what to which record? The one way into the append-only trail."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.utils import timezone

from qa_observability.models import AuditEntry
from qa_observability.request_ids import current_request_id

SYSTEM = "system"  # commands and jobs act for no person

_ERASING = "SELECT set_config('qa.erasing_subject', %s, true)"  # until the commit

Actor = AbstractBaseUser | AnonymousUser | None


def record(
    actor: Actor,
    action: str,
    target: models.Model | str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write one entry in the caller's transaction: the deed and its trace agree.

    ``actor``: None when a command or job acts. ``action``: a dotted name in the past
    tense, ``token.revoked``. ``target``: the record, or a plain name for what has none.
    ``before`` and ``after``: the fields that matter, never a secret; moments, decimals
    and UUIDs become texts.
    """
    known = actor if isinstance(actor, AbstractBaseUser) else None
    return AuditEntry.objects.create(
        at=timezone.now(),
        actor_id=known.pk if known else None,
        actor_name=known.get_username() if known else SYSTEM,
        action=action,
        target_type=target if isinstance(target, str) else target._meta.label_lower,
        target_id="" if isinstance(target, str) else str(target.pk),
        before=_storable(before),
        after=_storable(after),
        reason=reason,
        request_id=current_request_id(),
    )


@contextmanager
def names_maskable() -> Iterator[None]:
    """Let the caller's transaction mask persons in the trail, and change nothing else.

    For the erasure of a subject: the entry stays, with what was done to which record and
    when; names, values and reasons in it may be rewritten.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ERASING, ["on"])
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute(_ERASING, ["off"])


def _storable(fields: Mapping[str, Any] | None) -> Any:
    return None if fields is None else msgspec.to_builtins(dict(fields), enc_hook=str)
