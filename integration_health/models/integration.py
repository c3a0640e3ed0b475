"""Which channels do we watch, and what is normal for each?"""

from datetime import timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from integration_health.domain.status import STALE_AFTER_INTERVALS, Band, Bands

RESERVED_SLUGS = ("health", "events", "imports", "incidents")
SLUG = RegexValidator(
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    _("Use lower-case letters, digits and single hyphens, such as booking-com."),
)
RATIO = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]


class IntegrationQuerySet(models.QuerySet["Integration"]):
    """Channels, in the order people gave them."""

    def enabled(self) -> "IntegrationQuerySet":
        """Keep the channels that count towards overall health."""
        return self.filter(enabled=True)

    def in_order(self) -> "IntegrationQuerySet":
        return self.order_by("position", "slug")


class Integration(models.Model):
    """A channel connection; its slug is the ``integration_id`` of every other table."""

    slug = models.CharField(_("id"), primary_key=True, max_length=50, validators=[SLUG])
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    enabled = models.BooleanField(_("enabled"), default=True)
    error_rate_warning = models.DecimalField(
        _("error rate: warning from"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.02"),
        validators=RATIO,
        help_text=_("A ratio from 0 to 1: 0.02 is 2 %."),
    )
    error_rate_critical = models.DecimalField(
        _("error rate: critical from"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.05"),
        validators=RATIO,
    )
    booking_loss_warning = models.DecimalField(
        _("booking loss: warning from"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.005"),
        validators=RATIO,
    )
    booking_loss_critical = models.DecimalField(
        _("booking loss: critical from"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.015"),
        validators=RATIO,
    )
    expected_interval = models.DurationField(
        _("data expected every"),
        default=timedelta(hours=24),
        help_text=_("Stale after twice this long, for example 24:00:00."),
    )
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    objects = IntegrationQuerySet.as_manager()

    class Meta:
        db_table = "integrations"
        ordering = ["position", "slug"]
        verbose_name = _("integration")
        verbose_name_plural = _("integrations")
        permissions = [
            ("record_health", "May record health by hand or by API"),
            ("ingest_events", "May send events"),
            ("import_files", "May import and undo files"),
            ("act_on_incidents", "May acknowledge, resolve and annotate incidents"),
            ("configure_integrations", "May change integrations, rules and windows"),
        ]
        constraints = [
            models.CheckConstraint(
                name="integration_slug_is_not_reserved",
                condition=~Q(slug__in=RESERVED_SLUGS),
                violation_error_message=_("This id is reserved for addresses."),
            ),
            models.CheckConstraint(
                name="integration_slug_is_a_slug",
                condition=Q(slug__regex=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"),
            ),
            models.CheckConstraint(
                name="error_rate_warning_is_below_critical",
                condition=Q(error_rate_warning__gt=0)
                & Q(error_rate_warning__lt=F("error_rate_critical"))
                & Q(error_rate_critical__lte=1),
                violation_error_message=_(
                    "Error rate: warning must be above 0 and below critical, at most 1."
                ),
            ),
            models.CheckConstraint(
                name="booking_loss_warning_is_below_critical",
                condition=Q(booking_loss_warning__gt=0)
                & Q(booking_loss_warning__lt=F("booking_loss_critical"))
                & Q(booking_loss_critical__lte=1),
                violation_error_message=_(
                    "Booking loss: warning must be above 0 and below critical, at most 1."
                ),
            ),
            models.CheckConstraint(
                name="expected_interval_is_a_minute_to_a_month",
                condition=Q(expected_interval__gte=timedelta(minutes=1))
                & Q(expected_interval__lte=timedelta(days=31)),
                violation_error_message=_(
                    "The expected interval must lie between one minute and 31 days."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Name the field where a constraint over several would name none."""
        wrong = {}
        if self.slug in RESERVED_SLUGS:
            wrong["slug"] = _("This id is reserved for addresses.")
        for rate in ("error_rate", "booking_loss"):
            if getattr(self, f"{rate}_warning") >= getattr(self, f"{rate}_critical"):
                wrong[f"{rate}_warning"] = _("Warning must begin below critical.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def bands(self) -> Bands:
        """The thresholds its rates are judged by."""
        return Bands(
            error_rate=Band(self.error_rate_warning, self.error_rate_critical),
            booking_loss=Band(self.booking_loss_warning, self.booking_loss_critical),
        )

    @property
    def hold(self) -> timedelta:
        """How long a snapshot is good for: twice the expected interval."""
        return STALE_AFTER_INTERVALS * self.expected_interval
