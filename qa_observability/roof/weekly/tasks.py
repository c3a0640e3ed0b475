"""Which job writes the weekly report?"""

from celery import shared_task
from django.utils import timezone

from qa_observability.jobs import recorded
from qa_observability.roof.weekly.write import write_due_report


@shared_task
@recorded("qa_observability.write_weekly_report")
def write_weekly_report() -> dict[str, int]:
    """Write last week's report once it is due; its mails leave by their own job."""
    report = write_due_report(timezone.now())
    if report is None:
        return {"reports": 0}
    return {"reports": 1, "mails": report.deliveries.count()}
