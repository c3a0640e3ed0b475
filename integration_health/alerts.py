"""What should someone look at? Alerts are raised once while nothing changes, and kept."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integration_health.enums import AlertKind, HealthStatus, Severity
from integration_health.models import Alert, Integration
from integration_health.reports.reasons import duration_words
from qa_observability.lib.errors import Conflict, InvalidField


def raise_alert(
    *,
    kind: AlertKind,
    severity: Severity,
    group: str,
    title: str,
    now: datetime,
    integration_id: str | None = None,
    body: str = "",
    url: str = "",
    details: dict[str, Any] | None = None,
    sample: bool = False,
) -> Alert:
    """Return the open alert of ``group``, raised now if there was none.

    One is open per group: while it is, raising again only moves ``last_raised_at``. The
    door for the other apps; what closes an alert is :func:`close_alert`.
    """
    alert, is_new = Alert.objects.get_or_create(
        group=group,
        closed_at=None,
        defaults={
            "kind": kind,
            "severity": severity,
            "integration_id": integration_id,
            "title": title,
            "body": body,
            "url": url,
            "details": details or {},
            "raised_at": now,
            "last_raised_at": now,
            "sample": sample,
        },
    )
    if not is_new:
        Alert.objects.filter(pk=alert.pk).update(last_raised_at=now)
        alert.last_raised_at = now
    return alert


def close_alert(group: str, now: datetime) -> Alert | None:
    """Close the open alert of a group, because its cause is gone; return it if any."""
    alert = Alert.objects.filter(group=group, closed_at=None).first()
    if alert is not None:
        alert.closed_at = now
        alert.save(update_fields=["closed_at"])
    return alert


def settle_health_alerts(
    integration: Integration,
    status: HealthStatus | None,
    reason: str,
    *,
    now: datetime,
    sample: bool = False,
) -> None:
    """Raise and close what a channel's status now calls for; again changes nothing.

    ``status`` ``None`` means that its data went stale: it has lost its status, which is
    no recovery, so a critical alert stays open.
    """
    critical, stale = f"critical:{integration.slug}", f"stale:{integration.slug}"
    facts: dict[str, Any] = {
        "integration_id": integration.slug,
        "body": reason,
        "sample": sample,
        "url": f"/dashboard/integrations/{integration.slug}",
        "now": now,
    }
    with transaction.atomic():
        if status is None:
            raise_alert(
                kind=AlertKind.STALE,
                severity=Severity.MEDIUM,
                group=stale,
                title=_("%(name)s: data went stale") % {"name": integration.name},
                **facts,
            )
            return
        close_alert(stale, now)
        if status == HealthStatus.CRITICAL:
            raise_alert(
                kind=AlertKind.CRITICAL,
                severity=Severity.CRITICAL,
                group=critical,
                title=_("%(name)s turned critical") % {"name": integration.name},
                **facts,
            )
        elif over := close_alert(critical, now):
            _announce_recovery(integration, over, now, facts)


def dismiss(alert: Alert, *, by: str, now: datetime) -> Alert:
    """Put an alert away for good; it stays in the history with who and when."""
    if alert.dismissed_at is None:
        alert.dismissed_at, alert.dismissed_by = now, by
        alert.save(update_fields=["dismissed_at", "dismissed_by"])
    return alert


def snooze(
    alert: Alert, *, until: datetime, by: str, reason: str, now: datetime
) -> Alert:
    """Hide an alert until a moment ahead.

    Raises: ``InvalidField`` when ``until`` is not ahead; ``Conflict`` when dismissed.
    """
    if until <= now:
        raise InvalidField.named("until", _("Choose a moment in the future."))
    if alert.dismissed_at is not None:
        raise Conflict(_("This alert is dismissed already."), code="alert_dismissed")
    alert.snoozed_until, alert.snoozed_by, alert.snooze_reason = until, by, reason
    alert.save(update_fields=["snoozed_until", "snoozed_by", "snooze_reason"])
    return alert


def mark_read(alert: Alert, *, by: str, now: datetime) -> Alert:
    """Note who read an alert first."""
    if alert.read_at is None:
        alert.read_at, alert.read_by = now, by
        alert.save(update_fields=["read_at", "read_by"])
    return alert


def _announce_recovery(
    integration: Integration, over: Alert, now: datetime, facts: dict[str, Any]
) -> None:
    """Raise a recovery and close it at once: it announces, nothing is left to do."""
    group = f"recovered:{integration.slug}"
    raise_alert(
        kind=AlertKind.RECOVERED,
        severity=Severity.LOW,
        group=group,
        title=_("%(name)s recovered after %(duration)s")
        % {
            "name": integration.name,
            "duration": duration_words(now - over.raised_at),
        },
        details={"seconds": int((now - over.raised_at).total_seconds())},
        **facts,
    )
    close_alert(group, now)
