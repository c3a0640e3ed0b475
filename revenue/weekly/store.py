"""How is a report kept? As one row with page and file, and a mail for each recipient."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.template.loader import render_to_string

from qa_observability.lib.weeks import IsoWeek
from revenue.exports.weekly_pdf import weekly_pdf
from revenue.exports.weekly_sheet import weekly_sheet
from revenue.models import ReportDelivery, ReportRecipient, WeeklyReport
from revenue.reports.weekly import WeeklyContent, content_of, stored

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('weekly_reports'))"


@transaction.atomic
def store_report(
    content: WeeklyContent, *, by: str, is_scheduled: bool, send: bool
) -> WeeklyReport:
    """Keep a report as its week's next version; with ``send``, a mail to each recipient.

    The mails wait in the same transaction and leave with
    :func:`revenue.weekly.deliver.deliver_due`. Writers take turns.
    Raises: ``IntegrityError`` for a second scheduled report of one week.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    week = IsoWeek.parse(content.week)
    versions = WeeklyReport.objects.of_week(week)
    newest = versions.aggregate(newest=Max("version"))["newest"] or 0
    html, pdf = _drawn(content)
    report = WeeklyReport.objects.create(
        year=week.year,
        week=week.number,
        version=newest + 1,
        is_scheduled=is_scheduled,
        start=week.window.start,
        end=week.window.end,
        content=stored(content),
        html=html,
        pdf=pdf,
        sample=content.sample,
        created_at=content.generated_at,
        created_by=by,
    )
    if send:
        enqueue(report, content.generated_at)
    return report


def draw_again(reports: QuerySet[WeeklyReport]) -> None:
    """Make page and file anew from content that was masked; the old ones are gone."""
    for report in reports.defer("pdf", "html"):
        report.html, report.pdf = _drawn(content_of(report.content))
        report.save(update_fields=["html", "pdf"])


def enqueue(report: WeeklyReport, now: datetime) -> int:
    """Let a mail wait for each recipient who has none of this report; return how many."""
    known = {
        email.lower() for email in report.deliveries.values_list("email", flat=True)
    }
    new = [
        ReportDelivery(report=report, email=recipient.email, next_attempt_at=now)
        for recipient in ReportRecipient.objects.all()
        if recipient.email.lower() not in known
    ]
    return len(ReportDelivery.objects.bulk_create(new))


def _drawn(content: WeeklyContent) -> tuple[str, bytes]:
    """Return the page without its letterhead, and the file."""
    sheet = weekly_sheet(content, ZoneInfo(settings.REPORTING_TIME_ZONE))
    page = render_to_string("revenue/_weekly_sheet.html", {"sheet": sheet})
    file = weekly_pdf(sheet, name=sheet.title, written_at=content.generated_at)
    return page, file
