"""How does one test stand to every integration, case by case?"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np
from django.utils.translation import gettext as _

from correlation.domain.matches import Matches, Outcome, matches
from correlation.domain.zones import Zone
from correlation.enums import Pattern
from correlation.models import TestCase, TestIntegrationCorrelation
from correlation.reports.explain import ScoreExplanation
from correlation.reports.feedback import Feedback, newest_feedback
from correlation.reports.links import Link, shown_link
from correlation.reports.recommendations import Recommendation, recommendations
from correlation.reports.strangers import TestEvidence, evidence_of, stranger
from correlation.reports.tags import UNTAGGED, TestTags, tags_of
from correlation.storage.evidence import read_evidence
from correlation.storage.moments import moment_of
from integration_health.models import Integration
from qa_observability.lib.errors import NotFound
from qa_observability.lib.periods import Period, Window

MOST_MATCHES = 100
FEW_MATCHES = 10  # of a pair that is no link

_NO_MOMENTS = np.array([], dtype=np.int64)
_ZONES = {
    Pattern.PRECEDES: Zone.BEFORE,
    Pattern.SIMULTANEOUS: Zone.SIMULTANEOUS,
    Pattern.FOLLOWS: Zone.AFTER,
    Pattern.NONE: Zone.BEFORE,
}


@dataclass(frozen=True, slots=True)
class Match:
    """One alarm: what became of it, and of a hit when the channel began to fail.

    ``lag_seconds`` runs from alarm to failure, negative where the channel was first.
    """

    alarm_at: datetime
    outcome: Outcome
    failed_at: datetime | None
    lag_seconds: int | None


@dataclass(frozen=True, slots=True)
class Pair(Link):
    """A link, or a pair without one, and the newest alarms behind it, newest first."""

    matches: tuple[Match, ...]
    matches_total: int


@dataclass(frozen=True, slots=True)
class TestPairsReport:
    """One test and every integration, strongest link first.

    ``explain`` holds the terms of each score, when they were asked for.
    """

    __test__ = False

    test_case_id: str
    test_case_name: str
    window: Window
    correlations: tuple[Pair, ...]
    recommendations: tuple[Recommendation, ...]
    explain: tuple[ScoreExplanation, ...] | None = None


def test_pairs_report(
    test_case_id: str, *, period: Period, now: datetime, with_money: bool
) -> TestPairsReport:
    """Return what is known of one test and every enabled integration.

    Links are those of the last refresh, and their cases are seen as of it; a pair
    without link is counted as of then too. The period chooses the money of the
    recommendations only.
    Raises: ``NotFound`` for an unknown test. Ten queries, and what money asks.
    """
    case = _known_test(test_case_id)
    rows = {
        row.integration_id: row
        for row in TestIntegrationCorrelation.objects.filter(
            test_case=case
        ).select_related("test_case", "integration")
    }
    stored = next(iter(rows.values()), None)
    evidence = read_evidence(
        until=(stored and stored.evidence_to) or now,
        window_seconds=stored.window_seconds if stored else None,
        tests=[test_case_id],
    )
    own = evidence_of(case, evidence)
    feedback = newest_feedback([test_case_id])
    tags = tags_of([test_case_id]).get(test_case_id, UNTAGGED)
    found = [
        _pair(
            case,
            integration,
            evidence.integrations.index(integration.slug),
            own=own,
            row=rows.get(integration.slug),
            feedback=feedback.get((case.pk, integration.slug)),
            tags=tags,
        )
        for integration in Integration.objects.enabled()
    ]
    found.sort(key=lambda pair: (-pair.correlation_score, pair.integration_id))
    window = period.window(ending=now)
    return TestPairsReport(
        case.pk,
        case.name,
        window,
        tuple(found),
        recommendations(found, window, with_money=with_money),
    )


def linked_pair(link: Link, now: datetime) -> Pair | None:
    """Return a link with its newest cases, seen as of the refresh that found it.

    None when its integration is switched off: nothing is read of that any more.
    Seven queries.
    """
    evidence = read_evidence(
        until=link.evidence_to or now,
        window_seconds=link.window_seconds,
        tests=[link.test_case_id],
    )
    if link.integration_id not in evidence.integrations:
        return None
    found = matches(
        evidence.groups[0].alarms.moments if evidence.groups else _NO_MOMENTS,
        evidence.observe(link.window_seconds),
        evidence.integrations.index(link.integration_id),
        _ZONES[link.pattern],
    )
    return _with_matches(link, found, MOST_MATCHES)


def _known_test(test_case_id: str) -> TestCase:
    # PostgreSQL cannot even be asked for a text with a NUL byte.
    known = None
    if "\0" not in test_case_id:
        known = TestCase.objects.filter(pk=test_case_id).first()
    if known is None:
        raise NotFound(
            _("There is no test %(id)s.") % {"id": test_case_id}, code="unknown_test"
        )
    return known


def _pair(
    case: TestCase,
    integration: Integration,
    column: int,
    *,
    own: TestEvidence,
    row: TestIntegrationCorrelation | None,
    feedback: Feedback | None,
    tags: TestTags,
) -> Pair:
    """Return the stored link, or what is counted where there is none."""
    pattern = Pattern(row.pattern) if row else Pattern.NONE
    found = matches(own.alarms.moments, own.observation, column, _ZONES[pattern])
    link = (
        shown_link(row, feedback, tags)
        if row
        else stranger(
            case,
            integration,
            column,
            evidence=own,
            found=found,
            feedback=feedback,
            tags=tags,
        )
    )
    return _with_matches(link, found, MOST_MATCHES if row else FEW_MATCHES)


def _with_matches(link: Link, found: Matches, most: int) -> Pair:
    return Pair(
        **{field.name: getattr(link, field.name) for field in fields(Link)},
        matches=tuple(_newest(found, most)),
        matches_total=len(found.moments),
    )


def _newest(found: Matches, most: int) -> Iterator[Match]:
    """Yield the newest alarms as shown, newest first."""
    for row in range(len(found.moments) - 1, -1, -1)[:most]:
        hit = bool(found.hits[row])
        yield Match(
            moment_of(int(found.moments[row])),
            found.outcomes[row],
            moment_of(int(found.starts[row])) if hit else None,
            int(found.lags[row]) if hit else None,
        )
