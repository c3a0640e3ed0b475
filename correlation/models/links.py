"""Which test announces which channel, how sure are we, and what do people say?"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from correlation.enums import LinkType, Pattern
from qa_observability.lib.ids import uuid7


class TestIntegrationCorrelation(models.Model):
    """The answer for one test and one channel, with the evidence behind it.

    ``trials`` (n), ``hits`` (O) and ``expected`` (E) are those of the chosen pattern's
    zone. ``strength`` is the exact score; ``correlation_score`` is it to two decimals.
    """

    __test__ = False

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    test_case = models.ForeignKey(
        "correlation.TestCase",
        on_delete=models.CASCADE,
        related_name="links",
        db_index=False,
        verbose_name=_("test"),
    )
    integration = models.ForeignKey(
        "integration_health.Integration",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("integration"),
    )
    correlation_score = models.DecimalField(_("score"), max_digits=3, decimal_places=2)
    correlation_type = models.CharField(_("type"), max_length=20, choices=LinkType)
    pattern = models.CharField(_("pattern"), max_length=50, choices=Pattern)
    confidence = models.DecimalField(_("confidence"), max_digits=3, decimal_places=2)
    strength = models.FloatField(_("exact score"), default=0.0)
    trials = models.PositiveIntegerField(_("cases"), default=0)
    hits = models.PositiveIntegerField(_("followed"), default=0)
    expected = models.FloatField(_("expected by chance"), default=0.0)
    p_value = models.FloatField(_("p-value"), default=1.0)
    q_value = models.FloatField(_("q-value"), default=1.0)
    median_lag_seconds = models.IntegerField(_("median lead (seconds)"), null=True)
    window_seconds = models.PositiveIntegerField(_("window (seconds)"), default=3600)
    evidence_from = models.DateTimeField(_("evidence from"), null=True)
    evidence_to = models.DateTimeField(_("evidence to"), null=True)
    last_alarm_at = models.DateTimeField(_("last alarm"), null=True)
    last_correlated = models.DateTimeField(_("last correlated"))
    created_at = models.DateTimeField(
        _("recorded"), auto_now_add=True, db_default=Now()
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True, db_default=Now())

    class Meta:
        db_table = "test_integration_correlations"
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(
                name="one_link_per_test_and_integration",
                fields=["test_case", "integration"],
            ),
            models.CheckConstraint(
                name="correlation_score_is_a_ratio",
                condition=Q(correlation_score__gte=0, correlation_score__lte=1),
            ),
            models.CheckConstraint(
                name="confidence_is_a_ratio",
                condition=Q(confidence__gte=0, confidence__lte=1),
            ),
            models.CheckConstraint(
                name="hits_are_among_trials", condition=Q(hits__lte=F("trials"))
            ),
            models.CheckConstraint(
                name="link_pattern_is_known", condition=Q(pattern__in=Pattern.values)
            ),
        ]
        indexes = [
            models.Index(fields=["-correlation_score"], name="idx_correlation_score"),
        ]

    def __str__(self) -> str:
        return f"{self.test_case_id} / {self.integration_id}"


class LinkFeedback(models.Model):
    """What a person said of a link; kept and shown, never silently learned from."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    test_case = models.ForeignKey(
        "correlation.TestCase", on_delete=models.CASCADE, related_name="feedback"
    )
    integration = models.ForeignKey(
        "integration_health.Integration", on_delete=models.CASCADE, related_name="+"
    )
    confirmed = models.BooleanField(_("confirmed"))
    actor = models.CharField(_("by"), max_length=150)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    class Meta:
        db_table = "test_link_feedback"
        ordering = ["-created_at"]
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")

    def __str__(self) -> str:
        return f"{self.test_case_id} / {self.integration_id}: {self.confirmed}"
