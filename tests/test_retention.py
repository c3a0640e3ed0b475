from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from qa_observability.models import JobRun
from qa_observability.retention import SIGN_INS_KEPT, remove_old_sign_ins
from qa_observability.tasks import forget_sign_ins

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KINDS = (AccessAttempt, AccessFailureLog, AccessLog)


def sign_in(model, moment):
    kind = {"failures_since_start": 1} if model is AccessAttempt else {}
    row = model.objects.create(username=str(moment), ip_address="192.0.2.7", **kind)
    model.objects.filter(pk=row.pk).update(attempt_time=moment)


def test_sign_ins_go_after_a_quarter_and_sessions_when_they_ended():
    edge = NOW - SIGN_INS_KEPT
    for model in KINDS:
        sign_in(model, edge)
        sign_in(model, edge - timedelta(microseconds=1))
    for key, ends in (("on", NOW), ("over", NOW - timedelta(microseconds=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)

    counts = remove_old_sign_ins(NOW)

    assert counts == {"attempts": 1, "failures": 1, "sign_ins": 1, "sessions": 1}
    for model in KINDS:
        assert model.objects.get().attempt_time == edge
    assert Session.objects.get().session_key == "on"


def test_the_job_counts_what_it_forgot():
    sign_in(AccessLog, timezone.now() - timedelta(days=91))

    forget_sign_ins.delay()

    run = JobRun.objects.get()
    assert (run.job, run.counts) == (
        "qa_observability.forget_sign_ins",
        {"attempts": 0, "failures": 0, "sign_ins": 1, "sessions": 0},
    )
