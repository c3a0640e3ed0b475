"""Which links stand, seen from a moment? Judged from all retained evidence and stored."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from correlation.domain.zones import LONGEST_WINDOW_SECONDS, SHORTEST_WINDOW_SECONDS
from correlation.enums import Pattern
from correlation.models import TestSource
from correlation.refresh.judging import judged_groups
from correlation.refresh.links import links_of
from correlation.storage.alarms import rejudge_source
from correlation.storage.evidence import read_evidence
from correlation.storage.links import replace_links
from correlation.storage.moments import moment_of
from integration_health.incidents import sweep
from qa_observability.lib.errors import InvalidField

_ONE_AT_A_TIME = "correlation: refresh"


def refresh_correlations(
    *,
    now: datetime,
    window_seconds: int | None = None,
    full: bool = False,
    as_of: datetime | None = None,
) -> dict[str, Any]:
    """Judge every pair and make the links of the table those found; return counts.

    Incidents are looked for first in what events came in since the last sweep.
    ``window_seconds`` (300 to 259,200) judges all tests alike; left out, each has its
    source's window. ``full`` derives the alarms anew from all results first. ``as_of``
    answers as one would have at that moment: nothing later is looked at. Twice gives the
    same; two at once take turns; a failure leaves the previous answers whole.
    Raises: ``InvalidField`` for a window or a moment out of range.
    Source: DESIGN section 6.
    """
    _check(now, window_seconds, as_of)
    sweep(now)
    with transaction.atomic():
        _take_turns()
        if full:
            for source in TestSource.objects.values_list("name", flat=True):
                rejudge_source(source)
        evidence = read_evidence(until=as_of or now, window_seconds=window_seconds)
        links = [
            link
            for judged in judged_groups(evidence)
            for link in links_of(evidence.integrations, judged)
        ]
        replaced = replace_links(links)
    return {
        "as_of": iso_moment(evidence.end),
        "evidence_from": iso_moment(
            min(
                (evidence.start(group.window_seconds) for group in evidence.groups),
                default=evidence.end,
            )
        ),
        "tests": sum(len(group.tests) for group in evidence.groups),
        "integrations": len(evidence.integrations),
        "alarms": sum(len(group.alarms.moments) for group in evidence.groups),
        "incidents": len(evidence.episodes.starts),
        "links": replaced.written,
        "announcing": sum(link.pattern == Pattern.PRECEDES for link in links),
        "removed": replaced.removed,
    }


def iso_moment(seconds: int) -> str:
    """Return epoch seconds as an ISO 8601 moment in UTC."""
    return moment_of(seconds).isoformat().replace("+00:00", "Z")


def _take_turns() -> None:
    """Wait until no other refresh is under way; free again when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_ONE_AT_A_TIME]
        )


def _check(now: datetime, window_seconds: int | None, as_of: datetime | None) -> None:
    if window_seconds is not None and not (
        SHORTEST_WINDOW_SECONDS <= window_seconds <= LONGEST_WINDOW_SECONDS
    ):
        raise InvalidField.named(
            "window_seconds",
            _("must be from %(low)d (5 minutes) to %(high)d (72 hours).")
            % {"low": SHORTEST_WINDOW_SECONDS, "high": LONGEST_WINDOW_SECONDS},
            code="out_of_range",
        )
    if as_of is not None and as_of > now:
        raise InvalidField.named(
            "as_of", _("must not be in the future."), code="in_the_future"
        )
