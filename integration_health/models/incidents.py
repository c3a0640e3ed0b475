"""When did a channel fail, who acted, what was noted?"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from integration_health.enums import IncidentOrigin, IncidentState, Severity, Source
from integration_health.models.integration import Integration
from qa_observability.lib.ids import uuid7
from qa_observability.lib.periods import Window


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Failure episodes."""

    def standing(self) -> "IncidentQuerySet":
        """Keep what late data has not withdrawn."""
        return self.exclude(state=IncidentState.WITHDRAWN)

    def unresolved(self) -> "IncidentQuerySet":
        """Keep open and acknowledged ones."""
        return self.filter(state__in=[IncidentState.OPEN, IncidentState.ACKNOWLEDGED])

    def with_people(self) -> "IncidentQuerySet":
        """Fetch along what an incident is shown with: channel, assignee, tickets."""
        shown = self.select_related("integration", "assigned_to")
        return shown.prefetch_related("tickets")

    def touching(self, window: Window) -> "IncidentQuerySet":
        """Keep those with a moment inside the half-open window."""
        return self.filter(started_at__lt=window.end, ended_at__gte=window.start)


class Incident(models.Model):
    """A failure episode: hot events at most 15 minutes apart, first to last.

    ``detected_at`` is when this system wrote it, ``detected_by`` the source of the first
    hot event. The id survives moving edges: late data
    keeps it by greatest overlap. One that people touched is withdrawn, never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    integration = models.ForeignKey(
        Integration,
        on_delete=models.PROTECT,
        related_name="incidents",
        verbose_name=_("integration"),
    )
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("last failure"))
    severity = models.CharField(_("severity"), max_length=20, choices=Severity)
    state = models.CharField(
        _("state"), max_length=20, choices=IncidentState, default=IncidentState.OPEN
    )
    origin = models.CharField(
        _("origin"),
        max_length=20,
        choices=IncidentOrigin,
        default=IncidentOrigin.BURST,
    )
    detected_by = models.CharField(
        _("detected by"), max_length=20, choices=Source, default=Source.API
    )
    occurrences = models.PositiveBigIntegerField(_("failures counted"), default=0)
    event_types = models.JSONField(_("by type"), default=dict, blank=True)
    sample = models.BooleanField(_("sample"), default=False)
    detected_at = models.DateTimeField(_("detected"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.CharField(
        _("acknowledged by"), max_length=150, blank=True, default=""
    )
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.CharField(
        _("resolved by"), max_length=150, blank=True, default=""
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    previous = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="recurrences",
        verbose_name=_("recurrence of"),
    )
    created_at = models.DateTimeField(
        _("recorded"), auto_now_add=True, db_default=Now()
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True, db_default=Now())

    objects = IncidentQuerySet.as_manager()

    class Meta:
        db_table = "integration_incidents"
        ordering = ["-started_at"]
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            models.CheckConstraint(
                name="incident_ends_after_it_starts",
                condition=Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="incident_state_is_known",
                condition=Q(state__in=IncidentState.values),
            ),
            models.CheckConstraint(
                name="acknowledged_incident_says_when",
                condition=~Q(state="acknowledged") | Q(acknowledged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="resolved_incident_says_when",
                condition=~Q(state="resolved") | Q(resolved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="withdrawn_incident_says_when",
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["integration", "started_at"], name="idx_incidents_start"
            ),
            models.Index(
                fields=["state", "-started_at"], name="idx_incidents_state"
            ),  # inbox: open first
        ]

    def __str__(self) -> str:
        return f"{self.integration_id} {self.started_at:%Y-%m-%d %H:%M}"

    def stand_as_its_moments_say(self) -> None:
        """Set the state from what was done: resolved, else acknowledged, else open."""
        if self.resolved_at is not None:
            self.state = IncidentState.RESOLVED
        elif self.acknowledged_at is not None:
            self.state = IncidentState.ACKNOWLEDGED
        else:
            self.state = IncidentState.OPEN


class IncidentEntry(models.Model):
    """One line of an incident's timeline: who did what, when; append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="entries"
    )
    at = models.DateTimeField(_("moment"))
    actor = models.CharField(_("by"), max_length=150, blank=True, default="")
    action = models.CharField(_("deed"), max_length=30)
    text = models.TextField(_("text"), blank=True, default="")

    class Meta:
        db_table = "integration_incident_entries"
        ordering = ["at", "id"]
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class IncidentTicket(models.Model):
    """A ticket elsewhere that belongs to an incident: its key and address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="tickets"
    )
    key = models.CharField(_("key"), max_length=50)
    url = models.URLField(_("address"), max_length=500)
    added_by = models.CharField(_("added by"), max_length=150, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    class Meta:
        db_table = "integration_incident_tickets"
        ordering = ["created_at"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(
                name="a_ticket_is_linked_once", fields=["incident", "key"]
            ),
        ]

    def __str__(self) -> str:
        return self.key
