"""What broke, when, and what do an hour and a day of it add up to?

The table of events is range-partitioned by ``occurred_on`` in the database, which Django
does not model: the migration writes the SQL and this class is its state. Its real primary
key is (id, occurred_on); nothing has a foreign key to it.
"""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from integration_health.enums import EVENT_TYPE_PATTERN, Severity, Source
from integration_health.models.integration import Integration
from qa_observability.lib.ids import uuid7
from qa_observability.lib.periods import Window

KEPT = timedelta(days=90)
HOT = (Severity.HIGH, Severity.CRITICAL)


class IntegrationEventQuerySet(models.QuerySet["IntegrationEvent"]):
    """Events; every range names both columns, so that partitions are pruned."""

    def in_window(self, window: Window) -> "IntegrationEventQuerySet":
        """Keep events that occurred inside the half-open window."""
        return self.filter(
            occurred_at__gte=window.start,
            occurred_at__lt=window.end,
            occurred_on__gte=window.start.astimezone(UTC).date(),
            occurred_on__lte=window.end.astimezone(UTC).date(),
        )

    def kept(self, now: datetime) -> "IntegrationEventQuerySet":
        """Keep events of the last 90 days exactly, whatever partitions still stand."""
        return self.filter(
            occurred_at__gte=now - KEPT,
            occurred_on__gte=(now - KEPT).astimezone(UTC).date(),
        )

    def hot(self) -> "IntegrationEventQuerySet":
        """Keep severity high and critical; served by a partial index."""
        return self.filter(severity__in=HOT)

    def newest_first(self) -> "IntegrationEventQuerySet":
        """Order for keyset pages: newest moment first, then by id, as the index does."""
        return self.order_by("-occurred_at", "id")


