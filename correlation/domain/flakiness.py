"""Is a test flaky? It fails for reasons of its own, and its history shows it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

RUNS_LOOKED_AT = 100
FEWEST_RUNS = 10
FEWEST_TURNS = 3  # passes and failures each, before alternating means anything
MOSTLY_ALONE = 0.75


class FlakyReason(StrEnum):
    """Which part of the definition holds."""

    SAME_REVISION = "same_revision"
    ALTERNATES = "alternates"


@dataclass(frozen=True, slots=True)
class TestRun:
    """One run that passed or failed; ``revision`` is empty where nobody said it.

    ``retried`` means that it failed at first and passed in the end.
    """

    __test__ = False

    failed: bool
    revision: str = ""
    retried: bool = False


def flaky_reason(runs: Sequence[TestRun]) -> FlakyReason | None:
    """Return why a test is flaky, or ``None``.

    ``runs`` are in the order of time, skipped ones left out; the last 100 count, and
    under 10 nothing is said. Flaky is a test that passed and failed on one revision, or
    that alternates: at least 3 failures and 3 passes, and the outcome changed at least
    three quarters as often as it could have with so many of each. Failures that come in
    rows, as a broken channel makes them, are not flaky.
    Source: DESIGN section 6, "Flaky".
    """
    recent = runs[-RUNS_LOOKED_AT:]
    if len(recent) < FEWEST_RUNS:
        return None
    if _differs_on_one_revision(recent):
        return FlakyReason.SAME_REVISION
    return FlakyReason.ALTERNATES if _alternates(recent) else None


def is_always_failing(runs: Sequence[TestRun]) -> bool:
    """Return whether all of the last 100 runs failed, of at least 10."""
    recent = runs[-RUNS_LOOKED_AT:]
    return len(recent) >= FEWEST_RUNS and all(run.failed for run in recent)


def _differs_on_one_revision(runs: Iterable[TestRun]) -> bool:
    outcomes: defaultdict[str, set[bool]] = defaultdict(set)
    for run in runs:
        if run.retried:
            return True
        if run.revision:
            outcomes[run.revision].add(run.failed)
    return any(len(seen) > 1 for seen in outcomes.values())


def _alternates(runs: Sequence[TestRun]) -> bool:
    failures = sum(run.failed for run in runs)
    passes = len(runs) - failures
    rarer = min(failures, passes)
    if rarer < FEWEST_TURNS:
        return False
    changes = sum(one.failed != other.failed for one, other in pairwise(runs))
    most = 2 * rarer - (failures == passes)
    return changes >= MOSTLY_ALONE * most
