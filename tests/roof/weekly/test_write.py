"""From the apps' figures to a kept report: once a week by schedule, at will by hand."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from qa_observability.lib.errors import Conflict
from qa_observability.lib.periods import Period
from qa_observability.lib.weeks import last_complete_week
from qa_observability.models import AuditEntry
from qa_observability.roof.weekly.compose import compose
from qa_observability.roof.weekly.tasks import write_weekly_report
from qa_observability.roof.weekly.write import write_due_report, write_report
from qa_observability.sample_registry import purge_all
from revenue.configure import Authorship, set_assumption
from revenue.domain.assumptions import AssumptionValues
from revenue.models import ReportDelivery, ReportRecipient, WeeklyReport
from revenue.reports.impact import impact_report
from revenue.reports.weekly import content_of
from tests.pages.world import CHANNELS, all_healthy, assume, check, fail
from tests.revenue.weekly.contents import keep, recipient

pytestmark = pytest.mark.django_db
LIST = "/admin/revenue/weeklyreport/"


def week_now():
    return last_complete_week(timezone.now())


def fail_in_the_week(slug="airbnb", count=4, **kind):
    """Let failures happen in the middle of the last complete week."""
    middle = week_now().window.start + timedelta(days=3, hours=12)
    fail(slug, count, ago=timezone.now() - middle, **kind)


@pytest.fixture
def a_week(db):
    all_healthy()
    for slug in CHANNELS:
        assume(slug)
    fail_in_the_week()


def admin_client(role="Admin"):
    user = User.objects.create_user(role.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def test_a_report_tells_the_money_of_its_seven_days(a_week):
    week, now = week_now(), timezone.now()

    report = compose(week, now=now)

    money = impact_report(
        period=Period.WEEK, now=week.window.end - timedelta(microseconds=1)
    )
    assert list(money.window.days()) == list(week.window.days())
    assert report.revenue_at_risk == money.revenue_at_risk
    assert report.revenue_at_risk.value == Decimal("84.00")  # 4 x 300 x 7 %
    assert report.losses == money.breakdown[:3]
    assert report.sentence == (
        "About $84.00 at risk in this week, with too little history to compare. "
        "All of it: Airbnb, pricing sync errors."
    )
    assert (report.first_day, report.last_day) == (week.first_day, week.last_day)


def test_failures_of_the_days_around_are_of_other_weeks(a_week):
    window, now = week_now().window, timezone.now()
    fail("vrbo", ago=now - window.start + timedelta(seconds=1))
    fail("vrbo", ago=now - window.end)
    fail("hmbn", ago=now - window.start)

    report = compose(week_now(), now=now)

    assert [(row.integration_id, row.impact) for row in report.losses] == [
        ("airbnb", Decimal("84.00")),
        ("hmbn", Decimal("21.00")),
    ]


def test_a_calm_week_has_nothing_at_risk(db):
    now = timezone.now()
    ago = now - week_now().window.start - timedelta(days=1)
    check("airbnb", ago=ago, error_rate=Decimal("0.004"))

    report = compose(week_now(), now=now)

    assert report.sentence == "Nothing at risk in this week."
    assert report.revenue_at_risk.value == 0
    assert (report.losses, report.tests) == ((), ())
    assert [change.text for change in report.changes] == ["Airbnb became healthy"]


def test_a_week_without_data_is_not_called_calm(db):
    all_healthy()

    report = compose(week_now(), now=timezone.now())

    assert report.sentence == "No data in this week: what was at risk is unknown."
    assert report.revenue_at_risk.value is None
    assert "Data covers 0 % of the week, 0 % of the one before." in report.caveats


def test_what_the_figures_rest_on_is_said(db):
    check("airbnb", source="manual", error_rate=Decimal("0.004"))
    fail_in_the_week(event_type="api_error", count=2)

    report = compose(week_now(), now=timezone.now())

    names = "Booking.com, Airbnb, Vrbo, HMBN"
    assert report.caveats == (
        "Data covers 0 % of the week, 0 % of the one before.",
        "No fresh data when written: Booking.com, Vrbo, HMBN.",
        "Newest check entered by hand: Airbnb.",
        f"Default assumptions, not their own: {names}.",
        f"Not in revenue protected: {names} (bookings per day are not set).",
        "2 failures of kinds without a price are only counted.",
    )


def test_without_correlation_no_word_on_tests(a_week, settings):
    settings.CORRELATION_ENABLED = False

    assert compose(week_now(), now=timezone.now()).tests is None


def test_what_was_reported_stays_whatever_is_corrected_later(a_week):
    now = timezone.now()
    report = write_report(None, actor=None, now=now, send=False)
    before = WeeklyReport.objects.filter(pk=report.pk).values().get()

    set_assumption(
        "airbnb",
        AssumptionValues(Decimal("900.00"), Decimal("0.20"), None, None),
        Authorship(None, "corrected", now),
        valid_from=(now - timedelta(days=365)).date(),
        currency="USD",
        replace=True,
    )
    fail_in_the_week("vrbo", 9)
    later = write_report(None, actor=None, now=now, send=False)

    after = WeeklyReport.objects.filter(pk=report.pk).values().get()
    assert after == before
    assert (bytes(after["pdf"]), after["html"]) == (bytes(report.pdf), report.html)
    assert (later.version, later.html == report.html) == (2, False)


def test_by_schedule_each_week_is_written_once(a_week):
    recipient("ada@example.com")
    due = week_now().window.end + timedelta(hours=6)
    now = max(due, timezone.now())

    first, again = write_due_report(now), write_due_report(now)

    assert (str(first.iso_week), first.is_scheduled, again) == (
        str(week_now()),
        True,
        None,
    )
    assert ReportDelivery.objects.count() == 1


def test_what_was_written_by_hand_does_not_replace_the_schedule(a_week):
    now = max(week_now().window.end + timedelta(hours=6), timezone.now())
    write_report(None, actor=None, now=now, send=False)

    assert write_due_report(now).version == 2


def test_before_monday_six_nothing_of_that_week_is_written(a_week, settings):
    settings.REPORTING_TIME_ZONE = "America/Sao_Paulo"
    monday = week_now().window.end
    early, due = monday + timedelta(hours=8, minutes=59), monday + timedelta(hours=9)

    assert write_due_report(early).iso_week == week_now().previous()
    assert write_due_report(due).iso_week == week_now()


def test_where_nothing_was_ever_checked_nothing_is_due(db):
    assert write_due_report(timezone.now()) is None
    assert write_weekly_report() == {"reports": 0}


def test_while_revenue_is_off_nothing_is_written(a_week, settings):
    settings.REVENUE_IMPACT_ENABLED = False

    assert write_due_report(timezone.now()) is None
    with pytest.raises(Conflict, match="switched off"):
        write_report(None, actor=None, now=timezone.now(), send=False)


def test_the_job_counts_what_it_wrote(a_week):
    recipient("ada@example.com")

    assert write_weekly_report() == {"reports": 1, "mails": 1}
    assert write_weekly_report() == {"reports": 0}


def test_a_week_that_is_not_over_is_refused(a_week):
    now = timezone.now()
    running = last_complete_week(now + timedelta(days=7))

    with pytest.raises(Conflict, match="is not over") as refused:
        write_report(running, actor=None, now=now, send=False)
    assert refused.value.code == "week_not_over"


def test_the_command_writes_and_sends(a_week):
    recipient("ada@example.com")
    out = StringIO()

    call_command("weekly_report", "--send", stdout=out)

    assert json.loads(out.getvalue()) == {
        "week": str(week_now()),
        "version": 1,
        "recipients": 1,
        "mails": {"waiting": 0, "sent": 1, "failed": 0},
    }
    assert content_of(WeeklyReport.objects.get().content).sentence in (
        mail.outbox[0].body
    )


def test_the_command_without_send_mails_nobody(a_week):
    recipient("ada@example.com")
    call_command(
        "weekly_report", "--week", str(week_now().previous()), stdout=StringIO()
    )

    assert WeeklyReport.objects.get().iso_week == week_now().previous()
    assert (ReportDelivery.objects.count(), mail.outbox) == (0, [])


@pytest.mark.parametrize(
    ("week", "words"),
    [("47", "Write it as 2026-W47"), ("2200-W01", "is not over")],
)
def test_the_command_refuses_with_words(db, week, words):
    with pytest.raises(CommandError, match=words):
        call_command("weekly_report", "--week", week)


def test_an_administrator_writes_and_sends_with_a_button(a_week):
    recipient("ada@example.com")
    client = admin_client()

    response = client.post(f"{LIST}write", {"week": "", "send": "on"})

    week = str(week_now())
    assert response["Location"] == f"/dashboard/reports/{week}?version=1"
    assert client.get(LIST).status_code == 200
    assert ReportDelivery.objects.get().state == "waiting"
    entry = AuditEntry.objects.get(action="weekly_report.written")
    assert (entry.actor_name, entry.after) == (
        "admin",
        {"week": week, "version": 1, "sent": True},
    )


def test_the_button_says_why_it_refuses(a_week):
    response = admin_client().post(f"{LIST}write", {"week": "w47"}, follow=True)

    assert "Write it as 2026-W47" in response.content.decode()
    assert WeeklyReport.objects.count() == 0


@pytest.mark.parametrize("role", ["QA engineer", "QA lead"])
def test_others_may_not_use_the_button(a_week, role):
    client = admin_client(role)

    assert client.post(f"{LIST}write").status_code == 403
    assert client.get(LIST).status_code == 403
    assert client.get("/admin/revenue/reportdelivery/").status_code == 403


def test_recipients_are_chosen_by_administrators_and_that_is_recorded(db):
    client = admin_client()
    client.post("/admin/revenue/reportrecipient/add/", {"email": "cfo@example.com"})
    chosen = ReportRecipient.objects.get()
    client.post(f"/admin/revenue/reportrecipient/{chosen.pk}/delete/", {"post": "yes"})

    assert (chosen.email, chosen.added_by) == ("cfo@example.com", "admin")
    assert ReportRecipient.objects.count() == 0
    assert list(
        AuditEntry.objects.order_by("at").values_list("action", "actor_name")
    ) == [("report_recipient.added", "admin"), ("report_recipient.removed", "admin")]


def test_an_address_is_not_chosen_twice(db):
    recipient("cfo@example.com")

    response = admin_client().post(
        "/admin/revenue/reportrecipient/add/", {"email": "CFO@example.com"}
    )

    assert "This address receives the report already." in response.content.decode()


def test_a_mail_that_was_given_up_is_sent_again_from_the_admin(db):
    recipient("cfo@example.com")
    keep(send=True)
    ReportDelivery.objects.update(state="failed", attempts=10, next_attempt_at=None)
    delivery = ReportDelivery.objects.get()

    admin_client().post(
        "/admin/revenue/reportdelivery/",
        {"action": "again", "_selected_action": [str(delivery.pk)]},
    )

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)


def test_a_report_of_the_sample_leaves_with_it(db):
    keep(sample=True), keep()

    assert purge_all(datetime.now(UTC))["weekly_reports"] == 1
    assert WeeklyReport.objects.get().sample is False
