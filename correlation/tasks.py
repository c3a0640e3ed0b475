"""Which jobs keep the links true?"""

from typing import Any

from celery import shared_task
from django.utils import timezone

from correlation.early_warnings import raise_early_warnings
from correlation.refresh import refresh_correlations
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
    """Derive the alarms anew and judge the links."""
    return refresh_correlations(now=timezone.now(), full=True)
