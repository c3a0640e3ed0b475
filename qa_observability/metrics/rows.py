"""How many rows came in, and what became of them?"""

from functools import partial

from django.db import transaction

from qa_observability.metrics.families import INGESTED
from qa_observability.metrics.store import shared_store


def count_rows(
    kind: str, source: str, *, accepted: int, duplicates: int, rejected: int
) -> None:
    """Count the rows once the caller's transaction is in; a rollback counts nothing.

    ``kind`` and ``source`` come from short fixed lists: every pair is a time series.
    """
    outcomes = {"accepted": accepted, "duplicate": duplicates, "rejected": rejected}
    increments = [
        increment
        for outcome, count in outcomes.items()
        for increment in INGESTED.added(kind, source, outcome, amount=count)
    ]
    transaction.on_commit(partial(shared_store().add, increments))
