"""What does a week amount to? One frozen report from the reports of the apps."""

from datetime import datetime, timedelta
from typing import Final

from correlation.reports.useful_tests import most_useful_tests
from integration_health.reports.overview import HealthOverview, health_overview
from qa_observability.features import is_enabled
from qa_observability.lib.periods import Period
from qa_observability.lib.weeks import IsoWeek
from qa_observability.roof.changes import incident_counts, recent_changes
from qa_observability.roof.weekly.words import caveats, week_sentence
from qa_observability.sample_registry import any_loaded
from revenue.reports.impact import impact_report
from revenue.reports.weekly import (
    AnnouncingTest,
    ChangeOfWeek,
    HealthAtWriting,
    IncidentsOfWeek,
    WeeklyContent,
)

MOST_LOSSES: Final = 3
MOST_CHANGES: Final = 6
_INSTANT: Final = timedelta(microseconds=1)


def compose(week: IsoWeek, *, now: datetime) -> WeeklyContent:
    """Return the report of a complete week as it reads at ``now``.

    Money, incidents begun, tests and changes are of the week; health and open incidents
    are as they stand at ``now``. Costs as the pages these reports stand on.
    Raises: ``AssumptionUnreadable``.
    """
    window = week.window
    health = health_overview(period=Period.WEEK, now=now)
    impact = impact_report(period=Period.WEEK, now=window.end - _INSTANT)
    counts = incident_counts(window, week.previous().window)
    sample = any_loaded()
    return WeeklyContent(
        week=str(week),
        first_day=week.first_day,
        last_day=week.last_day,
        generated_at=now,
        sentence=week_sentence(impact),
        currency=impact.currency,
        health=HealthAtWriting(health.overall_health, health.overall_reason),
        revenue_at_risk=impact.revenue_at_risk,
        revenue_protected=impact.revenue_protected,
        incidents=IncidentsOfWeek(
            counts.unresolved, counts.started, counts.started_before
        ),
        losses=impact.breakdown[:MOST_LOSSES],
        tests=_tests(week, now) if is_enabled("correlation") else None,
        changes=tuple(
            ChangeOfWeek(change.at, change.text)
            for change in recent_changes(window)[:MOST_CHANGES]
        ),
        caveats=caveats(impact, health, has_sample=sample),
        sample=sample,
    )


def is_first_use(health: HealthOverview) -> bool:
    """Return whether no channel was ever checked: there is nothing to report."""
    return all(state.last_checked is None for state in health.integrations)


def _tests(week: IsoWeek, now: datetime) -> tuple[AnnouncingTest, ...]:
    return tuple(
        AnnouncingTest(
            test.test_case_name,
            test.integration_name,
            test.announced,
            test.median_lead_seconds,
            test.correlation_score,
        )
        for test in most_useful_tests(week.window, now=now)
    )
