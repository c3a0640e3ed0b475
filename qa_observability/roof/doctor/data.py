"""Is what lies in the database in order: weeks ahead, sealed values, jobs that run?"""

from datetime import datetime, timedelta

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from integration_health.storage import partitions as weeks
from qa_observability.lib.crypto import key_id_of
from qa_observability.lib.periods import utc_day
from qa_observability.models import JobRun
from qa_observability.roof.doctor.findings import Finding, Verdict
from revenue.errors import AssumptionUnreadable
from revenue.models import RevenueAssumption
from revenue.sealing import key_ring

WEEKS_WANTED = 2
QUIET = timedelta(minutes=20)  # the laziest of the frequent jobs runs every 15


def partitions(now: datetime) -> Finding:
    """Has every event of this week and the next two a table to go to?"""
    standing = weeks.partitions()
    this_week = weeks.week_of(utc_day(now))
    wanted = {this_week + n * weeks.WEEK for n in range(WEEKS_WANTED + 1)}
    attached = {partition.monday for partition in standing if not partition.leaving}
    leaving = [partition.name for partition in standing if partition.leaving]
    cure = _("Run the job `events: make partitions ahead`; start worker and beat.")
    if missing := sorted(wanted - attached):
        verdict = Verdict.FAIL if this_week in missing else Verdict.WARN
        first = missing[0].isoformat()
        return Finding("partitions", verdict, _("No table from %s on.") % first, cure)
    if leaving:
        return Finding(
            "partitions",
            Verdict.WARN,
            _("Half detached: %s.") % ", ".join(leaving),
            _("The nightly cleanup finishes it once its readers have gone."),
        )
    return Finding(
        "partitions",
        Verdict.OK,
        _("Tables reach to %s.") % (max(attached) + weeks.WEEK).isoformat(),
    )


def keys() -> Finding:
    """Do the keys open every version of the assumptions, the newest key being in use?"""
    try:
        newest = key_ring().newest
    except ImproperlyConfigured as weak:
        return Finding(
            "keys",
            Verdict.FAIL,
            str(weak),
            _("Set REVENUE_KEYS to id:base64-of-32-bytes, newest first."),
        )
    versions, old = 0, 0
    for row in RevenueAssumption.objects.order_by("pk"):
        try:
            row.values()
        except AssumptionUnreadable as unreadable:
            return Finding(
                "keys",
                Verdict.FAIL,
                unreadable.detail,
                _("Without that key its values are lost: look in your backups."),
            )
        versions += 1
        old += key_id_of(bytes(row.sealed)) != newest
    if old:
        return Finding(
            "keys",
            Verdict.WARN,
            _("%(old)s of %(all)s versions are sealed with an older key.")
            % {"old": old, "all": versions},
            _("Run `manage.py rotate_revenue_key`, then remove the older key."),
        )
    return Finding(
        "keys",
        Verdict.OK,
        _("Key %(key)s opens all %(all)s versions.") % {"key": newest, "all": versions},
    )


def schedule(now: datetime) -> Finding:
    """Did any job start in the last 20 minutes? Then beat, broker and worker are alive."""
    newest = JobRun.objects.order_by("-started_at").first()
    cure = _(
        "Start worker and beat: `celery -A qa_observability.celery worker` and beat."
    )
    if newest is None:
        return Finding("beat", Verdict.WARN, _("No job ever ran."), cure)
    minutes = int((now - newest.started_at).total_seconds() // 60)
    detail = _("The last job started %s minutes ago.") % minutes
    if now - newest.started_at > QUIET:
        return Finding("beat", Verdict.FAIL, detail, cure)
    return Finding("beat", Verdict.OK, detail)


def jobs() -> Finding:
    """Did the last finished run of every job end well?"""
    finished = JobRun.objects.exclude(result=JobRun.Result.RUNNING)
    last = finished.order_by("job", "-started_at").distinct("job")
    failed = [f"{run.job} ({run.error})" for run in last if run.result != "done"]
    if failed:
        return Finding(
            "jobs",
            Verdict.WARN,
            _("Failed when last run: %s.") % ", ".join(failed),
            _("Read the worker's log; the next run repairs what it can."),
        )
    return Finding("jobs", Verdict.OK, _("The last run of each ended well."))
