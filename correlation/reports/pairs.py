"""How does one test stand to every integration, case by case?"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

import numpy as np
from django.utils.translation import gettext as _

from correlation.domain.alarms import Alarms
from correlation.domain.counts import count, observed_spans
from correlation.domain.matches import Matches, Outcome, matches
from correlation.domain.tails import binomial_tails
from correlation.domain.verdicts import FEWEST_TRIALS, chance_rates
from correlation.domain.zones import Zone, of_integration
from correlation.enums import LinkType, Pattern
from correlation.models import TestCase, TestIntegrationCorrelation
from correlation.reports.feedback import Feedback, newest_feedback
from correlation.reports.links import PRELIMINARY_UNDER, Link, shown_link
from correlation.reports.recommendations import Recommendation, recommendations
from correlation.reports.sentences import evidence_sentence, never_failed
from correlation.storage.evidence import Evidence, read_evidence
from correlation.storage.moments import moment_of
from integration_health.models import Integration
from qa_observability.lib.errors import NotFound
from qa_observability.lib.periods import Period, Window

MOST_MATCHES = 200
_NOTHING = Decimal("0.00")

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
    """One test and every integration, strongest link first."""

    __test__ = False

    test_case_id: str
    test_case_name: str
    window: Window
    correlations: tuple[Pair, ...]
    recommendations: tuple[Recommendation, ...]


def test_pairs_report(
    test_case_id: str, *, period: Period, now: datetime, with_money: bool
) -> TestPairsReport:
    """Return what is known of one test and every enabled integration.

    Links are those of the last refresh, and their cases are seen as of it; a pair
    without link is counted as of then too. The period chooses the money of the
    recommendations only.
    Raises: ``NotFound`` for an unknown test. Nine queries, and what money asks.
    """
    case = TestCase.objects.filter(pk=test_case_id).first()
    if case is None:
        raise NotFound(
            _("There is no test %(id)s.") % {"id": test_case_id}, code="unknown_test"
        )
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
    feedback = newest_feedback([test_case_id])
    pairs = _Pairs(case, evidence)
    found = [
        pairs.pair(
            integration,
            rows.get(integration.slug),
            feedback.get((case.pk, integration.slug)),
        )
        for integration in Integration.objects.enabled().order_by("slug")
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


class _Pairs:
    """The evidence of one test, asked integration by integration."""

    def __init__(self, case: TestCase, evidence: Evidence) -> None:
        self.case, self.evidence = case, evidence
        if evidence.groups:
            (group,) = evidence.groups
            self.alarms, self.window_seconds = group.alarms, group.window_seconds
        else:
            nothing = np.array([], dtype=np.int64)
            self.alarms = Alarms(nothing, nothing, 1)
            self.window_seconds = case.source.window_seconds
        self.start = evidence.start(self.window_seconds)
        self.counts = count(
            self.alarms,
            evidence.episodes,
            start=self.start,
            end=evidence.end,
            window_seconds=self.window_seconds,
        )
        self.single, self.observed = observed_spans(
            evidence.episodes, self.start, evidence.end, self.window_seconds
        )

    def pair(
        self,
        integration: Integration,
        row: TestIntegrationCorrelation | None,
        feedback: Feedback | None,
    ) -> Pair:
        """Return the stored link, or what is counted where there is none."""
        pattern = Pattern(row.pattern) if row else Pattern.NONE
        found = self._matches(integration.slug, _ZONES[pattern])
        link = (
            shown_link(row, feedback)
            if row
            else self._stranger(integration, found, feedback)
        )
        return Pair(
            **{field.name: getattr(link, field.name) for field in fields(link)},
            matches=tuple(_newest(found)),
            matches_total=len(found.moments),
        )

    def _matches(self, integration_id: str, zone: Zone) -> Matches:
        column = self.evidence.integrations.index(integration_id)
        return matches(
            self.alarms.moments,
            of_integration(self.single, column),
            self.observed,
            zone=zone,
            start=self.start,
            end=self.evidence.end,
            window_seconds=self.window_seconds,
        )

    def _stranger(
        self, integration: Integration, found: Matches, feedback: Feedback | None
    ) -> Link:
        """Return a pair without link: what is counted before failures."""
        at = (Zone.BEFORE, 0, self.evidence.integrations.index(integration.slug))
        trials, hits = int(self.counts.trials[at]), int(self.counts.hits[at])
        expected = float(self.counts.expected[at])
        hit_moments = found.moments[found.hits]
        return Link(
            test_case_id=self.case.pk,
            test_case_name=self.case.name,
            integration_id=integration.slug,
            integration_name=integration.name,
            correlation_score=_NOTHING,
            correlation_type=LinkType.NONE,
            pattern=Pattern.NONE,
            confidence=_NOTHING,
            last_correlated=moment_of(
                int(hit_moments[-1]) if len(hit_moments) else self.evidence.end
            ),
            trials=trials,
            hits=hits,
            expected=round(expected, 2),
            p_value=self._p_value(at),
            q_value=None,
            median_lag_seconds=found.median_lag_seconds,
            window_seconds=self.window_seconds,
            evidence_from=moment_of(self.start),
            evidence_to=moment_of(self.evidence.end),
            last_alarm_at=(
                moment_of(int(found.moments[-1])) if len(found.moments) else None
            ),
            preliminary=trials < PRELIMINARY_UNDER,
            not_enough_data=trials < FEWEST_TRIALS or not expected,
            sentence=(
                evidence_sentence(
                    Pattern.NONE,
                    integration=integration.name,
                    trials=trials,
                    hits=hits,
                    expected=expected,
                    window_seconds=self.window_seconds,
                )
                if expected
                else never_failed(integration.name)
            ),
            feedback=feedback,
        )

    def _p_value(self, at: tuple[int, int, int]) -> float:
        one = (slice(at[1], at[1] + 1), at[2])
        trials = self.counts.trials[at[0]][one]
        rate = chance_rates(trials, self.counts.expected[at[0]][one])
        return float(
            binomial_tails(self.counts.hits[at[0]][one], trials, rate).upper[0]
        )


def _newest(found: Matches) -> Iterator[Match]:
    """Yield the newest alarms as shown, newest first."""
    for row in range(len(found.moments) - 1, -1, -1)[:MOST_MATCHES]:
        hit = bool(found.hits[row])
        yield Match(
            moment_of(int(found.moments[row])),
            found.outcomes[row],
            moment_of(int(found.starts[row])) if hit else None,
            int(found.lags[row]) if hit else None,
        )
