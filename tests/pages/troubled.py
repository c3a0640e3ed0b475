"""A house where one thing of each kind is wrong at once, to look at and to test.

Run in a database of its own, with the sample quarter or without:
``manage.py shell -c "from tests.pages.troubled import trouble; trouble()"``.
"""

import io
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from integration_health.alerts import raise_alert
from integration_health.enums import AlertKind, Severity
from integration_health.imports import import_splunk_export
from integration_health.models import Alert, ImportBatch, Integration
from qa_observability.lib.weeks import last_complete_week
from qa_observability.models import JobRun
from qa_observability.roof.jobs.report import scheduled_jobs
from qa_observability.roof.weekly.write import write_report
from revenue.models import ReportDelivery, ReportRecipient, RevenueAssumption
from tests.integration_health.imports.imports import lines, stat
from tests.pages.incidents import HOUR, incident
from tests.pages.world import check, fail

LONG_NAME = "Casa das Férias – Distribuição Internacional de Hospedagem"
LONG_WORD = "x" * 120
SINCE = timedelta(minutes=50)
CHANNEL_WITHOUT_DATA = "casa-das-ferias"
REFUSED_BY_MAIL = "SMTPServerDisconnected: Connection unexpectedly closed"
BROKEN_JOB = "correlation: refresh what is new"
ERROR_OF_JOB = (
    "OperationalError: canceling statement due to statement timeout "
    f"CONTEXT: while reading {LONG_WORD}"
)


def trouble() -> None:
    """Make every kind of block have something wrong in it."""
    _channels()
    _imports()
    _jobs()
    _alerts()
    _report_that_no_mail_carried()


def lock_money() -> None:
    """Leave an assumption that no key opens: money cannot be worked out."""
    RevenueAssumption.objects.create(
        integration_id="vrbo",
        valid_from=(timezone.now() - timedelta(days=400)).date(),
        currency="USD",
        sealed=b"sealed with a key that is gone",
        actor="test",
        created_at=timezone.now(),
    )


def _channels() -> None:
    """One critical, one in warning, one stale, one whose name is long and has no data."""
    Integration.objects.create(slug=CHANNEL_WITHOUT_DATA, name=LONG_NAME, position=200)
    check("airbnb", ago=SINCE, pricing_sync_status="error", error_rate=Decimal("0.081"))
    check("booking-com", pricing_sync_status="warning", error_rate=Decimal("0.021"))
    stale = timedelta(days=4)
    check("hmbn", ago=stale, source="manual", pricing_sync_status="ok")
    fail("airbnb", 3, message=f"Rates refused: {LONG_WORD}", ago=SINCE)
    fail("vrbo", 2, event_type="door_lock_offline", message="Lock <b>7</b> is offline")
    incident("airbnb", ago=SINCE, lasted=SINCE, severity="critical")
    incident("vrbo", ago=9 * HOUR, event_types={"door_lock_offline": 5})


def _imports() -> None:
    """One with refused rows and routes that no rule knows, one failed, one still running."""
    now = timezone.now()
    at = now.replace(second=0, microsecond=0)  # the sample's traffic ended before
    rows = [
        stat("/v9/airbnb/rates", 100, 7, at=at),
        *(stat(f"/v9/nobody/knows/{n}", 10, 1, at=at) for n in range(3)),
        stat(f"/v9/nobody/{LONG_WORD}", 10, 1, at=at),
        *[stat("/v9/airbnb/fees", "many", 0, at=at)] * 3,
    ]
    import_splunk_export(
        io.BytesIO(lines(rows).encode()),
        name=f"export-of-{LONG_WORD}.json",
        by=None,
        now=now,
        keep_sample=True,
    )
    ImportBatch.objects.create(
        kind="raw_events",
        state="failed",
        file_name="cut.csv",
        error="Line 1 names no column we know: expected _time, endpoint or host.",
    )
    ImportBatch.objects.create(kind="raw_events", state="running", file_name="big.json")


def _jobs() -> None:
    """Every job ran but one, which failed; another has not come back."""
    now = timezone.now()
    for job in scheduled_jobs():
        JobRun.objects.create(
            job=job, started_at=now - HOUR, finished_at=now - HOUR, result="done"
        )
    JobRun.objects.create(
        job=BROKEN_JOB,
        started_at=now - timedelta(minutes=9),
        finished_at=now - timedelta(minutes=8),
        result="failed",
        error=ERROR_OF_JOB,
    )


def _alerts() -> None:
    """One unread of every severity, and one that somebody put off."""
    now = timezone.now()
    for number, severity in enumerate(Severity):
        raise_alert(
            kind=AlertKind.EARLY_WARNING,
            severity=severity,
            group=f"early:{severity}",
            title=f"{LONG_NAME}: a failing test announces a failure",
            body=f"tests.smoke.test_rates[{LONG_WORD}] failed {number + 1} times.",
            now=now - number * HOUR,
            integration_id=CHANNEL_WITHOUT_DATA,
            url=f"/dashboard/integrations/{CHANNEL_WITHOUT_DATA}",
        )
    Alert.objects.filter(group="early:low").update(
        snoozed_until=now + 8 * HOUR,
        snoozed_by="ana",
        snooze_reason="The partner knows and answers on Monday.",
    )


def _report_that_no_mail_carried() -> None:
    now = timezone.now()
    ReportRecipient.objects.get_or_create(
        email="board@example.com", defaults={"added_by": "test", "added_at": now}
    )
    write_report(last_complete_week(now), actor=None, now=now, send=True)
    ReportDelivery.objects.update(
        state="failed", attempts=5, next_attempt_at=None, last_error=REFUSED_BY_MAIL
    )
