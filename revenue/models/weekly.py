"""What did we report, to whom, and did it arrive? Written once, kept as it was sent."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from qa_observability.lib.ids import uuid7
from qa_observability.lib.weeks import IsoWeek


class WeeklyReportQuerySet(models.QuerySet["WeeklyReport"]):
    """Reports of weeks, of which each may have several versions."""

    def of_week(self, week: IsoWeek) -> "WeeklyReportQuerySet":
        """Keep the versions of one ISO week."""
        return self.filter(year=week.year, week=week.number)

    def newest_first(self) -> "WeeklyReportQuerySet":
        """Order by week, then by version, newest first; served by their constraint."""
        return self.order_by("-year", "-week", "-version")

    def with_deliveries(self) -> "WeeklyReportQuerySet":
        """Add ``sent``, ``waiting`` and ``failed``: mails by state, zero for none."""
        return self.annotate(
            **{
                name: models.Count("deliveries", filter=Q(deliveries__state=state))
                for name, state in (
                    ("sent", ReportDelivery.State.SENT),
                    ("waiting", ReportDelivery.State.WAITING),
                    ("failed", ReportDelivery.State.FAILED),
                )
            }
        )


class WeeklyReport(models.Model):
    """One version of a week's report, with the very page and file that were sent.

    ``content`` holds the figures as :class:`revenue.reports.weekly.WeeklyContent`,
    ``html`` the page without its letterhead, ``pdf`` the file. None of them changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.PositiveSmallIntegerField(_("ISO year"))
    week = models.PositiveSmallIntegerField(_("ISO week"))
    version = models.PositiveSmallIntegerField(_("version"))
    is_scheduled = models.BooleanField(_("scheduled"), default=False)
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("to"))
    content = models.JSONField(_("content"))
    html = models.TextField()
    pdf = models.BinaryField()
    sample = models.BooleanField(_("sample"), default=False)
    created_at = models.DateTimeField(_("written"))
    created_by = models.CharField(_("by"), max_length=150)

    objects = WeeklyReportQuerySet.as_manager()

    class Meta:
        db_table = "weekly_reports"
        verbose_name = _("weekly report")
        verbose_name_plural = _("weekly reports")
        permissions = [("send_reports", "May write and send weekly reports")]
        constraints = [
            models.UniqueConstraint(
                name="each_version_of_a_weekly_report_is_one",
                fields=["year", "week", "version"],
            ),
            models.UniqueConstraint(
                name="one_scheduled_report_per_week",
                fields=["year", "week"],
                condition=Q(is_scheduled=True),
            ),
            models.CheckConstraint(
                name="weekly_report_names_an_iso_week",
                condition=Q(week__gte=1, week__lte=53),
            ),
            models.CheckConstraint(
                name="weekly_report_ends_after_it_starts",
                condition=Q(end__gt=F("start")),
            ),
            models.CheckConstraint(
                name="weekly_report_is_written_after_its_week",
                condition=Q(created_at__gte=F("end")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.iso_week} v{self.version}"

    @property
    def iso_week(self) -> IsoWeek:
        """The week it speaks of."""
        return IsoWeek(self.year, self.week)


class ReportRecipient(models.Model):
    """An address that gets the weekly report, with its money, without an account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(
        _("e-mail address"),
        help_text=_(
            "Whoever reads this mailbox sees amounts of money, without signing in."
        ),
    )
    added_by = models.CharField(_("added by"), max_length=150, editable=False)
    added_at = models.DateTimeField(_("added"), editable=False)

    class Meta:
        db_table = "report_recipients"
        verbose_name = _("report recipient")
        verbose_name_plural = _("report recipients")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="each_address_receives_one_report",
                violation_error_message=_("This address receives the report already."),
            ),
        ]

    def __str__(self) -> str:
        return self.email


class ReportDeliveryQuerySet(models.QuerySet["ReportDelivery"]):
    """Mails that carry reports."""

    def due(self, now: datetime) -> "ReportDeliveryQuerySet":
        """Keep the mails whose next attempt has come, oldest first."""
        waiting = ReportDelivery.State.WAITING
        return self.filter(state=waiting, next_attempt_at__lte=now).order_by(
            "next_attempt_at", "pk"
        )


class ReportDelivery(models.Model):
    """One mail of one report to one address, and how its attempts went.

    The address is a copy: what was sent stays true when recipients change.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(
        WeeklyReport,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("report"),
    )
    email = models.EmailField(_("e-mail address"))
    state = models.CharField(
        _("state"), max_length=7, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = ReportDeliveryQuerySet.as_manager()

    class Meta:
        db_table = "report_deliveries"
        verbose_name = _("report delivery")
        verbose_name_plural = _("report deliveries")
        constraints = [
            models.UniqueConstraint(
                "report", Lower("email"), name="each_address_gets_a_report_once"
            ),
            models.CheckConstraint(
                name="report_delivery_state_is_known",
                condition=Q(state__in=["waiting", "sent", "failed"]),
            ),
            models.CheckConstraint(
                name="sent_report_has_its_moment",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="only_a_waiting_report_has_a_next_attempt",
                condition=Q(state="waiting", next_attempt_at__isnull=False)
                | (~Q(state="waiting") & Q(next_attempt_at=None)),
            ),
        ]
        indexes = [
            models.Index(
                name="reports_to_send",
                fields=["next_attempt_at"],
                condition=Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.state}"
