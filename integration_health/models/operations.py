"""What changed, what was planned, and what should someone look at?"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from integration_health.enums import (
    AlertKind,
    AnnotationKind,
    HealthStatus,
    Recurrence,
    Severity,
)
from integration_health.models.integration import Integration
from integration_health.storage.zones import known_zones
from qa_observability.lib.ids import uuid7


class StatusTransition(models.Model):
    """A channel's status changed: when, from, to, why. Append-only; null is unknown."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    integration = models.ForeignKey(
        Integration,
        on_delete=models.CASCADE,
        related_name="transitions",
        verbose_name=_("integration"),
    )
    at = models.DateTimeField(_("moment"))
    from_status = models.CharField(
        _("status before"), max_length=20, null=True, choices=HealthStatus
    )
    to_status = models.CharField(
        _("status after"), max_length=20, null=True, choices=HealthStatus
    )
    reason = models.TextField(_("reason"), blank=True, default="")
    sample = models.BooleanField(_("sample"), default=False)
    created_at = models.DateTimeField(
        _("recorded"), auto_now_add=True, db_default=Now()
    )

    class Meta:
        db_table = "integration_transitions"
        ordering = ["-at", "-id"]
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        indexes = [
            models.Index(fields=["integration", "-at"], name="idx_transitions_recent")
        ]

    def __str__(self) -> str:
        return f"{self.integration_id} {self.from_status} > {self.to_status}"


class MaintenanceWindow(models.Model):
    """A planned outage: events inside are kept, marked, and left out of what counts.

    Without an integration it holds for all. A recurring one repeats every day or week
    until ``repeats_until``, at the same time by the clocks of ``time_zone``; each
    repetition lasts as long as the first. As RFC 5545 (3.3.5) has it, a time that the
    clocks skip is read by the offset before they do (02:30 becomes 03:30), and of a time
    that comes twice the first counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    integration = models.ForeignKey(
        Integration,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="maintenance_windows",
        verbose_name=_("integration"),
        help_text=_("Empty: all integrations."),
    )
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    recurrence = models.CharField(
        _("repeats"), max_length=10, choices=Recurrence, default=Recurrence.NONE
    )
    repeats_until = models.DateTimeField(_("repeats until"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", db_default="UTC"
    )
    sample = models.BooleanField(default=False, editable=False)
    created_by = models.CharField(max_length=150, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    class Meta:
        db_table = "integration_maintenance_windows"
        ordering = ["-starts_at"]
        verbose_name = _("maintenance window")
        verbose_name_plural = _("maintenance windows")
        constraints = [
            models.CheckConstraint(
                name="maintenance_ends_after_it_starts",
                condition=Q(starts_at__lt=F("ends_at")),
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                name="recurring_maintenance_says_until_when",
                condition=Q(recurrence="none", repeats_until__isnull=True)
                | (
                    ~Q(recurrence="none")
                    & Q(repeats_until__isnull=False, repeats_until__gt=F("starts_at"))
                ),
                violation_error_message=_(
                    "A recurring window needs the moment it stops repeating."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse an unknown zone, and a repetition that starts before the last ended."""
        if self.time_zone not in known_zones():
            raise ValidationError(
                {"time_zone": _("Name a time zone such as America/Sao_Paulo.")}
            )
        days = _DAYS_TO_NEXT.get(self.recurrence)
        unread = None in (self.starts_at, self.ends_at)  # a form found them wrong
        if days is None or unread:
            return
        if self.ends_at - self.starts_at > timedelta(days=days):
            raise ValidationError(
                {"ends_at": _("Longer than the time until it repeats.")}
            )


_DAYS_TO_NEXT: dict[str, int] = {Recurrence.DAILY: 1, Recurrence.WEEKLY: 7}


class Annotation(models.Model):
    """A deploy or configuration change worth a mark on the charts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    integration = models.ForeignKey(
        Integration,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="annotations",
        verbose_name=_("integration"),
        help_text=_("Empty: all integrations."),
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=AnnotationKind, default=AnnotationKind.DEPLOY
    )
    at = models.DateTimeField(_("at"))
    text = models.CharField(_("text"), max_length=300)
    url = models.URLField(_("address"), max_length=500, blank=True, default="")
    sample = models.BooleanField(default=False, editable=False)
    created_by = models.CharField(max_length=150, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    class Meta:
        db_table = "integration_annotations"
        ordering = ["-at"]
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        indexes = [models.Index(fields=["-at"], name="idx_annotations_at")]

    def __str__(self) -> str:
        return self.text


class Alert(models.Model):
    """Something to look at, raised once while nothing changes, kept for good.

    ``group`` names what it is about; one alert of a group is open at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind)
    severity = models.CharField(_("severity"), max_length=20, choices=Severity)
    group = models.CharField(_("about"), max_length=200)
    integration = models.ForeignKey(
        Integration,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="alerts",
        verbose_name=_("integration"),
    )
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(_("text"), blank=True, default="")
    url = models.CharField(_("address"), max_length=500, blank=True, default="")
    details = models.JSONField(_("details"), default=dict, blank=True)
    raised_at = models.DateTimeField(_("raised"))
    last_raised_at = models.DateTimeField(_("last raised"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    read_at = models.DateTimeField(_("first read"), null=True, blank=True)
    read_by = models.CharField(_("read by"), max_length=150, blank=True, default="")
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, blank=True)
    dismissed_by = models.CharField(
        _("dismissed by"), max_length=150, blank=True, default=""
    )
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    snoozed_by = models.CharField(
        _("snoozed by"), max_length=150, blank=True, default=""
    )
    snooze_reason = models.CharField(
        _("reason to snooze"), max_length=300, blank=True, default=""
    )
    sample = models.BooleanField(_("sample"), default=False)
    created_at = models.DateTimeField(
        _("recorded"), auto_now_add=True, db_default=Now()
    )

    class Meta:
        db_table = "integration_alerts"
        ordering = ["-raised_at", "-id"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                name="one_open_alert_per_group",
                fields=["group"],
                condition=Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="dismissed_alert_says_who_and_when",
                condition=Q(dismissed_at__isnull=True, dismissed_by="")
                | (Q(dismissed_at__isnull=False) & ~Q(dismissed_by="")),
            ),
        ]
        indexes = [
            models.Index(fields=["-raised_at"], name="idx_alerts_raised"),
        ]

    def __str__(self) -> str:
        return self.title
