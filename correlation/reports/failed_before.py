"""Which tests failed shortly before a moment? Those linked with the channel first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from correlation.models import Alarm

WITHIN: Final = timedelta(hours=1)
MOST: Final = 10
_MOST_READ: Final = 500  # an hour's alarms of a large suite; the newest count


@dataclass(frozen=True, slots=True)
class FailedBefore:
    """A test whose failure came before; ``score`` (0-1) when it announces the channel."""

    test_case_id: str
    test_case_name: str
    failed_at: datetime
    lead: timedelta
    score: Decimal | None


def failed_before(
    moment: datetime, scores: Mapping[str, Decimal]
) -> tuple[FailedBefore, ...]:
    """Return up to ten tests that raised an alarm in the hour before ``moment``.

    ``scores`` are those of tests known to announce the channel: they come first, the
    strongest before the others; then the newest. Each test once, by its last alarm. One
    query.
    """
    alarms = (
        Alarm.objects.filter(failed_at__gte=moment - WITHIN, failed_at__lt=moment)
        .select_related("test_case")
        .order_by("failed_at", "test_case_id")
        .reverse()[:_MOST_READ]
    )
    newest = {alarm.test_case_id: alarm for alarm in reversed(alarms)}
    found = [
        FailedBefore(
            alarm.test_case_id,
            alarm.test_case.name,
            alarm.failed_at,
            moment - alarm.failed_at,
            scores.get(alarm.test_case_id),
        )
        for alarm in newest.values()
    ]
    found.sort(key=lambda each: (-(each.score or 0), each.lead, each.test_case_id))
    return tuple(found[:MOST])
