"""What do people say of a link? The newest word on each pair."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from correlation.models import LinkFeedback


@dataclass(frozen=True, slots=True)
class Feedback:
    """A person's word on a link: confirmed, or rejected as not related."""

    confirmed: bool
    actor: str
    note: str
    at: datetime


def newest_feedback(test_case_ids: Collection[str]) -> dict[tuple[str, str], Feedback]:
    """Return the newest feedback by (test, integration) of these tests; one query."""
    rows = (
        LinkFeedback.objects.filter(test_case_id__in=test_case_ids)
        .order_by("test_case_id", "integration_id", "-created_at")
        .distinct("test_case_id", "integration_id")
    )
    return {
        (row.test_case_id, row.integration_id): Feedback(
            row.confirmed, row.actor, row.note, row.created_at
        )
        for row in rows
    }
