"""Which verdicts does a body of evidence give? All tests judged together."""

from collections.abc import Iterator
from typing import NamedTuple

from correlation.domain.counts import Counts, count
from correlation.domain.observation import Observation
from correlation.domain.verdicts import Verdicts, judge
from correlation.storage.evidence import Evidence, TestGroup


class JudgedGroup(NamedTuple):
    """The tests of one window, what was watched, and a row of verdicts per test."""

    group: TestGroup
    observation: Observation
    verdicts: Verdicts


def judged_groups(evidence: Evidence) -> Iterator[JudgedGroup]:
    """Yield each group with its verdicts; all groups' pairs are judged together."""
    if not evidence.groups:
        return
    observations = [evidence.observe(g.window_seconds) for g in evidence.groups]
    counts = [
        count(group.alarms, observation)
        for group, observation in zip(evidence.groups, observations, strict=True)
    ]
    verdicts = judge(Counts.combined(counts))
    first = 0
    for group, observation in zip(evidence.groups, observations, strict=True):
        rows = slice(first, first + len(group.tests))
        yield JudgedGroup(group, observation, verdicts.of_tests(rows))
        first = rows.stop
