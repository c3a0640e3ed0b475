"""Which jobs does money need while nobody looks?"""

from celery import shared_task
from django.utils import timezone

from qa_observability.jobs import recorded
from revenue.weekly.deliver import deliver_due


@shared_task
@recorded("revenue.deliver_reports")
def deliver_reports() -> dict[str, int]:
    """Send the mails of reports that are due, and again those that failed."""
    return deliver_due(timezone.now())
