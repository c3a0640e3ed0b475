"""What does one look at one thing say?"""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Fine; works but wants attention; does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it: empty when fine."""

    name: str
    verdict: Verdict
    detail: str
    cure: str = ""


def worst(findings: list[Finding]) -> Verdict:
    """Return the worst verdict; ``OK`` of nothing."""
    verdicts = {finding.verdict for finding in findings}
    for verdict in (Verdict.FAIL, Verdict.WARN):
        if verdict in verdicts:
            return verdict
    return Verdict.OK
