"""What is kept how long? One list, whose lengths are those the cleanup jobs use."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import correlation.models as tests
import integration_health.models as health
from correlation.ingest.retention import KEPT as RESULTS_KEPT
from integration_health.models.events import KEPT as EVENTS_KEPT
from integration_health.refresh.retention import ROLLUPS_KEPT
from qa_observability.jobs import KEPT_FOR as JOB_RUNS_KEPT
from qa_observability.models import AuditEntry, JobRun


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

    def oldest(self) -> datetime | None:
        """Return the age column of the oldest row; None when there is none."""
        rows = self.model._default_manager.aggregate(oldest=Min(self.age_column))
        oldest: datetime | None = rows["oldest"]
        return oldest


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
        _("Audit trail"),
        AuditEntry,
        "at",
        None,
        _("Proof; the database refuses to change it."),
    ),
)
