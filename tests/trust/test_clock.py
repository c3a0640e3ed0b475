"""A clock that jumps two days ahead and back breaks nothing and repeats nothing."""

from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from integration_health.ingest.event_rows import EventInput
from integration_health.ingest.events import ingest_events
from integration_health.models import Alert, EventDay, Incident, IntegrationEvent
from integration_health.refresh.event_days import check_event_day
from integration_health.storage.partitions import partitions
from qa_observability.models import JobRun, Token
from qa_observability.tokens import issue_token
from revenue.models import ReportDelivery, WeeklyReport
from tests.revenue.weekly.contents import recipient

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

JUMP = timedelta(days=2)


@pytest.fixture
def clock(monkeypatch):
    """Set what time everything believes it is."""
    real = timezone.now

    def ahead(by):
        monkeypatch.setattr(timezone, "now", lambda: real() + by)

    return ahead


def run_every_job():
    """Run what beat would, in its order; return the jobs whose runs failed."""
    current_app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        current_app.tasks[entry["task"]].delay()
    return list(JobRun.objects.exclude(result="done").values_list("job", flat=True))


def burst(minutes_ago):
    """Failures enough to be an incident."""
    now = timezone.now()
    rows = (
        EventInput(
            line=number + 1,
            integration_id="vrbo",
            event_type="pricing_sync_error",
            severity="critical",
            message=f"refused {'abcdefghij'[number]}",
            occurred_at=now - timedelta(minutes=minutes_ago, seconds=number),
        )
        for number in range(10)
    )
    return ingest_events(rows, source="api", actor="ci", now=now)


def test_jobs_survive_the_jump_and_the_way_back(clock):
    recipient("reader@example.com")
    burst(minutes_ago=30)
    assert run_every_job() == []
    weeks = {week.name for week in partitions()}
    incident = Incident.objects.get()
    alerts = Alert.objects.count()

    clock(JUMP)
    assert run_every_job() == []
    clock(timedelta())
    assert run_every_job() == []

    assert {week.name for week in partitions()} >= weeks
    assert Incident.objects.get().pk == incident.pk
    assert Alert.objects.count() == alerts
    assert IntegrationEvent.objects.count() == 10
    for day in EventDay.objects.values_list("day", flat=True):
        assert check_event_day("vrbo", day).agreed
    weeks_reported = WeeklyReport.objects.values_list("year", "week")
    assert len(set(weeks_reported)) == len(weeks_reported)
    mails = ReportDelivery.objects.values_list("report", "email")
    assert len(set(mails)) == len(mails)


def test_what_was_accepted_while_ahead_stays_and_the_present_goes_on(clock):
    clock(JUMP)
    assert burst(minutes_ago=10).accepted == 10
    run_every_job()
    clock(timedelta())

    assert burst(minutes_ago=10).accepted == 10
    assert run_every_job() == []

    assert IntegrationEvent.objects.count() == 20
    assert Incident.objects.count() == 2


def test_a_job_cut_off_while_ahead_does_not_keep_the_next_from_running(clock):
    clock(JUMP)
    JobRun.objects.create(
        job="integration_health.sweep_incidents", started_at=timezone.now()
    )
    clock(timedelta())

    current_app.tasks["integration_health.tasks.sweep_incidents"].delay()

    runs = JobRun.objects.order_by("started_at").values_list("result", flat=True)
    assert list(runs) == ["done", "failed"]


def test_a_job_during_which_the_clock_is_put_back_ends_well(clock, monkeypatch):
    clock(JUMP)

    def sweep(now):
        clock(timedelta())
        return {}

    monkeypatch.setattr("integration_health.tasks.sweep", sweep)

    current_app.tasks["integration_health.tasks.sweep_incidents"].delay()

    run = JobRun.objects.get()
    assert (run.result, run.duration_seconds) == ("done", 0)


def test_tokens_end_by_the_clock_and_live_again_with_it(clock):
    user = User.objects.create_user("ci")
    expires = timezone.now() + timedelta(days=1)
    now = timezone.now()
    day = issue_token(user, ["read"], name="day", by=None, now=now, expires_at=expires)
    ever = issue_token(user, ["read"], name="ever", by=None, now=now)

    def status(issued):
        headers = {"authorization": f"Token {issued.key}"}
        return Client(headers=headers).get("/api/v1/alerts").status_code

    assert (status(day), status(ever)) == (200, 200)
    clock(JUMP)
    assert (status(day), status(ever)) == (401, 200)
    clock(timedelta())
    assert (status(day), status(ever)) == (200, 200)

    last_used = Token.objects.get(pk=ever.token.pk).last_used_at
    assert abs(last_used - timezone.now()) < timedelta(hours=1)
