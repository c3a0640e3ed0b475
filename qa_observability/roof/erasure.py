"""What do we hold about a person, and how does it go? Looked at first, then erased at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from axes.models import AccessAttempt, AccessBase, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

import correlation.erasure
import integration_health.erasure
import revenue.erasure
from qa_observability import audit
from qa_observability.erasure import Fate, Place, delete_rows, excerpts
from qa_observability.lib.errors import InvalidField
from qa_observability.lib.subjects import UnusableToken, checked_token, without_token
from qa_observability.models import AuditEntry, JobRun, Token

SHOWN = 20
_PERSON = ("username", "email", "first_name", "last_name")
_ATTEMPT = ("username", "ip_address", "user_agent", "path_info")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row that names the person: its id and the columns searched."""

    id: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """How many rows of one place name the person, and what erasure does with them."""

    place: str
    fate: Fate
    count: int
    rows: tuple[FoundRow, ...]


@dataclass(frozen=True, slots=True)
class SubjectReport:
    """All that is held about one token, by place; ``erased`` once it is gone."""

    erased: bool
    places: tuple[FoundPlace, ...]

    @property
    def total(self) -> int:
        """Rows that erasure deletes or masks."""
        return sum(each.count for each in self.places if each.fate is not Fate.KEEP)


def find_subject(text: str, *, limit: int | None = SHOWN) -> SubjectReport:
    """Return what is held about a token; at most ``limit`` rows a place, None for all.

    Raises: ``InvalidField`` for a token that would find nothing or everything.
    """
    token = _token(text)
    found = (_found(place, token, limit) for place in _places())
    return SubjectReport(erased=False, places=tuple(each for each in found if each))


def export_subject(text: str, *, by: User | None) -> SubjectReport:
    """Return all that is held about a token, every row, and note that it was handed out.

    Raises: ``InvalidField`` as :func:`find_subject` does.
    """
    report = find_subject(text, limit=None)
    audit.record(
        by,
        "subject.exported",
        "subject",
        after=_for_the_trail(_token(text), report.places),
    )
    return report


def erase_subject(
    text: str, *, by: User | None, now: datetime, reason: str = ""
) -> SubjectReport:
    """Delete or mask all that names a token, in one transaction; return what there was.

    Earlier entries of the audit trail stay, the name masked in them. The new one gets the
    counts and a keyed hash, never the token: the same token asked for again can be
    recognised, and cannot be guessed from the trail alone.
    Raises: ``InvalidField`` as :func:`find_subject` does.
    """
    token = _token(text)
    with transaction.atomic(), audit.names_maskable():
        erased = tuple(
            FoundPlace(place.name, place.fate, count, ())
            for place in _places()
            if (count := _count_erased(place, token, now))
        )
        audit.record(
            by,
            "subject.erased",
            "subject",
            after=_for_the_trail(token, erased),
            reason=without_token(reason, token),
        )
    return SubjectReport(erased=True, places=erased)


def fingerprint_of(token: str) -> str:
    """Return the keyed hash under which the trail knows a token, in any case."""
    return salted_hmac("qa.subject", token.lower(), algorithm="sha256").hexdigest()


def _for_the_trail(token: str, places: Iterable[FoundPlace]) -> dict[str, Any]:
    return {
        "subject": fingerprint_of(token),
        **{each.place: each.count for each in places},
    }


def _count_erased(place: Place, token: str, now: datetime) -> int:
    if place.fate is Fate.KEEP:
        return place.naming(token).count()
    return place.erase(token, now)


def _found(place: Place, token: str, limit: int | None) -> FoundPlace | None:
    rows = place.naming(token)
    count = rows.count()
    if not count:
        return None
    shown = islice(rows.iterator(), limit)
    return FoundPlace(
        place.name,
        place.fate,
        count,
        tuple(FoundRow(str(row.pk), excerpts(row, place.columns)) for row in shown),
    )


def _places() -> Iterator[Place]:
    yield from integration_health.erasure.places()
    yield from correlation.erasure.places()
    yield from revenue.erasure.places()
    yield from _places_of_people()
    yield Place(_("Names of API tokens"), Token.objects.all(), ("name",), Fate.MASK)
    yield Place(
        _("Runs of background jobs"),
        JobRun.objects.all(),
        ("counts", "error"),
        Fate.MASK,
    )
    yield Place(
        _("History of the admin"),
        LogEntry.objects.all(),
        ("object_id", "object_repr", "change_message"),
        Fate.MASK,
    )
    yield Place(
        _("Audit trail"),
        AuditEntry.objects.all(),
        ("actor_name", "target_id", "before", "after", "reason"),
        Fate.MASK,
    )


def _places_of_people() -> Iterator[Place]:
    # Whoever still works here is ended first, where people are kept: never by a search.
    in_use = User.objects.filter(is_active=True)
    yield Place(_("Accounts in use"), in_use, _PERSON, Fate.KEEP)
    ended = User.objects.filter(is_active=False)
    yield Place(_("Accounts that were ended"), ended, _PERSON, Fate.DELETE, delete_rows)
    attempts: tuple[tuple[str, type[AccessBase], tuple[str, ...]], ...] = (
        (_("Failed sign-ins"), AccessAttempt, (*_ATTEMPT, "get_data", "post_data")),
        (_("Log of failed sign-ins"), AccessFailureLog, _ATTEMPT),
        (_("Log of sign-ins"), AccessLog, _ATTEMPT),
    )
    for name, model, columns in attempts:
        rows = model._default_manager.all()
        yield Place(name, rows, columns, Fate.DELETE, delete_rows)


def _token(text: str) -> str:
    try:
        return checked_token(text)
    except UnusableToken as unusable:
        raise InvalidField.named("token", str(unusable)) from unusable
