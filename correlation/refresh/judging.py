"""Which verdicts does a body of evidence give? All tests judged together."""

from collections.abc import Iterator

from correlation.domain.counts import Counts, count
from correlation.domain.verdicts import Verdicts, judge
from correlation.storage.evidence import Evidence, TestGroup


def judged_groups(evidence: Evidence) -> Iterator[tuple[TestGroup, Verdicts]]:
    """Yield each group with its verdicts; all groups' pairs are judged together."""
    if not evidence.groups:
        return
    verdicts = judge(
        Counts.combined([counted(evidence, group) for group in evidence.groups])
    )
    first = 0
    for group in evidence.groups:
        yield group, verdicts.of_tests(slice(first, first + len(group.tests)))
        first += len(group.tests)


def counted(evidence: Evidence, group: TestGroup) -> Counts:
    """Return the counts of a group's tests and every integration."""
    return count(
        group.alarms,
        evidence.episodes,
        start=evidence.start(group.window_seconds),
        end=evidence.end,
        window_seconds=group.window_seconds,
    )
