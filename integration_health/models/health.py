"""What did the checks of a channel say, and what does a day of them add up to?"""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from integration_health.domain.status import Signals
from integration_health.enums import HealthStatus, Source, StatusSource, SyncStatus
from integration_health.models.integration import RATIO, Integration
from qa_observability.lib.ids import uuid7


def ratio(field: str) -> Q:
    """Return the condition that a nullable column is a ratio from 0 to 1."""
    return Q(**{f"{field}__isnull": True}) | Q(
        **{f"{field}__gte": 0, f"{field}__lte": 1}
    )


def _sync(value: str | None) -> SyncStatus | None:
    return SyncStatus(value) if value else None


class IntegrationHealthQuerySet(models.QuerySet["IntegrationHealth"]):
    """Snapshots of channels."""

    def current(self) -> "IntegrationHealthQuerySet":
        """Keep the newest snapshot of each integration, ordered by integration.

        An integration never checked is absent; whether a snapshot is too old is the
        reader's to judge. One query: a look into the unique index on integration and
        moment per integration, where DISTINCT ON would read the whole history.
        """
        own = IntegrationHealth.objects.filter(integration=OuterRef("pk"))
        newest = own.order_by("-last_checked").values("pk")[:1]
        ids = Integration.objects.values_list(Subquery(newest))
        return self.filter(pk__in=ids).order_by("integration_id")


class IntegrationHealth(models.Model):
    """One check of one channel: what was seen, the status it gives, who said so.

    Rates are ratios from 0 to 1. ``status`` is what counts: the typed one where
    ``status_source`` is manual, else ``computed_status``; both empty when no signal was
    given. ``window_start`` and ``window_end`` bound the traffic measured, when it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    integration = models.ForeignKey(
        Integration,
        on_delete=models.PROTECT,
        related_name="snapshots",
        verbose_name=_("integration"),
        db_index=False,
    )
    status = models.CharField(
        _("status"), max_length=20, null=True, blank=True, choices=HealthStatus
    )
    computed_status = models.CharField(
        _("computed status"), max_length=20, null=True, blank=True, choices=HealthStatus
    )
    status_source = models.CharField(
        _("status from"),
        max_length=20,
        choices=StatusSource,
        default=StatusSource.COMPUTED,
    )
    pricing_sync_status = models.CharField(
        _("pricing sync"), max_length=20, null=True, blank=True, choices=SyncStatus
    )
    fees_sync_status = models.CharField(
        _("fees sync"), max_length=20, null=True, blank=True, choices=SyncStatus
    )
    booking_loss_rate = models.DecimalField(
        _("booking loss rate"),
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=RATIO,
    )
    error_rate = models.DecimalField(
        _("error rate"),
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=RATIO,
    )
    pricing_error_rate = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True, validators=RATIO
    )
    fees_error_rate = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True, validators=RATIO
    )
    booking_error_rate = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True, validators=RATIO
    )
    availability_error_rate = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True, validators=RATIO
    )
    window_start = models.DateTimeField(null=True, blank=True)
    window_end = models.DateTimeField(null=True, blank=True)
    last_checked = models.DateTimeField(_("checked at"))
    source = models.CharField(_("source"), max_length=20, choices=Source)
    actor = models.CharField(_("by"), max_length=150, blank=True, default="")
    batch = models.ForeignKey(
        "integration_health.ImportBatch",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="snapshots",
    )
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    objects = IntegrationHealthQuerySet.as_manager()

    class Meta:
        db_table = "integration_health"
        verbose_name = _("health snapshot")
        verbose_name_plural = _("health snapshots")
        constraints = [
            models.UniqueConstraint(
                name="one_snapshot_per_integration_and_moment",
                fields=["integration", "last_checked"],
            ),
            *(
                models.CheckConstraint(
                    name=f"{field}_is_a_ratio", condition=ratio(field)
                )
                for field in (
                    "error_rate",
                    "booking_loss_rate",
                    "pricing_error_rate",
                    "fees_error_rate",
                    "booking_error_rate",
                    "availability_error_rate",
                )
            ),
            models.CheckConstraint(
                name="health_status_is_known",
                condition=Q(status__isnull=True) | Q(status__in=HealthStatus.values),
            ),
            models.CheckConstraint(
                name="health_sync_statuses_are_known",
                condition=(
                    Q(pricing_sync_status__isnull=True)
                    | Q(pricing_sync_status__in=SyncStatus.values)
                )
                & (
                    Q(fees_sync_status__isnull=True)
                    | Q(fees_sync_status__in=SyncStatus.values)
                ),
            ),
            models.CheckConstraint(
                name="health_source_is_known", condition=Q(source__in=Source.values)
            ),
            models.CheckConstraint(
                name="snapshot_window_is_whole_and_forward",
                condition=Q(window_start__isnull=True, window_end__isnull=True)
                | Q(
                    window_start__isnull=False,
                    window_end__isnull=False,
                    window_start__lt=F("window_end"),
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-last_checked"], name="idx_health_last_checked"
            ),  # the cross-channel history, newest first
        ]

    def __str__(self) -> str:
        return f"{self.integration_id} {self.last_checked:%Y-%m-%d %H:%M}"

    @property
    def signals(self) -> Signals:
        """The four signals its status is computed from."""
        return Signals(
            pricing=_sync(self.pricing_sync_status),
            fees=_sync(self.fees_sync_status),
            error_rate=self.error_rate,
            booking_loss_rate=self.booking_loss_rate,
        )


class HealthDay(models.Model):
    """What the snapshots and import windows of one channel and UTC day add up to.

    Means are time-weighted over the seconds for which the rate was known; a snapshot
    holds until the next one, at most twice the expected interval. ``covered_seconds``
    counts the seconds under a fresh snapshot or an import window, maintenance included.
    Rebuilt from the snapshots whenever one of the day changes.
    """

    pk = models.CompositePrimaryKey("integration_id", "day")
    integration = models.ForeignKey(
        Integration, on_delete=models.CASCADE, db_index=False
    )
    day = models.DateField()
    worst_status = models.CharField(max_length=20, null=True, choices=HealthStatus)
    last_status = models.CharField(max_length=20, null=True, choices=HealthStatus)
    snapshots = models.PositiveIntegerField(default=0)
    covered_seconds = models.PositiveIntegerField(default=0)
    error_rate = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    error_rate_seconds = models.PositiveIntegerField(default=0)
    booking_loss_rate = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    booking_loss_seconds = models.PositiveIntegerField(default=0)
    pricing_error_rate = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    pricing_seconds = models.PositiveIntegerField(default=0)
    fees_error_rate = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    fees_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "integration_health_days"
        constraints = [
            models.CheckConstraint(
                name="a_day_has_86400_seconds",
                condition=Q(covered_seconds__lte=86400)
                & Q(error_rate_seconds__lte=86400)
                & Q(booking_loss_seconds__lte=86400)
                & Q(pricing_seconds__lte=86400)
                & Q(fees_seconds__lte=86400),
            ),
        ]
        indexes = [models.Index(fields=["day"], name="idx_health_days_day")]

    def __str__(self) -> str:
        return f"{self.integration_id} {self.day}"
