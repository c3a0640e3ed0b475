from datetime import timedelta

import pytest

from revenue.models import ReportDelivery, WeeklyReport
from revenue.reports.weekly import HealthAtWriting, content_of
from revenue.weekly.store import enqueue
from tests.revenue.weekly.contents import (
    CONTENT,
    WEEK,
    WRITTEN_AT,
    content,
    keep,
    recipient,
)

pytestmark = pytest.mark.django_db


def test_a_report_is_kept_with_page_and_file():
    report = WeeklyReport.objects.get(pk=keep(is_scheduled=True).pk)

    assert (report.iso_week, report.version, report.is_scheduled) == (WEEK, 1, True)
    assert (report.start, report.end) == (WEEK.window.start, WEEK.window.end)
    assert (report.created_at, report.created_by) == (WRITTEN_AT, "ada")
    assert content_of(report.content) == CONTENT
    assert CONTENT.sentence in report.html
    assert bytes(report.pdf).startswith(b"%PDF-")
    assert ReportDelivery.objects.count() == 0


def test_what_people_typed_is_escaped_in_the_page():
    report = keep(health=HealthAtWriting(None, "<script>alert(1)</script>"))

    assert "<script" not in report.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in report.html


def test_sending_lets_one_mail_wait_for_each_recipient():
    recipient("ada@example.com"), recipient("bob@example.com")
    report = keep(send=True)

    waiting = report.deliveries.order_by("email").values_list(
        "email", "state", "attempts", "next_attempt_at"
    )
    assert list(waiting) == [
        ("ada@example.com", "waiting", 0, WRITTEN_AT),
        ("bob@example.com", "waiting", 0, WRITTEN_AT),
    ]


def test_who_has_a_mail_already_gets_no_second():
    recipient("ada@example.com")
    report = keep(send=True)
    recipient("bob@example.com")

    later = WRITTEN_AT + timedelta(hours=1)
    assert (enqueue(report, later), enqueue(report, later)) == (1, 0)


def test_a_further_report_leaves_the_first_as_it_was():
    first = keep()
    before = WeeklyReport.objects.filter(pk=first.pk).values().get()

    second = keep(sentence="Corrected.")

    assert second.version == 2
    assert WeeklyReport.objects.filter(pk=first.pk).values().get() == before
    assert content_of(second.content) == content(sentence="Corrected.")
