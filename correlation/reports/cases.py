"""What became of the alarms of tests that announce a channel?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from correlation.domain.matches import Matches, matches
from correlation.domain.zones import Zone
from correlation.enums import Pattern
from correlation.models import TestIntegrationCorrelation
from correlation.storage.evidence import read_evidence


@dataclass(frozen=True, slots=True)
class AnnouncingLink:
    """A link whose test fails before its integration, and the cases of its test."""

    row: TestIntegrationCorrelation
    cases: Matches


def announcing_links(now: datetime) -> Iterator[AnnouncingLink]:
    """Yield every link that announces failures, with its cases up to ``now``.

    Eight queries, however many links.
    """
    rows = list(
        TestIntegrationCorrelation.objects.filter(pattern=Pattern.PRECEDES)
        .select_related("test_case", "integration")
        .order_by("-strength", "test_case_id", "integration_id")
    )
    if not rows:
        return
    evidence = read_evidence(until=now, tests=sorted({r.test_case_id for r in rows}))
    columns = {slug: n for n, slug in enumerate(evidence.integrations)}
    for group in evidence.groups:
        observation = evidence.observe(group.window_seconds)
        number_of = {test: number for number, test in enumerate(group.tests)}
        for row in rows:
            if row.test_case_id not in number_of or row.integration_id not in columns:
                continue
            own = group.alarms.tests == number_of[row.test_case_id]
            yield AnnouncingLink(
                row,
                matches(
                    group.alarms.moments[own],
                    observation,
                    columns[row.integration_id],
                    Zone.BEFORE,
                ),
            )
