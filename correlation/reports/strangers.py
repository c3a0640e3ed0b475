"""What can be said of a test and an integration that are not linked?"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Floats
from correlation.domain.counts import Counts, count
from correlation.domain.matches import Matches
from correlation.domain.observation import Observation
from correlation.domain.tails import binomial_tails
from correlation.domain.verdicts import FEWEST_TRIALS, chance_rates
from correlation.domain.zones import Zone
from correlation.enums import LinkType, Pattern
from correlation.models import TestCase
from correlation.reports.feedback import Feedback
from correlation.reports.links import PRELIMINARY_UNDER, Link
from correlation.reports.sentences import evidence_sentence
from correlation.reports.tags import TestTags
from correlation.storage.evidence import Evidence
from correlation.storage.moments import moment_of
from integration_health.models import Integration

_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, eq=False)
class TestEvidence:
    """The alarms of one test, held against every integration.

    ``p_values`` are those of what lies before failures, by integration.
    """

    __test__ = False

    alarms: Alarms
    observation: Observation
    counts: Counts
    p_values: Floats

    def before(self, column: int) -> tuple[int, int, float]:
        """Return trials, hits and expected hits before an integration's failures."""
        at = (Zone.BEFORE, 0, column)
        counts = self.counts
        return int(counts.trials[at]), int(counts.hits[at]), float(counts.expected[at])


def evidence_of(case: TestCase, evidence: Evidence) -> TestEvidence:
    """Return the evidence of a test, read for it alone; it may have no alarm at all."""
    if evidence.groups:
        (group,) = evidence.groups
        alarms, window_seconds = group.alarms, group.window_seconds
    else:
        nothing = np.array([], dtype=np.int64)
        alarms, window_seconds = Alarms(nothing, nothing, 1), case.source.window_seconds
    observation = evidence.observe(window_seconds)
    counts = count(alarms, observation)
    before = counts.trials[Zone.BEFORE, 0]
    rates = chance_rates(before, counts.expected[Zone.BEFORE, 0])
    tails = binomial_tails(counts.hits[Zone.BEFORE, 0], before, rates)
    return TestEvidence(alarms, observation, counts, tails.upper)


def stranger(
    case: TestCase,
    integration: Integration,
    column: int,
    *,
    evidence: TestEvidence,
    found: Matches,
    feedback: Feedback | None,
    tags: TestTags,
) -> Link:
    """Return a pair without link: what is counted before failures, and no score.

    ``found`` are its alarms before failures.
    """
    observation = evidence.observation
    trials, hits, expected = evidence.before(column)
    hit_moments = found.moments[found.hits].tolist()
    alarm_moments = found.moments.tolist()
    return Link(
        test_case_id=case.pk,
        test_case_name=case.name,
        integration_id=integration.slug,
        integration_name=integration.name,
        correlation_score=_NOTHING,
        correlation_type=LinkType.NONE,
        pattern=Pattern.NONE,
        confidence=_NOTHING,
        last_correlated=moment_of(hit_moments[-1] if hit_moments else observation.end),
        trials=trials,
        hits=hits,
        expected=round(expected, 2),
        p_value=float(evidence.p_values[column]),
        q_value=None,
        median_lag_seconds=found.median_lag_seconds,
        window_seconds=observation.window_seconds,
        evidence_from=moment_of(observation.start),
        evidence_to=moment_of(observation.end),
        last_alarm_at=moment_of(alarm_moments[-1]) if alarm_moments else None,
        preliminary=trials < PRELIMINARY_UNDER,
        not_enough_data=trials < FEWEST_TRIALS or not expected,
        sentence=evidence_sentence(
            Pattern.NONE,
            integration=integration.name,
            trials=trials,
            hits=hits,
            expected=expected,
            window_seconds=observation.window_seconds,
        ),
        feedback=feedback,
        flaky=tags.flaky,
        always_failing=tags.always_failing,
    )
