"""Does a start have to load the sample quarter?"""

from datetime import datetime, timedelta

from correlation.models import TestResult
from integration_health.enums import Source
from integration_health.models import ImportBatch, IntegrationEvent, IntegrationHealth
from revenue.models import RevenueAssumption

# Its last night is then history: channels would be stale before anybody looked.
GROWN_OLD = timedelta(hours=12)


def sample_needed(now: datetime) -> bool:
    """Whether nothing is stored, or only a sample that ends more than 12 hours ago.

    Anything real, be it one assumption, keeps the sample away: it would stand beside it.
    """
    if _anything_real():
        return False
    last = TestResult.objects.order_by("-executed_at").first()
    return last is None or now - last.executed_at > GROWN_OLD


def _anything_real() -> bool:
    return (
        ImportBatch.objects.exclude(source=Source.SAMPLE).exists()
        or IntegrationHealth.objects.exclude(source=Source.SAMPLE).exists()
        or IntegrationEvent.objects.exclude(source=Source.SAMPLE).exists()
        or TestResult.objects.filter(sample=False).exists()
        or RevenueAssumption.objects.filter(sample=False).exists()
    )
