"""What is a booking worth, since when, and who said so? Versions, sealed, never changed."""

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from qa_observability.lib.ids import uuid7
from revenue.domain.assumptions import (
    BUILT_IN_CURRENCY,
    AssumptionHistory,
    AssumptionValues,
    Version,
)
from revenue.sealing import opened, seal

models.BinaryField.register_lookup(Length)

# xmin is the transaction that wrote a row.
_STAMP = """
    SELECT ROW(count(*), sum(xmin::text::bigint), max(created_at), max(superseded_at))::text
    FROM revenue_assumptions
"""


class RevenueAssumptionQuerySet(models.QuerySet["RevenueAssumption"]):
    """Versions of assumptions."""

    def in_force(self) -> "RevenueAssumptionQuerySet":
        """Keep the versions that no correction of the same day has replaced."""
        return self.filter(superseded_at=None)

    def newest_first(self) -> "RevenueAssumptionQuerySet":
        """Order as history is read: by the day they hold from, then as written."""
        return self.order_by("-valid_from", "-created_at", "-id")

    def currency(self) -> str:
        """Return the one currency of the versions in force; the built-in without any."""
        row = self.in_force().order_by("pk").first()
        return row.currency if row else BUILT_IN_CURRENCY

    def stamp(self) -> str:
        """Return a text that changes whenever any version does. One small query."""
        with connection.cursor() as cursor:
            cursor.execute(_STAMP)
            (stamp,) = cursor.fetchone()
        return str(stamp)

    def history(self) -> AssumptionHistory:
        """Open the versions in force; one query.

        Raises: ``AssumptionUnreadable`` when one of them does not open.
        """
        return AssumptionHistory(row.version() for row in self.in_force())


class RevenueAssumption(models.Model):
    """One version: the values of an integration, or of all, from a UTC day on.

    The values themselves are in ``sealed``; only this app opens them. A version is never
    changed: a new one follows, or, for the same day, replaces it and leaves it in the
    history with ``superseded_at``.
    """

    id = models.UUIDField(_("version"), primary_key=True, default=uuid7, editable=False)
    integration = models.ForeignKey(
        "integration_health.Integration",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="revenue_assumptions",
        verbose_name=_("integration"),
        help_text=_("Empty: the default of all integrations."),
    )
    valid_from = models.DateField(_("valid from"), help_text=_("A UTC day."))
    currency = models.CharField(_("currency"), max_length=3)
    sealed = models.BinaryField(editable=False)
    actor = models.CharField(_("by"), max_length=150)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    sample = models.BooleanField(_("sample"), default=False, editable=False)
    created_at = models.DateTimeField(_("written"), editable=False)
    superseded_at = models.DateTimeField(
        _("replaced"), null=True, blank=True, editable=False
    )

    objects = RevenueAssumptionQuerySet.as_manager()

    class Meta:
        db_table = "revenue_assumptions"
        verbose_name = _("revenue assumption")
        verbose_name_plural = _("revenue assumptions")
        permissions = [
            ("view_money", "May see money"),
            ("configure_revenue", "May change revenue assumptions"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_assumption_in_force_per_integration_and_day",
                fields=["integration", "valid_from"],
                condition=Q(superseded_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="assumption_currency_is_three_letters",
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
            ),
            models.CheckConstraint(
                name="assumption_is_sealed",
                condition=Q(sealed__length__gte=32),
            ),
            models.CheckConstraint(
                name="assumption_is_replaced_after_it_was_written",
                condition=Q(superseded_at=None)
                | Q(superseded_at__gte=models.F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.integration_id or _('default')} {self.valid_from.isoformat()}"

    def values(self) -> AssumptionValues:
        """Open the seal; raises ``AssumptionUnreadable``."""
        return opened(
            bytes(self.sealed),
            version=self.pk,
            integration_id=self.integration_id,
            valid_from=self.valid_from,
        )

    def version(self) -> Version:
        """Return the version as the calculator takes it."""
        return Version(self.pk, self.integration_id, self.valid_from, self.values())

    def set_values(self, values: AssumptionValues) -> None:
        """Seal ``values`` with the newest key, bound to this very row."""
        self.sealed = seal(
            values,
            version=self.pk,
            integration_id=self.integration_id,
            valid_from=self.valid_from,
        )
