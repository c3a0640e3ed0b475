"""Which jobs keep the links true, and the results young?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from correlation.early_warnings import raise_early_warnings
from correlation.ingest.retention import remove_old_results
from correlation.refresh import (
    begin_full_refresh,
    count_free_parts,
    plan_refresh,
    refresh_correlations,
    run_backtest,
)
from correlation.storage.evidence_days import Part
from qa_observability.jobs import recorded

PARTS_A_TASK = 100  # channels of one day share the reading of its alarms


@shared_task
@recorded("correlation: refresh what is new")
def refresh_recent() -> dict[str, Any]:
    """Judge the links with what arrived since the last time, and warn of what they say."""
    now = timezone.now()
    return refresh_correlations(now=now) | raise_early_warnings(now=now)


@shared_task
@recorded("correlation: refresh everything")
def refresh_everything() -> dict[str, Any]:
    """Derive the alarms anew, let workers count every day, judge past days' links."""
    now = timezone.now()
    parts = begin_full_refresh(now).stale
    tasks = [parts[at : at + PARTS_A_TASK] for at in range(0, len(parts), PARTS_A_TASK)]
    for some in tasks:
        count_days.delay(some, now.isoformat())
    if not tasks:
        refresh_recent.delay()
    run_backtest(now=now)
    return {"parts": len(parts), "tasks": len(tasks)}


@shared_task
def count_days(parts: Sequence[Sequence[Any]], until: str) -> dict[str, int]:
    """Count days of channels, with however many other workers; the last one publishes.

    ``parts`` are rows of window in seconds, integration and day, as known at ``until``.
    What a worker fails to count, the next refresh counts; until then the links stay.
    """
    moment = datetime.fromisoformat(until)
    counted = count_free_parts(plan_refresh(moment), [Part(*row) for row in parts])
    if not plan_refresh(moment).stale:
        refresh_recent.delay()
    return {"parts": counted}


@shared_task
@recorded("tests: remove what is past 13 months")
def remove_old_test_results() -> dict[str, Any]:
    """Delete results that are too old to keep, with what stood on them."""
    return remove_old_results(now=timezone.now())
