"""Who may come in, who did what, which jobs ran, how people like their pages."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qa_observability.lib.ids import uuid7


class TokenQuerySet(models.QuerySet["Token"]):
    """What people and machines ask about tokens."""

    def usable(self, now: datetime) -> Self:
        """Keep tokens neither revoked nor expired whose user is active."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            revoked_at=None,
            user__is_active=True,
        )


class Token(models.Model):
    """A machine's key: what its user may do, cut to its scopes.

    Only a hash is kept; SHA-256 without salt is enough for 256 random bits.
    """

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        INGEST = "ingest", _("Send data")
        ADMIN = "admin", _("Configure")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(
        _("name"), max_length=100, help_text=_("What uses it: a pipeline, a script.")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("user"),
        help_text=_("The token may do what this user may."),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(
        _("begins with"), max_length=8, editable=False, help_text=_("To recognise it.")
    )
    scopes = ArrayField(
        models.CharField(max_length=10, choices=Scope), verbose_name=_("scopes")
    )
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(
        _("revoked"), null=True, blank=True, editable=False
    )
    last_used_at = models.DateTimeField(
        _("last used"), null=True, blank=True, editable=False
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        db_table = "qa_tokens"
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        permissions = [("use_admin", "May open the admin")]
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=["read", "ingest", "admin"])
                & Q(scopes__len__gt=0),
                name="token_scopes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
                name="token_expires_after_it_was_created",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def state(self, now: datetime) -> str:
        """Return ``revoked``, ``expired`` or ``usable``."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and self.expires_at <= now:
            return "expired"
        return "usable"


class AuditEntry(models.Model):
    """Who did what to which record: written once, never changed (a trigger refuses)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("when"), db_index=True)
    actor_id = models.BigIntegerField(
        _("user number"), null=True, help_text=_("Kept when the user is deleted.")
    )
    actor_name = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("action"), max_length=100)
    target_type = models.CharField(_("record type"), max_length=100)
    target_id = models.CharField(_("record"), max_length=200, blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    class Meta:
        db_table = "qa_audit_entries"
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(
                fields=["target_type", "target_id", "-at"], name="audit_target"
            ),
            models.Index(fields=["action", "-at"], name="audit_action"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.action} {self.target_type} {self.target_id}"


class JobRun(models.Model):
    """One run of one background job: when, how long, with what result."""

    class Result(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.CharField(_("job"), max_length=100)
    task_id = models.CharField(_("task"), max_length=64, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    result = models.CharField(
        _("result"), max_length=10, choices=Result, default=Result.RUNNING
    )
    counts = models.JSONField(_("counts"), default=dict)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        db_table = "qa_job_runs"
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["job", "-started_at"], name="job_run_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="running", finished_at=None)
                | (
                    Q(result__in=["done", "failed"], finished_at__isnull=False)
                    & Q(finished_at__gte=F("started_at"))
                ),
                name="job_run_is_running_or_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def duration_seconds(self) -> float | None:
        """Seconds from start to end; None while running."""
        if self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class Preference(models.Model):
    """How one person wants pages to look."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("Like the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="preference",
        verbose_name=_("user"),
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    theme = models.CharField(
        _("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)

    class Meta:
        db_table = "qa_preferences"
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return str(self.user)
