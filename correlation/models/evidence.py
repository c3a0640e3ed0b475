"""What was counted of past days? Kept so that a refresh counts only days that changed."""

from django.db import models
from django.db.models import Q


class AlarmChange(models.Model):
    """Alarms of a UTC day came or went; a trigger on ``test_alarms`` writes the rows.

    The sum of ``changes`` over a day's rows is the revision of its alarms. Rows are only
    added, so that importers never wait for each other.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    changes = models.BigIntegerField()

    class Meta:
        db_table = "test_alarm_changes"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day}: {self.changes}"


class EvidenceDay(models.Model):
    """What one UTC day adds to the evidence of all tests, judged with one window.

    Of one integration, or with an empty ``integration_id`` what its alarms are. ``marks``
    are those of :mod:`correlation.domain.days`, as little-endian uint32. They stand while
    ``revision`` is that of the day's alarms, and ``fingerprint`` that of what was watched.
    """

    id = models.BigAutoField(primary_key=True)
    window_seconds = models.PositiveIntegerField()
    integration_id = models.CharField(max_length=50, blank=True)
    day = models.DateField()
    revision = models.BigIntegerField()
    fingerprint = models.BinaryField()
    marks = models.BinaryField()

    class Meta:
        db_table = "test_evidence_days"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="one_evidence_day_per_window_and_integration",
                fields=["window_seconds", "integration_id", "day"],
            ),
            models.CheckConstraint(
                name="evidence_day_revision_is_not_negative",
                condition=Q(revision__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.integration_id or '*'} {self.day}"
