"""Do the servers answer: database, broker, mail? Do their clocks and versions suit us?"""

import time
from datetime import UTC, datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from qa_observability.probes import check_broker, known_migrations
from qa_observability.roof.doctor.findings import Finding, Verdict

OLDEST_POSTGRES = 150_000  # server_version_num: 15.0
SKEW_NOTED_SECONDS = 2.0
SKEW_WRONG_SECONDS = 60.0  # half the span in which failures count as simultaneous
MAIL_PATIENCE_SECONDS = 5
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def database() -> Finding:
    """Does PostgreSQL answer, and is it 15 or newer?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'),"
                " current_setting('server_version_num')::int"
            )
            version, number = cursor.fetchone()
    except (DatabaseError, InterfaceError) as away:
        return Finding(
            "database",
            Verdict.FAIL,
            _("PostgreSQL does not answer (%s).") % type(away).__name__,
            _("Start it, or correct DATABASE_URL."),
        )
    if number < OLDEST_POSTGRES:
        return Finding(
            "database",
            Verdict.FAIL,
            _("PostgreSQL is %s; 15 or newer is needed.") % version,
            _("Upgrade the server, or name a newer one in DATABASE_URL."),
        )
    return Finding("database", Verdict.OK, _("PostgreSQL %s answers.") % version)


def migrations() -> Finding:
    """Has the database every migration this code knows, and none that it does not?"""
    applied = set(MigrationRecorder(connection).applied_migrations())
    ours = {app for app, _name in known_migrations()}
    missing = sorted(known_migrations() - applied)
    ahead = sorted(key for key in applied - known_migrations() if key[0] in ours)
    if missing:
        return Finding(
            "migrations",
            Verdict.FAIL,
            _("Missing: %s.") % ", ".join(".".join(key) for key in missing),
            _("Run `manage.py migrate`."),
        )
    if ahead:
        return Finding(
            "migrations",
            Verdict.WARN,
            _("The database is ahead of this code: %s.")
            % ", ".join(".".join(key) for key in ahead),
            _("Finish the upgrade of the code, or migrate back."),
        )
    return Finding(
        "migrations", Verdict.OK, _("All %s are applied.") % len(known_migrations())
    )


def clock() -> Finding:
    """How far is our clock from the database's? Half a round trip is its error."""
    asked = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    ours = datetime.fromtimestamp((asked + time.time()) / 2, UTC)
    return judged_skew((ours - theirs).total_seconds())


def judged_skew(seconds: float) -> Finding:
    """Judge how many seconds our clock is ahead of the database's; negative is behind."""
    detail = _("This machine is %+.1f s from the database.") % seconds
    cure = _("Let NTP set both clocks.")
    if abs(seconds) >= SKEW_WRONG_SECONDS:
        return Finding("clock", Verdict.FAIL, detail, cure)
    if abs(seconds) >= SKEW_NOTED_SECONDS:
        return Finding("clock", Verdict.WARN, detail, cure)
    return Finding("clock", Verdict.OK, detail)


def broker() -> Finding:
    """Does Redis or Valkey answer?"""
    check = check_broker()
    if check.ok:
        return Finding("broker", Verdict.OK, _("The broker answers."))
    return Finding(
        "broker",
        Verdict.FAIL,
        _("The broker does not answer (%s).") % check.detail,
        _("Start Redis or Valkey, or correct REDIS_URL."),
    )


def mail() -> Finding:
    """Would mail leave? A mail server is greeted, nothing is sent."""
    if settings.EMAIL_BACKEND != SMTP:
        kind = settings.EMAIL_BACKEND.split(".")[-2]
        return Finding(
            "mail",
            Verdict.WARN,
            _("Mails go to %s, not to people.") % kind,
            _("Set EMAIL_URL to smtp+tls://user:password@host:587."),
        )
    try:
        with get_connection(timeout=MAIL_PATIENCE_SECONDS):
            pass
    except (OSError, SMTPException) as refusal:
        return Finding(
            "mail",
            Verdict.FAIL,
            _("The mail server %(host)s:%(port)s does not take us (%(why)s).")
            % {
                "host": settings.EMAIL_HOST,
                "port": settings.EMAIL_PORT,
                "why": type(refusal).__name__,
            },
            _("Correct EMAIL_URL, or let this machine reach the server."),
        )
    return Finding("mail", Verdict.OK, _("%s takes us.") % settings.EMAIL_HOST)
