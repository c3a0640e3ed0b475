"""What came in by file, what was refused and why, and which rules mapped it?"""

import re

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from integration_health.enums import Aspect, BatchKind, BatchState, Severity, Source
from integration_health.models.integration import Integration
from qa_observability.lib.ids import uuid7

PARTNER = re.compile(r"other:[a-z0-9][a-z0-9_-]*")


class ImportBatch(models.Model):
    """One file: what it said, which window it covers, where it stands.

    ``sha256`` is of the bytes; ``content_hash`` of the rows and the window, so that the
    same content in another wrapping is recognised. ``summary`` is the answer given.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=BatchKind)
    state = models.CharField(
        _("state"), max_length=20, choices=BatchState, default=BatchState.WAITING
    )
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    upload = models.FileField(upload_to="imports/", blank=True, default="")
    options = models.JSONField(default=dict, blank=True)
    window_start = models.DateTimeField(_("from"), null=True, blank=True)
    window_end = models.DateTimeField(_("to"), null=True, blank=True)
    window_from_user = models.BooleanField(_("window given by user"), default=False)
    rows_read = models.PositiveIntegerField(_("read"), default=0)
    rows_accepted = models.PositiveIntegerField(_("accepted"), default=0)
    rows_rejected = models.PositiveIntegerField(_("rejected"), default=0)
    rows_ignored = models.PositiveIntegerField(_("ignored"), default=0)
    rows_duplicate = models.PositiveIntegerField(_("duplicates"), default=0)
    span = models.DurationField(
        _("length of a step"), null=True, blank=True, editable=False
    )
    complete = models.BooleanField(_("holds all requests"), default=False)
    incomplete = models.BooleanField(_("file was cut"), default=False)
    truncated = models.BooleanField(_("search was cut"), default=False)
    summary = models.JSONField(default=dict, blank=True)
    error = models.TextField(_("error"), blank=True, default="")
    source = models.CharField(
        _("source"), max_length=20, choices=Source, default=Source.SPLUNK
    )
    actor = models.CharField(_("by"), max_length=150, blank=True, default="")
    created_at = models.DateTimeField(
        _("created at"), auto_now_add=True, db_default=Now()
    )
    committed_at = models.DateTimeField(_("committed at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        db_table = "integration_imports"
        ordering = ["-created_at"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                name="import_counts_add_up",
                condition=Q(
                    rows_read=F("rows_accepted")
                    + F("rows_rejected")
                    + F("rows_ignored")
                ),
            ),
            models.CheckConstraint(
                name="import_duplicates_are_ignored_rows",
                condition=Q(rows_duplicate__lte=F("rows_ignored")),
            ),
            models.CheckConstraint(
                name="import_window_is_whole_and_forward",
                condition=Q(window_start__isnull=True, window_end__isnull=True)
                | Q(
                    window_start__isnull=False,
                    window_end__isnull=False,
                    window_start__lt=F("window_end"),
                ),
            ),
            models.UniqueConstraint(
                name="one_committed_import_per_content",
                fields=["content_hash"],
                condition=Q(state="committed") & ~Q(content_hash=""),
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at"], name="idx_imports_created"),
            models.Index(
                fields=["kind", "window_start", "window_end"],
                condition=Q(state="committed"),
                name="idx_imports_window",
            ),  # overlap and coverage
        ]

    def __str__(self) -> str:
        return self.file_name


class RejectedRow(models.Model):
    """A row that was refused: where it stood, which field, why; the text is scrubbed."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="rejected"
    )
    line = models.PositiveIntegerField(_("line"))
    field = models.CharField(_("field"), max_length=100, blank=True, default="")
    reason = models.TextField(_("reason"))
    excerpt = models.TextField(_("row"), blank=True, default="")

    class Meta:
        db_table = "integration_import_rejected_rows"
        ordering = ["line", "id"]
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class EndpointStat(models.Model):
    """Requests and errors of one route in one import, with where it was mapped.

    ``integration_key`` is a slug, ``other:<name>``, ``ambiguous`` or ``unmapped``: kept
    as text so that nothing is dropped and 90 days can be mapped again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="endpoints"
    )
    integration_key = models.CharField(_("mapped to"), max_length=100)
    route = models.CharField(_("route"), max_length=500)
    aspect = models.CharField(_("aspect"), max_length=20, choices=Aspect)
    channel_hint = models.CharField(max_length=100, blank=True, default="")
    rows = models.PositiveIntegerField(_("rows"), default=1)
    requests = models.BigIntegerField(_("requests"))
    errors = models.BigIntegerField(_("errors"))
    client_errors = models.BigIntegerField(_("4xx"), default=0)
    server_errors = models.BigIntegerField(_("5xx"), default=0)

    class Meta:
        db_table = "integration_endpoint_stats"
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")
        constraints = [
            models.UniqueConstraint(
                name="one_count_per_batch_and_route",
                fields=["batch", "integration_key", "route", "aspect", "channel_hint"],
            ),
            models.CheckConstraint(
                name="endpoint_errors_are_among_requests",
                condition=Q(errors__gte=0, errors__lte=F("requests")),
            ),
            models.CheckConstraint(
                name="endpoint_status_errors_are_counts",
                condition=Q(client_errors__gte=0, server_errors__gte=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["integration_key", "-requests"], name="idx_endpoints_key"
            ),
        ]

    def __str__(self) -> str:
        return self.route


class EndpointTraffic(models.Model):
    """The traffic of one counted route step by step, so that it can be mapped again.

    One row per step; of a raw-event export one per failing line besides, whose last five
    columns are set and scrubbed. Gone after 90 days.
    """

    id = models.BigAutoField(primary_key=True)
    endpoint = models.ForeignKey(
        EndpointStat, on_delete=models.CASCADE, related_name="traffic"
    )
    bin_start = models.DateTimeField(null=True)
    requests = models.BigIntegerField()
    errors = models.BigIntegerField()
    client_errors = models.BigIntegerField()
    server_errors = models.BigIntegerField()
    occurred_at = models.DateTimeField(null=True)
    severity = models.CharField(max_length=20, null=True, choices=Severity)
    message = models.TextField(null=True)
    metadata = models.TextField(null=True)
    row_key = models.BinaryField(null=True)

    class Meta:
        db_table = "integration_endpoint_traffic"
        verbose_name = _("traffic of an endpoint")
        verbose_name_plural = _("traffic of endpoints")
        constraints = [
            models.CheckConstraint(
                name="traffic_errors_are_among_requests",
                condition=Q(errors__gte=0, errors__lte=F("requests")),
            ),
            models.CheckConstraint(
                name="a_kept_line_is_whole",
                condition=Q(
                    occurred_at=None,
                    severity=None,
                    message=None,
                    metadata=None,
                    row_key=None,
                )
                | Q(
                    occurred_at__isnull=False,
                    severity__isnull=False,
                    message__isnull=False,
                    metadata__isnull=False,
                    row_key__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.bin_start or self.occurred_at or self.endpoint_id)


class EndpointRule(models.Model):
    """Whole tokens of a path that tell a channel, an aspect, or both.

    Rules are tried by ``position``; the first that names a channel gives the channel, the
    first that names an aspect gives the aspect.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.PositiveIntegerField(
        _("order"), validators=[MinValueValidator(1)]
    )
    tokens = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("tokens"),
        help_text=_(
            "Whole words of the path or query, lower case, separated by commas; "
            "neighbouring words are also tried joined."
        ),
    )
    integration_key = models.CharField(
        _("integration"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("An integration's id, or other:name for a partner not watched."),
    )
    aspect = models.CharField(
        _("aspect"), max_length=20, choices=Aspect, blank=True, default=""
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        db_table = "integration_endpoint_rules"
        ordering = ["position", "id"]
        verbose_name = _("endpoint rule")
        verbose_name_plural = _("endpoint rules")
        constraints = [
            models.CheckConstraint(
                name="endpoint_rule_tells_something",
                condition=~Q(integration_key="", aspect=""),
                violation_error_message=_("Name an integration, an aspect, or both."),
            ),
            models.CheckConstraint(
                name="endpoint_rule_has_tokens",
                condition=Q(tokens__len__gte=1),
                violation_error_message=_("Give at least one token."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.tokens)

    def clean(self) -> None:
        """Refuse a name that is neither a channel's nor marked as a partner's."""
        slugs = Integration.objects.in_order().values_list("slug", flat=True)
        key = self.integration_key
        if key and not PARTNER.fullmatch(key) and key not in slugs:
            raise ValidationError(
                {
                    "integration_key": _(
                        "There is no integration %(key)s. Known: %(known)s. A partner "
                        "that is not watched is written other:%(key)s."
                    )
                    % {"key": key, "known": ", ".join(slugs)}
                }
            )
