import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from integration_health.ingest.events import EventInput, ingest_events
from qa_observability.metrics.families import INGESTED
from qa_observability.metrics.rows import count_rows
from qa_observability.metrics.store import PREFIX


@pytest.fixture
def counted(broker):
    def read():
        fields = broker.hgetall(PREFIX + INGESTED.name)
        return {
            tuple(json.loads(field)): int(amount) for field, amount in fields.items()
        }

    return read


@pytest.mark.django_db
def test_rows_are_counted_once_they_are_in(counted, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        count_rows("events", "api", accepted=3, duplicates=1, rejected=0)
        before = counted()

    assert before == {}
    assert counted() == {
        ("events", "api", "accepted"): 3,
        ("events", "api", "duplicate"): 1,
        ("events", "api", "rejected"): 0,
    }


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_rolled_back_is_not_counted(counted):
    with transaction.atomic():
        count_rows("events", "api", accepted=3, duplicates=1, rejected=0)
        transaction.set_rollback(True)

    assert counted() == {}


@pytest.mark.django_db
def test_the_ingest_verb_counts(counted, django_capture_on_commit_callbacks):
    now = timezone.now()

    def event(line, integration_id="vrbo"):
        return EventInput(
            line=line,
            integration_id=integration_id,
            event_type="api_error",
            severity="low",
            occurred_at=now - timedelta(hours=1),
        )

    with django_capture_on_commit_callbacks(execute=True):
        ingest_events(
            [event(1), event(2), event(3, "expedia")],
            source="api",
            actor="ada",
            now=now,
        )

    assert counted() == {
        ("events", "api", "accepted"): 1,
        ("events", "api", "duplicate"): 1,
        ("events", "api", "rejected"): 1,
    }
