"""Which jobs keep the links true, and the results young?"""

from typing import Any

from celery import shared_task
from django.utils import timezone

from correlation.early_warnings import raise_early_warnings
from correlation.ingest.retention import remove_old_results
from correlation.refresh import refresh_correlations, run_backtest
from qa_observability.jobs import recorded


@shared_task
@recorded("correlation: refresh what is new")
def refresh_recent() -> dict[str, Any]:
    """Judge the links with what arrived since the last time, and warn of what they say."""
    now = timezone.now()
    return refresh_correlations(now=now) | raise_early_warnings(now=now)


@shared_task
@recorded("correlation: refresh everything")
def refresh_everything() -> dict[str, Any]:
    """Derive the alarms anew, judge the links, and how they would have done."""
    now = timezone.now()
    summary = refresh_correlations(now=now, full=True)
    run_backtest(now=now)
    return summary


@shared_task
@recorded("tests: remove what is past 13 months")
def remove_old_test_results() -> dict[str, Any]:
    """Delete results that are too old to keep, with what stood on them."""
    return remove_old_results(now=timezone.now())
