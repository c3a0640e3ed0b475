"""Which tests exist, how did they end, and when did they raise an alarm?"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from correlation.enums import TestStatus, TimeBasis
from qa_observability.lib.ids import uuid7

SHORTEST_WINDOW = 300
LONGEST_WINDOW = 72 * 3600


class TestSource(models.Model):
    """Where results come from: its name, correlation window and time zone.

    ``window_seconds`` is W, 5 minutes to 72 hours; nightly suites want a long one.
    """

    __test__ = False

    name = models.CharField(_("name"), primary_key=True, max_length=100)
    window_seconds = models.PositiveIntegerField(
        _("window in seconds"),
        default=3600,
        validators=[
            MinValueValidator(SHORTEST_WINDOW),
            MaxValueValidator(LONGEST_WINDOW),
        ],
    )
    time_zone = models.CharField(
        _("time zone of reports without one"), max_length=50, default="UTC"
    )
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    class Meta:
        db_table = "test_sources"
        ordering = ["name"]
        verbose_name = _("test source")
        verbose_name_plural = _("test sources")
        constraints = [
            models.CheckConstraint(
                name="window_is_5_minutes_to_72_hours",
                condition=Q(
                    window_seconds__gte=SHORTEST_WINDOW,
                    window_seconds__lte=LONGEST_WINDOW,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TestCase(models.Model):
    """One test over all its runs. ``integration`` is what people or the client declared."""

    __test__ = False

    test_case_id = models.CharField(_("id"), primary_key=True, max_length=100)
    name = models.TextField(_("name"))
    source = models.ForeignKey(
        TestSource,
        on_delete=models.PROTECT,
        related_name="tests",
        verbose_name=_("source"),
    )
    integration = models.ForeignKey(
        "integration_health.Integration",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("integration"),
    )
    family = models.CharField(
        max_length=100,
        blank=True,
        default="",
        editable=False,
        help_text=_("Id of the base test of a parametrised test."),
    )
    number = models.IntegerField(
        unique=True,
        editable=False,
        db_default=models.Func(models.Value("test_cases_number"), function="nextval"),
        help_text=_("Short stand-in for the id in stored evidence."),
    )
    first_seen_at = models.DateTimeField(_("first run"))
    last_seen_at = models.DateTimeField(_("last run"))
    sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        db_table = "test_cases"
        ordering = ["name", "test_case_id"]
        verbose_name = _("test")
        verbose_name_plural = _("tests")
        permissions = [("ingest_results", "May send test results")]
        indexes = [
            models.Index(fields=["-last_seen_at"], name="idx_tests_last_seen"),
            models.Index(
                fields=["family"],
                condition=~Q(family=""),
                name="idx_tests_family",
            ),  # how many variants of a test are known
        ]

    def __str__(self) -> str:
        return self.name


class TestResult(models.Model):
    """The outcome of one test in one run of one source; the last attempt decides."""

    __test__ = False

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    test_case = models.ForeignKey(
        TestCase,
        on_delete=models.CASCADE,
        db_constraint=False,  # written with the test in one transaction, by COPY
        db_index=False,
        related_name="results",
        verbose_name=_("test"),
    )
    source = models.CharField(_("source"), max_length=100)
    run_id = models.CharField(_("run"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=TestStatus)
    executed_at = models.DateTimeField(_("executed at"))
    time_basis = models.CharField(
        _("time from"), max_length=20, choices=TimeBasis, default=TimeBasis.EXACT
    )
    duration_ms = models.BigIntegerField(_("duration in ms"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)
    message = models.TextField(_("message"), blank=True, default="")
    revision = models.CharField(_("revision"), max_length=100, blank=True, default="")
    sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    class Meta:
        db_table = "test_results"
        verbose_name = _("test result")
        verbose_name_plural = _("test results")
        constraints = [
            models.UniqueConstraint(
                name="one_result_per_source_run_and_test",
                fields=["source", "run_id", "test_case"],
            ),
            models.CheckConstraint(
                name="test_status_is_known", condition=Q(status__in=TestStatus.values)
            ),
            models.CheckConstraint(
                name="test_duration_is_not_negative",
                condition=Q(duration_ms__isnull=True) | Q(duration_ms__gte=0),
            ),
            models.CheckConstraint(
                name="a_result_took_an_attempt", condition=Q(attempts__gte=1)
            ),
        ]
        indexes = [
            models.Index(
                fields=["test_case", "-executed_at"], name="idx_results_history"
            ),
            models.Index(
                fields=["test_case", "executed_at"],
                condition=Q(status__in=["failed", "error"]),
                name="idx_results_failed",
            ),  # alarms
            models.Index(fields=["-executed_at"], name="idx_results_executed"),
            models.Index(
                fields=["test_case"],
                condition=Q(sample=True),
                name="idx_results_sample",
            ),  # is there a sample, and what of it goes
        ]

    def __str__(self) -> str:
        return f"{self.test_case_id} {self.status} {self.executed_at:%Y-%m-%d %H:%M}"


class Alarm(models.Model):
    """A failed result whose previous one of the same test is more than W/2 earlier."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    test_case = models.ForeignKey(
        TestCase,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="alarms",
        verbose_name=_("test"),
    )
    failed_at = models.DateTimeField(_("failed at"))
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    class Meta:
        db_table = "test_alarms"
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [
            models.UniqueConstraint(
                name="one_alarm_per_test_and_moment", fields=["test_case", "failed_at"]
            ),
        ]
        indexes = [models.Index(fields=["failed_at"], name="idx_alarms_failed_at")]

    def __str__(self) -> str:
        return f"{self.test_case_id} {self.failed_at:%Y-%m-%d %H:%M}"
