"""Which verdicts does a body of evidence give? All tests judged together."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from correlation.domain.counts import Counts, count
from correlation.domain.observation import Observation
from correlation.domain.verdicts import Direction, Verdicts, judge
from correlation.refresh.parts import Plan, added_up, count_parts
from correlation.storage.evidence import Evidence, TestGroup, read_group


class JudgedGroup(NamedTuple):
    """Tests of one window, what was watched, and a row of verdicts per test."""

    group: TestGroup
    observation: Observation
    verdicts: Verdicts


class Judgement(NamedTuple):
    """How many tests and alarms counted, and the groups with all that is linked."""

    tests: int
    alarms: int
    groups: Sequence[JudgedGroup]


def judged_groups(evidence: Evidence) -> Iterator[JudgedGroup]:
    """Yield each group with its verdicts; all groups' pairs are judged together."""
    observations = [evidence.observe(g.window_seconds) for g in evidence.groups]
    counts = [
        count(group.alarms, observation)
        for group, observation in zip(evidence.groups, observations, strict=True)
    ]
    verdicts = _judged_together(counts)
    yield from map(JudgedGroup, evidence.groups, observations, verdicts)


def judge_evidence(evidence: Evidence) -> Judgement:
    """Judge evidence that was read whole."""
    groups = list(judged_groups(evidence))
    counting = [
        judged.group.alarms.counting(judged.observation.observed) for judged in groups
    ]
    return Judgement(
        sum(len(np.unique(alarms.tests)) for alarms in counting),
        sum(len(alarms.moments) for alarms in counting),
        groups,
    )


def judge_parts(plan: Plan) -> Judgement:
    """Count what is stale and judge the sums; then only linked tests' alarms are read."""
    count_parts(plan, plan.stale)
    sums = [added_up(plan, layout) for layout in plan.layouts]
    verdicts = _judged_together([each.counts for each in sums])
    groups = []
    for layout, each, own in zip(plan.layouts, sums, verdicts, strict=True):
        linked = (own.direction != Direction.NONE).any(axis=1)
        group = read_group(
            layout.window_seconds, each.numbers[linked], until=plan.channels.end
        )
        groups.append(JudgedGroup(group, layout.observation, own.of_tests(linked)))
    return Judgement(
        sum(len(each.numbers) for each in sums),
        sum(each.alarms for each in sums),
        groups,
    )


def _judged_together(counts: Sequence[Counts]) -> Iterator[Verdicts]:
    """Yield the verdicts of each; as pairs of one question, not one question each."""
    if not counts:
        return
    verdicts = judge(Counts.combined(counts))
    first = 0
    for each in counts:
        last = first + each.trials.shape[1]
        yield verdicts.of_tests(slice(first, last))
        first = last
