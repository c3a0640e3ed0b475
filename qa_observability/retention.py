"""How long do we know who signed in? A quarter, then only the audit trail says who did what."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session

SIGN_INS_KEPT = timedelta(days=90)


def remove_old_sign_ins(now: datetime) -> dict[str, int]:
    """Delete sign-ins older than 90 days, failed or not, and sessions that ended.

    Locks are minutes long: none is lost. Returns rows by what they were.
    """
    before = now - SIGN_INS_KEPT
    removed = {
        "attempts": AccessAttempt.objects.filter(attempt_time__lt=before),
        "failures": AccessFailureLog.objects.filter(attempt_time__lt=before),
        "sign_ins": AccessLog.objects.filter(attempt_time__lt=before),
        "sessions": Session.objects.filter(expire_date__lt=now),
    }
    return {name: rows.delete()[0] for name, rows in removed.items()}
