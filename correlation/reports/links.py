"""Which tests go with which channel failures? Links as shown, strongest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from correlation.domain.flakiness import FlakyReason
from correlation.domain.verdicts import FEWEST_TRIALS
from correlation.enums import LinkType, Pattern
from correlation.models import TestIntegrationCorrelation
from correlation.reports.feedback import Feedback, newest_feedback
from correlation.reports.sentences import evidence_sentence
from correlation.reports.tags import UNTAGGED, TestTags, tags_of
from qa_observability.lib.periods import Window

PRELIMINARY_UNDER = 10

Links = QuerySet[TestIntegrationCorrelation]


@dataclass(frozen=True, slots=True)
class Link:
    """One test and one integration, with the evidence.

    Ratios are 0 to 1. ``trials`` are the cases (n), ``hits`` those followed (O),
    ``expected`` the hits by chance alone (E). ``preliminary`` under ten cases,
    ``not_enough_data`` under three. ``median_lag_seconds`` is a distance: the pattern
    says which side came first. ``q_value`` is None for a pair that is no link: it ranks a
    p-value among all those of one refresh, and of pairs without link none is kept.
    ``flaky`` and ``always_failing`` speak of the test's last 100 runs.
    """

    test_case_id: str
    test_case_name: str
    integration_id: str
    integration_name: str
    correlation_score: Decimal
    correlation_type: LinkType
    pattern: Pattern
    confidence: Decimal
    last_correlated: datetime
    trials: int
    hits: int
    expected: float
    p_value: float
    q_value: float | None
    median_lag_seconds: int | None
    window_seconds: int
    evidence_from: datetime | None
    evidence_to: datetime | None
    last_alarm_at: datetime | None
    preliminary: bool
    not_enough_data: bool
    sentence: str
    feedback: Feedback | None
    flaky: FlakyReason | None
    always_failing: bool


def links_in(
    window: Window,
    *,
    integration_id: str | None = None,
    test: str | None = None,
    min_score: Decimal = Decimal(0),
) -> Links:
    """Return the linked pairs whose test raised an alarm in the window, strongest first.

    Scores use all retained history; the window only chooses pairs. ``test`` is an id, or
    a part of a name in any case. Patterns ``none`` are left out.
    """
    rows = (
        TestIntegrationCorrelation.objects.filter(
            last_alarm_at__gte=window.start, correlation_score__gte=min_score
        )
        .exclude(pattern=Pattern.NONE)
        .select_related("test_case", "integration")
        .order_by("-correlation_score", "test_case_id", "integration_id")
    )
    if integration_id is not None:
        rows = rows.filter(integration_id=integration_id)
    if test is not None:
        rows = rows.filter(Q(test_case_id=test) | Q(test_case__name__icontains=test))
    return rows


def shown_links(rows: Iterable[TestIntegrationCorrelation]) -> tuple[Link, ...]:
    """Return rows as shown, with people's newest word and the tests' tags.

    Two queries beside the rows.
    """
    rows = list(rows)
    tests = {row.test_case_id for row in rows}
    feedback, tags = newest_feedback(tests), tags_of(tests)
    return tuple(
        shown_link(
            row,
            feedback.get((row.test_case_id, row.integration_id)),
            tags.get(row.test_case_id, UNTAGGED),
        )
        for row in rows
    )


def shown_link(
    row: TestIntegrationCorrelation, feedback: Feedback | None, tags: TestTags
) -> Link:
    """Return one row as shown."""
    pattern = Pattern(row.pattern)
    return Link(
        test_case_id=row.test_case_id,
        test_case_name=row.test_case.name,
        integration_id=row.integration_id,
        integration_name=row.integration.name,
        correlation_score=row.correlation_score,
        correlation_type=LinkType(row.correlation_type),
        pattern=pattern,
        confidence=row.confidence,
        last_correlated=row.last_correlated,
        trials=row.trials,
        hits=row.hits,
        expected=round(row.expected, 2),
        p_value=row.p_value,
        q_value=row.q_value,
        median_lag_seconds=row.median_lag_seconds,
        window_seconds=row.window_seconds,
        evidence_from=row.evidence_from,
        evidence_to=row.evidence_to,
        last_alarm_at=row.last_alarm_at,
        preliminary=row.trials < PRELIMINARY_UNDER,
        not_enough_data=row.trials < FEWEST_TRIALS,
        sentence=evidence_sentence(
            pattern,
            integration=row.integration.name,
            trials=row.trials,
            hits=row.hits,
            expected=row.expected,
            window_seconds=row.window_seconds,
        ),
        feedback=feedback,
        flaky=tags.flaky,
        always_failing=tags.always_failing,
    )
