"""What is kept how long? One list, whose lengths are those the cleanup jobs use."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Min
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

import correlation.models as tests
import integration_health.models as health
import revenue.models as money
from correlation.ingest.retention import KEPT as RESULTS_KEPT
from integration_health.models.events import KEPT as EVENTS_KEPT
from integration_health.refresh.retention import ROLLUPS_KEPT
from qa_observability.jobs import KEPT_FOR as JOB_RUNS_KEPT
from qa_observability.models import AuditEntry, JobRun, Token
from qa_observability.retention import SIGN_INS_KEPT


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept, for how long, and the column that tells a row's age.

    ``kept`` is None for what no job removes.
    """

    what: str | Promise
    model: type[models.Model]
    age_column: str
    kept: timedelta | None
    why: str | Promise

    @property
    def length(self) -> str:
        """How long in words: days, or hours of less than one."""
        if self.kept is None:
            return gettext("until removed by hand")
        if self.kept.days:
            days = self.kept.days
            return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
        hours = self.kept.seconds // 3600
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}

    def oldest(self) -> datetime | None:
        """Return the age column of the oldest row; None when there is none."""
        rows = self.model._default_manager.aggregate(oldest=Min(self.age_column))
        oldest: datetime | None = rows["oldest"]
        return oldest


_ENOUGH_TO_LOOK_INTO = _("Long enough to look into an attack.")

RULES = (
    Rule(
        _("Events, with their messages and metadata"),
        health.IntegrationEvent,
        "occurred_at",
        EVENTS_KEPT,
        _("Dropped by whole weeks; queries stop at the very moment."),
    ),
    Rule(
        _("Failures and counts by hour"),
        health.EventHour,
        "hour",
        EVENTS_KEPT,
        _("As long as the events they count."),
    ),
    Rule(
        _("Counts by day"),
        health.EventDay,
        "day",
        ROLLUPS_KEPT,
        _("A year and the year before it, without any text."),
    ),
    Rule(
        _("Health checks"),
        health.IntegrationHealth,
        "last_checked",
        ROLLUPS_KEPT,
        _("A year and the year before it."),
    ),
    Rule(
        _("Incidents, their notes and tickets"),
        health.Incident,
        "ended_at",
        ROLLUPS_KEPT,
        _("A year and the year before it."),
    ),
    Rule(
        _("Test results and alarms"),
        tests.TestResult,
        "executed_at",
        RESULTS_KEPT,
        _("A year and the month before it; tests that ran no later go too."),
    ),
    Rule(
        _("Runs of background jobs"),
        JobRun,
        "started_at",
        JOB_RUNS_KEPT,
        _("Long enough to see what failed."),
    ),
    Rule(
        _("Refused rows of imports, and what they counted by route"),
        health.RejectedRow,
        "batch__created_at",
        EVENTS_KEPT,
        _("As long as other rules may map the same traffic again."),
    ),
    Rule(
        _("Imports"),
        health.ImportBatch,
        "created_at",
        None,
        _("Provenance of figures; a file that nobody committed goes after a day."),
    ),
    Rule(_("Alerts"), health.Alert, "raised_at", None, _("The history of warnings.")),
    Rule(
        _("Annotations"),
        health.Annotation,
        "at",
        None,
        _("They explain what the charts show."),
    ),
    Rule(
        _("Weekly reports, as they were sent"),
        money.WeeklyReport,
        "created_at",
        None,
        _("The archive; erasing a person draws them anew."),
    ),
    Rule(
        _("Mails of weekly reports, with their addresses"),
        money.ReportDelivery,
        "report__created_at",
        None,
        _("Who was told which figures; they go with the person."),
    ),
    Rule(
        _("Recipients of weekly reports"),
        money.ReportRecipient,
        "added_at",
        None,
        _("They receive reports until someone removes them."),
    ),
    Rule(
        _("Revenue assumptions"),
        money.RevenueAssumption,
        "created_at",
        None,
        _("Past periods keep the version they were calculated with."),
    ),
    Rule(
        _("Accounts"),
        User,
        "date_joined",
        None,
        _("As long as somebody works here."),
    ),
    Rule(
        _("API tokens, without their keys"),
        Token,
        "created_at",
        None,
        _("A revoked token stays as evidence."),
    ),
    Rule(
        _("Sessions"),
        Session,
        "expire_date",
        timedelta(seconds=settings.SESSION_COOKIE_AGE),
        _("Signed out after twelve hours; swept at night."),
    ),
    Rule(
        _("Failed sign-ins, with address and browser"),
        AccessAttempt,
        "attempt_time",
        SIGN_INS_KEPT,
        _ENOUGH_TO_LOOK_INTO,
    ),
    Rule(
        _("Log of failed sign-ins"),
        AccessFailureLog,
        "attempt_time",
        SIGN_INS_KEPT,
        _ENOUGH_TO_LOOK_INTO,
    ),
    Rule(
        _("Log of sign-ins, with address and browser"),
        AccessLog,
        "attempt_time",
        SIGN_INS_KEPT,
        _ENOUGH_TO_LOOK_INTO,
    ),
    Rule(
        _("History of the admin"),
        LogEntry,
        "action_time",
        None,
        _("Beside the audit trail; erasing a person masks the name."),
    ),
    Rule(
        _("Audit trail"),
        AuditEntry,
        "at",
        None,
        _(
            "Proof: the database refuses to change it but for the name of a person erased."
        ),
    ),
)