class IntegrationEvent(models.Model):
    """One failure, or ``occurrences`` equal ones, of one channel.

    ``occurred_on`` is the UTC day of ``occurred_at``; with a window, ``occurred_at`` is
    the window's end. Text was scrubbed before it came here; the keys of ``metadata`` are
    the sender's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    integration = models.ForeignKey(
        Integration,
        on_delete=models.DO_NOTHING,
        db_constraint=False,  # checked by ingest; a foreign key costs a look-up a row
        db_index=False,
        related_name="events",
        verbose_name=_("integration"),
    )
    event_type = models.CharField(_("type"), max_length=50)
    severity = models.CharField(_("severity"), max_length=20, choices=Severity)
    message = models.TextField(_("message"), blank=True, default="")
    metadata = models.JSONField(_("metadata"), blank=True, default=dict)
    occurred_at = models.DateTimeField(_("occurred at"))
    occurred_on = models.DateField(_("UTC day"), editable=False)
    created_at = models.DateTimeField(
        _("recorded"), auto_now_add=True, db_default=Now()
    )
    occurrences = models.PositiveIntegerField(_("occurrences"), default=1)
    dedup_key = models.CharField(max_length=200, editable=False)
    fingerprint = models.BinaryField(editable=False)
    window_start = models.DateTimeField(_("window start"), null=True, blank=True)
    window_end = models.DateTimeField(_("window end"), null=True, blank=True)
    in_maintenance = models.BooleanField(_("in maintenance"), default=False)
    source = models.CharField(_("source"), max_length=20, choices=Source)
    actor = models.CharField(_("by"), max_length=150, blank=True, default="")
    batch_id = models.UUIDField(_("import"), null=True, blank=True, editable=False)

    objects = IntegrationEventQuerySet.as_manager()

    class Meta:
        db_table = "integration_events"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(
                name="one_event_per_dedup_key_and_day",
                fields=["integration", "occurred_on", "dedup_key"],
            ),
            models.CheckConstraint(
                name="event_type_is_a_snake_case_word",
                condition=Q(event_type__regex=EVENT_TYPE_PATTERN),
            ),
            models.CheckConstraint(
                name="event_severity_is_known",
                condition=Q(severity__in=Severity.values),
            ),
            models.CheckConstraint(
                name="event_source_is_known", condition=Q(source__in=Source.values)
            ),
            models.CheckConstraint(
                name="event_occurs_at_least_once", condition=Q(occurrences__gte=1)
            ),
            models.CheckConstraint(
                name="event_window_is_whole_and_ends_at_occurred_at",
                condition=Q(window_start__isnull=True, window_end__isnull=True)
                | Q(
                    window_start__isnull=False,
                    window_end__isnull=False,
                    window_start__lt=F("window_end"),
                    window_end=F("occurred_at"),
                ),
            ),
        ]
        indexes = [
            models.Index(
                F("integration"),
                F("occurred_at").desc(),
                F("id"),
                name="idx_events_integration_time",
            ),  # events page, newest first
            models.Index(
                F("occurred_at").desc(),
                F("id"),
                name="idx_events_occurred_at",
            ),  # the admin's list, newest first over all channels
            models.Index(
                fields=["integration", "occurred_at"],
                condition=Q(severity__in=["high", "critical"]),
                name="idx_events_hot",
            ),  # incidents
            models.Index(
                fields=["integration", "occurred_at"],
                condition=Q(window_start__isnull=False),
                name="idx_events_windows",
            ),  # corrections: which aggregates share a failure
            models.Index(
                fields=["batch_id"],
                condition=Q(batch_id__isnull=False),
                name="idx_events_batch",
            ),  # undo of an import
        ]

    def __str__(self) -> str:
        return (
            f"{self.integration_id} {self.event_type} {self.occurred_at:%Y-%m-%d %H:%M}"
        )


class Failure(models.Model):
    """One failure: a fingerprint in a 10-minute UTC interval, however often it recurred.

    ``interval`` counts from 0 to 143 within the UTC day ``day``. Rows come from the
    triggers on events only; what lies in maintenance has none.
    """

    pk = models.CompositePrimaryKey("integration_id", "day", "fingerprint", "interval")
    integration = models.ForeignKey(
        Integration, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    day = models.DateField()
    interval = models.PositiveSmallIntegerField()
    fingerprint = models.BinaryField()
    event_type = models.CharField(max_length=50)
    severity = models.CharField(max_length=20, choices=Severity)

    class Meta:
        db_table = "integration_failures"
        constraints = [
            models.CheckConstraint(
                name="a_day_has_144_intervals", condition=Q(interval__lte=143)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.integration_id} {self.day} #{self.interval}"


class EventHour(models.Model):
    """Rows, occurrences and failures of one integration, type and severity in one hour.

    Kept as long as events are. ``hour`` is the UTC hour's start. Written by triggers.
    """

    pk = models.CompositePrimaryKey("integration_id", "hour", "event_type", "severity")
    integration = models.ForeignKey(
        Integration, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    hour = models.DateTimeField()
    event_type = models.CharField(max_length=50)
    severity = models.CharField(max_length=20, choices=Severity)
    rows = models.BigIntegerField(default=0)
    occurrences = models.BigIntegerField(default=0)
    failures = models.BigIntegerField(default=0)

    class Meta:
        db_table = "integration_event_hours"

    def __str__(self) -> str:
        return f"{self.integration_id} {self.hour:%Y-%m-%d %H}h"


class EventDay(models.Model):
    """Rows, occurrences and failures of one integration, type and severity on a UTC day.

    Outlives the events by two years: it answers 1y and the 90 days before the last 90.
    Written by triggers.
    """

    pk = models.CompositePrimaryKey("integration_id", "day", "event_type", "severity")
    integration = models.ForeignKey(
        Integration, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    day = models.DateField()
    event_type = models.CharField(max_length=50)
    severity = models.CharField(max_length=20, choices=Severity)
    rows = models.BigIntegerField(default=0)
    occurrences = models.BigIntegerField(default=0)
    failures = models.BigIntegerField(default=0)

    class Meta:
        db_table = "integration_event_days"
        indexes = [models.Index(fields=["day"], name="idx_event_days_day")]

    def __str__(self) -> str:
        return f"{self.integration_id} {self.day}"
