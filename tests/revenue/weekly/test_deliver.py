"""Mails leave once, wait when they cannot, and are given up after a day."""

from datetime import timedelta
from smtplib import SMTPDataError, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from revenue.models import ReportDelivery
from revenue.tasks import deliver_reports
from revenue.weekly.deliver import deliver_due, report_message, send_again
from tests.revenue.weekly.contents import CONTENT, WRITTEN_AT, keep, recipient

pytestmark = pytest.mark.django_db
NOW = WRITTEN_AT
NOBODY = {"waiting": 0, "sent": 0, "failed": 0}


class BrokenBackend(EmailBackend):
    """A mail server that refuses whom it is told to, as one that is away would."""

    failures: dict[str, Exception] = {}

    def send_messages(self, messages):
        for message in messages:
            if message.to[0] in self.failures:
                raise self.failures[message.to[0]]
        return super().send_messages(messages)


@pytest.fixture
def broken(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    failures: dict[str, Exception] = {}
    monkeypatch.setattr(BrokenBackend, "failures", failures)
    return failures


def state(email):
    fields = ("state", "attempts", "last_error", "next_attempt_at", "sent_at")
    return ReportDelivery.objects.values_list(*fields).get(email=email)


def test_a_mail_carries_text_page_and_the_stored_file():
    recipient("ada@example.com")
    report = keep(send=True)

    assert deliver_due(NOW) == {"waiting": 0, "sent": 1, "failed": 0}

    (sent,) = mail.outbox
    page, kind = sent.alternatives[0]
    assert (sent.to, sent.cc, sent.bcc) == (["ada@example.com"], [], [])
    assert sent.subject == "Weekly report 2026-W47 (16 Nov – 22 Nov 2026, UTC days)"
    assert CONTENT.sentence in sent.body
    assert "Airbnb: Fee sync errors | ≈$441 | 39 % | ↑ 90.9 %, worse" in sent.body
    assert kind == "text/html"
    assert report.html in page
    assert [tuple(file) for file in sent.attachments] == [
        ("qa-weekly-2026-W47-v1.pdf", bytes(report.pdf), "application/pdf")
    ]
    assert state("ada@example.com") == ("sent", 1, "", None, NOW)


@pytest.mark.parametrize("site", ["", "https://qa.example.com"])
def test_a_mail_links_to_its_page_when_the_site_has_an_address(site, settings):
    settings.SITE_ADDRESS = site
    recipient("ada@example.com")
    report = keep(send=True)

    message = report_message(report, report.deliveries.get())

    address = f"{site}/dashboard/reports/2026-W47?version=1"
    (page, _kind) = message.alternatives[0]
    assert (f"{address}\n" in message.body) is bool(site)
    assert (f'<a href="{address}">Read it on its page</a>' in page) is bool(site)


def test_no_amount_stands_in_a_subject():
    recipient("ada@example.com")
    report = keep(send=True, sentence="About $99 at risk")

    message = report_message(report, report.deliveries.get())

    assert "$" not in message.subject


def test_a_mail_leaves_once():
    recipient("ada@example.com")
    keep(send=True)

    assert deliver_due(NOW)["sent"] == 1
    assert deliver_due(NOW + timedelta(days=9)) == NOBODY
    assert len(mail.outbox) == 1


def test_one_address_that_fails_holds_up_no_other(broken):
    recipient("ada@example.com"), recipient("bob@example.com")
    broken["ada@example.com"] = SMTPServerDisconnected("ada@example.com went away")
    keep(send=True)

    assert deliver_due(NOW) == {"waiting": 1, "sent": 1, "failed": 0}
    assert state("bob@example.com")[0] == "sent"
    assert state("ada@example.com") == (
        "waiting",
        1,
        "SMTPServerDisconnected",
        NOW + timedelta(minutes=5),
        None,
    )


@pytest.mark.parametrize(
    ("failure", "kept"),
    [
        (SMTPDataError(554, b"ada@example.com is spam"), "SMTPDataError 554"),
        (ConnectionRefusedError(111, "refused"), "ConnectionRefusedError"),
        (TimeoutError("timed out"), "TimeoutError"),
    ],
)
def test_the_kind_of_failure_is_kept_and_no_words_of_the_server(broken, failure, kept):
    recipient("ada@example.com")
    broken["ada@example.com"] = failure
    keep(send=True)

    deliver_due(NOW)

    assert state("ada@example.com")[2] == kept


def test_a_bug_is_no_mail_failure(broken):
    recipient("ada@example.com")
    broken["ada@example.com"] = ValueError("ours")
    keep(send=True)

    with pytest.raises(ValueError, match="ours"):
        deliver_due(NOW)
    assert state("ada@example.com") == ("waiting", 0, "", NOW, None)


def test_a_failed_mail_is_tried_again_when_its_pause_is_over(broken):
    recipient("ada@example.com")
    broken["ada@example.com"] = TimeoutError()
    keep(send=True)
    deliver_due(NOW)
    broken.clear()

    assert deliver_due(NOW + timedelta(minutes=4, seconds=59)) == NOBODY
    assert deliver_due(NOW + timedelta(minutes=5))["sent"] == 1
    assert len(mail.outbox) == 1
    assert state("ada@example.com")[:3] == ("sent", 2, "")


def test_after_ten_attempts_it_is_given_up_until_someone_sends_it_again(broken):
    recipient("ada@example.com")
    broken["ada@example.com"] = TimeoutError()
    keep(send=True)
    for day in range(10):
        deliver_due(NOW + timedelta(days=day))

    assert state("ada@example.com") == ("failed", 10, "TimeoutError", None, None)

    broken.clear()
    later = NOW + timedelta(days=20)
    assert deliver_due(later) == NOBODY
    send_again(ReportDelivery.objects.get(), later)
    assert deliver_due(later)["sent"] == 1


def test_a_mail_tried_twice_keeps_its_message_id(broken):
    recipient("ada@example.com")
    report = keep(send=True)
    delivery = report.deliveries.get()

    ids = {
        report_message(report, delivery).message()["Message-ID"] for _try in range(2)
    }

    assert ids == {f"<{delivery.pk}@qa-observability>"}


def test_the_job_sends_what_waits():
    recipient("ada@example.com")
    keep(send=True)

    assert deliver_reports() == {"waiting": 0, "sent": 1, "failed": 0}
