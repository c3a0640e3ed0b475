"""Which links stand, seen from a moment? Judged from all retained evidence and stored."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from correlation.domain.zones import LONGEST_WINDOW_SECONDS, SHORTEST_WINDOW_SECONDS
from correlation.enums import Pattern
from correlation.models import TestIntegrationCorrelation, TestSource
from correlation.refresh.judging import Judgement, judge_evidence, judge_parts
from correlation.refresh.links import links_of
from correlation.refresh.parts import Plan, plan_refresh
from correlation.storage.alarms import rejudge_source
from correlation.storage.evidence import Evidence, read_evidence
from correlation.storage.evidence_days import compact_revisions, forget_parts
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

    Incidents are looked for first in what events came in since the last sweep; then the
    days that changed are counted, and all days added up.
    ``window_seconds`` (300 to 259,200) judges all tests alike; left out, each has its
    source's window. ``full`` derives the alarms anew from all results first. ``as_of``
    answers as one would have at that moment: nothing later is looked at. Twice gives the
    same; two at once take turns; a failure leaves the previous answers whole.
    Raises: ``InvalidField`` for a window or a moment out of range.
    Source: DESIGN section 6.
    """
    _check(now, window_seconds, as_of)
    sweep(now)
    until = as_of or now
    with transaction.atomic():
        _take_turns()
        if full:
            _forget_what_was_derived()
        if window_seconds is None:
            plan = plan_refresh(until)
            channels, judgement = plan.channels, judge_parts(plan)
        else:
            channels = read_evidence(until=until, window_seconds=window_seconds)
            judgement = judge_evidence(channels)
        links = [
            link
            for judged in judgement.groups
            for link in links_of(channels.integrations, judged)
        ]
        replaced = replace_links(links)
    return _summary(channels, judgement, links) | {"removed": replaced.removed}


def begin_full_refresh(until: datetime) -> Plan:
    """Derive all alarms anew and return what is to count: all of it; no link changes.

    Count its parts with :func:`count_free_parts`, then refresh: that publishes the links
    and counts whatever is still missing.
    """
    with transaction.atomic():
        _take_turns()
        _forget_what_was_derived()
        return plan_refresh(until)


def _forget_what_was_derived() -> None:
    for source in TestSource.objects.values_list("name", flat=True):
        rejudge_source(source)
    forget_parts()
    compact_revisions()


def _summary(
    channels: Evidence, judgement: Judgement, links: list[TestIntegrationCorrelation]
) -> dict[str, Any]:
    watched = [judged.observation for judged in judgement.groups]
    return {
        "as_of": iso_moment(channels.end),
        "evidence_from": iso_moment(
            min((each.start for each in watched), default=channels.end)
        ),
        "tests": judgement.tests,
        "integrations": len(channels.integrations),
        "alarms": judgement.alarms,
        "incidents": len(channels.episodes.starts),
        "links": len(links),
        "announcing": sum(link.pattern == Pattern.PRECEDES for link in links),
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
