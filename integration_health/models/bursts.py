"""How busy was each day with severe events, and has the day been judged since it changed?"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from integration_health.models.integration import Integration


class BurstDayQuerySet(models.QuerySet["BurstDay"]):
    """Days of severe events."""

    def unjudged(self) -> "BurstDayQuerySet":
        """Keep the days whose events changed since incidents were last looked for."""
        return self.filter(revision__gt=F("judged"))


class BurstDay(models.Model):
    """What the search for incidents keeps of one channel and UTC day.

    ``revision`` is raised by the triggers on events whenever the day's severe events
    change; ``judged`` is the revision that incidents were last found from. ``counts``
    holds the occurrences of severity high and critical in each of the day's 288 intervals
    of 5 minutes, empty for none; ``burst_size`` is the day's k.
    """

    pk = models.CompositePrimaryKey("integration_id", "day")
    integration = models.ForeignKey(
        Integration, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    day = models.DateField()
    revision = models.BigIntegerField(default=1)
    judged = models.BigIntegerField(default=0, db_default=0)
    counts = ArrayField(
        models.PositiveIntegerField(), default=list, db_default=[], blank=True
    )
    burst_size = models.PositiveIntegerField(_("burst size"), null=True)

    objects = BurstDayQuerySet.as_manager()

    class Meta:
        db_table = "integration_burst_days"

    def __str__(self) -> str:
        return f"{self.integration_id} {self.day}"
