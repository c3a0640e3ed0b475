"""Which jobs does money need while nobody looks?"""

from typing import Any

from celery import shared_task
from django.utils import timezone

from qa_observability.jobs import recorded
from revenue.reports.revisions import estimate_revision
from revenue.weekly.deliver import deliver_due

JUDGE_JOB = "revenue.judge_estimate"


@shared_task
@recorded("revenue.deliver_reports")
def deliver_reports() -> dict[str, int]:
    """Send the mails of reports that are due, and again those that failed."""
    return deliver_due(timezone.now())


@shared_task
@recorded(JUDGE_JOB)
def judge_estimate() -> dict[str, Any]:
    """Compare what reports told with what their weeks came to since; for /metrics."""
    revision = estimate_revision(timezone.now())
    error = None if revision.error is None else float(revision.error)
    return {"weeks": revision.weeks, "error": error}
