"""What should someone look at? Alerts are raised once while nothing changes, and kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.translation import gettext as _

from integration_health.enums import AlertKind, HealthStatus, Severity
from integration_health.models import Alert, Integration
from integration_health.reports.reasons import duration_words
from qa_observability.audit import record
from qa_observability.lib.errors import Conflict, InvalidField, NotFound
from qa_observability.models import AuditEntry

Person = AbstractBaseUser | AnonymousUser


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


def dismiss(alert: Alert, *, by: Person, now: datetime) -> AuditEntry | None:
    """Put an alert away for good; it stays in the history with who and when.

    Return the trail's entry, by which :func:`undo` takes it back; None if it was away.
    """
    if alert.dismissed_at is not None:
        return None
    facts = {"dismissed_at": now, "dismissed_by": by.get_username()}
    return _change(alert, "alert.dismissed", facts, by)


def snooze(
    alert: Alert, *, until: datetime, by: Person, reason: str, now: datetime
) -> AuditEntry:
    """Hide an alert until a moment ahead; return the trail's entry, for :func:`undo`.

    Raises: ``InvalidField`` when ``until`` is not ahead; ``Conflict`` when dismissed.
    """
    if until <= now:
        raise InvalidField.named("until", _("Choose a moment in the future."))
    if alert.dismissed_at is not None:
        raise Conflict(_("This alert is dismissed already."), code="alert_dismissed")
    facts = {
        "snoozed_until": until,
        "snoozed_by": by.get_username(),
        "snooze_reason": reason,
    }
    return _change(alert, "alert.snoozed", facts, by)


def undo(alert_id: UUID, deed_id: UUID, *, by: Person) -> Alert:
    """Put back what a dismissal or a snooze replaced, while that still stands.

    ``deed_id`` is its entry in the trail, which keeps it; undoing adds another.
    Raises: ``NotFound``; ``Conflict`` when the alert was changed since.
    """
    with transaction.atomic():
        alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
        deed = AuditEntry.objects.filter(
            pk=deed_id,
            action__in=["alert.dismissed", "alert.snoozed"],
            target_id=str(alert_id),
        ).first()
        if alert is None or deed is None:
            raise NotFound(_("There is nothing to undo."))
        before, after = _read(deed.before or {}), _read(deed.after or {})
        if after != _facts(alert, after):
            raise Conflict(
                _("The alert was changed since; nothing was undone."),
                code="changed_since",
            )
        _change(alert, f"{deed.action}.undone", before, by)
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


def _change(
    alert: Alert, action: str, facts: Mapping[str, Any], by: Person
) -> AuditEntry:
    """Set fields of an alert, and tell the trail what they replaced."""
    before = _facts(alert, facts)
    for name, value in facts.items():
        setattr(alert, name, value)
    with transaction.atomic():
        alert.save(update_fields=[*facts])
        return record(by, action, alert, before=before, after=facts)


def _facts(alert: Alert, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(alert, name) for name in names}


def _read(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return an alert's fields as the trail kept them, as values again."""
    fields = {each.attname: each for each in Alert._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in kept.items()}
