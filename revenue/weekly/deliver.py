"""How does a stored report reach its readers? One mail each, tried until it leaves."""

from collections import Counter
from datetime import datetime
from smtplib import SMTPException, SMTPResponseException
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from revenue.domain.retries import pause_after
from revenue.exports.weekly_sheet import weekly_sheet
from revenue.models import ReportDelivery, WeeklyReport
from revenue.reports.weekly import content_of

_DOMAIN = "qa-observability"


def deliver_due(now: datetime) -> dict[str, int]:
    """Try every mail that is due once; return how many are sent, waiting, failed.

    Each in its own transaction, its row locked: two who deliver at once share the mails.
    A process that dies between sending and noting it sends that mail again, under the
    same Message-ID.
    """
    counts: Counter[str] = Counter()
    while (state := _deliver_next(now)) is not None:
        counts[state] += 1
    return {state.value: counts[state] for state in ReportDelivery.State}


def send_again(delivery: ReportDelivery, now: datetime) -> None:
    """Let a mail that was given up wait once more, as if it had never been tried."""
    delivery.state = ReportDelivery.State.WAITING
    delivery.attempts = 0
    delivery.next_attempt_at = now
    delivery.sent_at = None
    delivery.save()


def report_message(
    report: WeeklyReport, delivery: ReportDelivery
) -> EmailMultiAlternatives:
    """Return the mail: the sheet as text, the page as it was stored, the file beside it."""
    content = content_of(report.content)
    sheet = weekly_sheet(content, ZoneInfo(settings.REPORTING_TIME_ZONE))
    context = {"sheet": sheet, "html": report.html, "address": page_address(report)}
    message = EmailMultiAlternatives(
        subject=f"{sheet.title} ({sheet.days})",  # no amounts: subjects are seen
        body=render_to_string("revenue/weekly_mail.txt", context),
        to=[delivery.email],
        headers={"Message-ID": f"<{delivery.pk}@{_DOMAIN}>"},
    )
    page = render_to_string("revenue/weekly_mail.html", context)
    message.attach_alternative(page, "text/html")
    message.attach(file_name(report), bytes(report.pdf), "application/pdf")
    return message


def page_address(report: WeeklyReport) -> str:
    """Return where this version is read; empty when nobody said where the pages are."""
    if not settings.SITE_ADDRESS:
        return ""
    path = reverse("weekly-report", args=[report.iso_week])
    return f"{settings.SITE_ADDRESS}{path}?version={report.version}"


def file_name(report: WeeklyReport) -> str:
    """Return what the report's file is called."""
    return f"qa-weekly-{report.iso_week}-v{report.version}.pdf"


@transaction.atomic
def _deliver_next(now: datetime) -> ReportDelivery.State | None:
    due = ReportDelivery.objects.due(now).select_related("report")
    delivery = due.select_for_update(skip_locked=True, of=("self",)).first()
    if delivery is None:
        return None
    delivery.attempts += 1
    try:
        report_message(delivery.report, delivery).send()
    except (SMTPException, OSError) as failure:
        _note_failure(delivery, failure, now)
    else:
        delivery.state = ReportDelivery.State.SENT
        delivery.next_attempt_at, delivery.sent_at = None, now
        delivery.last_error = ""
    delivery.save()
    return ReportDelivery.State(delivery.state)


def _note_failure(delivery: ReportDelivery, failure: Exception, now: datetime) -> None:
    """Keep the kind of failure; a server's own words may quote addresses."""
    code = failure.smtp_code if isinstance(failure, SMTPResponseException) else ""
    delivery.last_error = f"{type(failure).__name__} {code}".strip()
    pause = pause_after(delivery.attempts)
    if pause is None:
        delivery.state, delivery.next_attempt_at = ReportDelivery.State.FAILED, None
    else:
        delivery.next_attempt_at = now + pause
