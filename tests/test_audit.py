from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
import structlog
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, transaction

from qa_observability.audit import record
from qa_observability.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_which_record():
    user = User.objects.create_user("ada")
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        record(
            user,
            "user.disabled",
            user,
            before={"active": True},
            after={"active": False},
            reason="left",
        )

    (entry,) = AuditEntry.objects.values()
    assert entry.pop("id")
    assert entry.pop("at")
    assert entry == {
        "actor_id": user.pk,
        "actor_name": "ada",
        "action": "user.disabled",
        "target_type": "auth.user",
        "target_id": str(user.pk),
        "before": {"active": True},
        "after": {"active": False},
        "reason": "left",
        "request_id": "r-1",
    }


@pytest.mark.parametrize("actor", [None, AnonymousUser()])
def test_commands_and_jobs_act_as_the_system(actor):
    entry = record(actor, "key.rotated", "revenue keys")

    assert (entry.actor_id, entry.actor_name) == (None, "system")
    assert (entry.target_type, entry.target_id) == ("revenue keys", "")


def test_fields_become_what_json_can_hold():
    entry = record(
        None,
        "assumption.set",
        "assumption",
        after={
            "value": Decimal("250.00"),
            "valid_from": datetime(2026, 1, 1, tzinfo=UTC),
            "id": UUID(int=1),
        },
    )

    entry.refresh_from_db()
    assert entry.after == {
        "value": "250.00",
        "valid_from": "2026-01-01T00:00:00Z",
        "id": "00000000-0000-0000-0000-000000000001",
    }


def test_an_entry_outlives_its_user():
    user = User.objects.create_user("ada")
    record(user, "looked", "x")

    user.delete()

    assert AuditEntry.objects.get().actor_name == "ada"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda entries: entries.update(reason="other"), id="update"),
        pytest.param(lambda entries: entries.delete(), id="delete"),
    ],
)
def test_the_database_refuses_to_change_the_trail(change):
    record(None, "looked", "x", reason="first")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change(AuditEntry.objects.all())

    assert AuditEntry.objects.get().reason == "first"
