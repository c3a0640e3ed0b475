"""How do new answers replace the old ones? In one transaction, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from correlation.models import TestIntegrationCorrelation

_REFRESHED = [
    "correlation_score",
    "correlation_type",
    "pattern",
    "confidence",
    "strength",
    "trials",
    "hits",
    "expected",
    "p_value",
    "q_value",
    "median_lag_seconds",
    "window_seconds",
    "evidence_from",
    "evidence_to",
    "last_alarm_at",
    "last_correlated",
    "updated_at",
]


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many links stand now, and how many of the old ones went."""

    written: int
    removed: int


def replace_links(links: Sequence[TestIntegrationCorrelation]) -> Replaced:
    """Make ``links`` the whole table; a pair that stays keeps its id and creation.

    Runs in one transaction: readers see the old answers until the new ones are whole,
    and a failure half-way leaves the old ones.
    """
    pairs = {(link.test_case_id, link.integration_id) for link in links}
    table = TestIntegrationCorrelation.objects
    with transaction.atomic(savepoint=False):
        gone = [
            pk
            for pk, *pair in table.values_list("pk", "test_case_id", "integration_id")
            if tuple(pair) not in pairs
        ]
        table.filter(pk__in=gone).delete()
        table.bulk_create(
            links,
            update_conflicts=True,
            unique_fields=["test_case", "integration"],
            update_fields=_REFRESHED,
            batch_size=1000,
        )
    return Replaced(len(links), len(gone))
