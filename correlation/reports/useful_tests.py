"""Which tests were most useful lately? Those that announced most incidents."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from correlation.reports.cases import AnnouncingLink, announcing_links
from qa_observability.lib.periods import Window

MOST_USEFUL = 3


@dataclass(frozen=True, slots=True)
class UsefulTest:
    """A test, a channel, and how many of its incidents it announced in the window.

    ``median_lead_seconds`` runs from alarm to incident.
    """

    test_case_id: str
    test_case_name: str
    integration_id: str
    integration_name: str
    announced: int
    median_lead_seconds: int
    correlation_score: Decimal


def most_useful_tests(window: Window, *, now: datetime) -> tuple[UsefulTest, ...]:
    """Return at most three tests that announced incidents of the window, best first.

    Ranked by incidents announced, then by score; a test appears once, with its best
    channel. Nothing announced gives none.
    """
    best: dict[str, UsefulTest] = {}
    for link in announcing_links(now):
        test = _useful(link, window)
        known = best.get(link.row.test_case_id)
        if test and (known is None or _rank(test) < _rank(known)):
            best[link.row.test_case_id] = test
    return tuple(sorted(best.values(), key=_rank)[:MOST_USEFUL])


def _useful(link: AnnouncingLink, window: Window) -> UsefulTest | None:
    starts, lags = link.cases.starts[link.cases.hits], link.cases.lags[link.cases.hits]
    inside = (starts >= window.start.timestamp()) & (starts < window.end.timestamp())
    if not inside.any():
        return None
    return UsefulTest(
        link.row.test_case_id,
        link.row.test_case.name,
        link.row.integration_id,
        link.row.integration.name,
        len(np.unique(starts[inside])),
        round(float(np.median(lags[inside]))),
        link.row.correlation_score,
    )


def _rank(test: UsefulTest) -> tuple[int, Decimal, str]:
    return -test.announced, -test.correlation_score, test.test_case_id
