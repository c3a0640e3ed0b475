"""What would the links have been worth on days they had not seen?"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from qa_observability.lib.ids import uuid7


class Backtest(models.Model):
    """One rolling-origin judgement of the links, as of a moment.

    ``rows`` holds one object per window and threshold, in the names of
    ``correlation.domain.backtest.Performance``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    as_of = models.DateTimeField(_("as of"))
    judged_from = models.DateTimeField(_("judged from"))
    judged_to = models.DateTimeField(_("judged to"))
    rows = models.JSONField(_("performance"), default=list)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    class Meta:
        db_table = "test_backtests"
        ordering = ["-as_of"]
        verbose_name = _("backtest")
        verbose_name_plural = _("backtests")
        constraints = [
            models.UniqueConstraint(name="one_backtest_per_moment", fields=["as_of"]),
            models.CheckConstraint(
                name="backtest_judges_forward",
                condition=Q(judged_to__gte=F("judged_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d %H:%M}"
