from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from qa_observability.models import AuditEntry, Token
from qa_observability.tokens import digest_of, issue_token, revoke_token, token_for

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 10, 10, 30, tzinfo=UTC)


@pytest.fixture
def user():
    return User.objects.create_user("quinn")


def issue(user, scopes=("read",), **options):
    return issue_token(user, scopes, name="pipeline", by=user, now=NOW, **options)


def test_the_key_is_stored_nowhere(user):
    issued = issue(user)

    (row,) = Token.objects.values()
    (entry,) = AuditEntry.objects.values()
    assert issued.key.startswith("qa_")
    assert len(issued.key) == 46
    assert issued.key[3:] not in f"{row}{entry}"
    assert row["digest"] == digest_of(issued.key)
    assert row["prefix"] == issued.key[3:11]


def test_two_keys_differ(user):
    assert issue(user).key != issue(user).key


def test_the_key_finds_its_token(user):
    issued = issue(user)

    assert token_for(issued.key) == issued.token
    assert token_for(issued.key + "x") is None


def test_issuing_is_audited(user):
    issued = issue(user, ("ingest", "read", "read"), expires_at=NOW + timedelta(days=1))

    (entry,) = AuditEntry.objects.all()
    assert (entry.actor_id, entry.actor_name, entry.action) == (
        user.pk,
        "quinn",
        "token.issued",
    )
    assert (entry.target_type, entry.target_id) == (
        "qa_observability.token",
        str(issued.token.pk),
    )
    assert entry.before is None
    assert entry.after == {
        "name": "pipeline",
        "user": "quinn",
        "scopes": ["ingest", "read"],
        "expires_at": "2026-01-11T10:30:00Z",
        "revoked_at": None,
    }


def test_revoking_is_audited_once(user):
    token = issue(user).token

    revoke_token(token, by=user, now=NOW)
    revoke_token(token, by=user, now=NOW + timedelta(hours=1))

    assert Token.objects.get().revoked_at == NOW
    entry = AuditEntry.objects.get(action="token.revoked")
    assert (entry.before["revoked_at"], entry.after["revoked_at"]) == (
        None,
        "2026-01-10T10:30:00Z",
    )


@pytest.mark.parametrize(
    ("change", "state"),
    [
        pytest.param({}, "usable", id="fresh"),
        pytest.param({"expires_at": NOW}, "expired", id="expires now"),
        pytest.param(
            {"expires_at": NOW + timedelta(seconds=1)}, "usable", id="a second left"
        ),
        pytest.param({"expires_at": NOW, "revoked_at": NOW}, "revoked", id="both"),
    ],
)
def test_state(change, state):
    assert Token(**change).state(NOW) == state


def test_usable_tokens(user):
    usable = issue(user).token
    issue(user, expires_at=NOW + timedelta(hours=1))
    revoke_token(issue(user).token, by=None, now=NOW)
    disabled = User.objects.create_user("left", is_active=False)
    issue(disabled)

    assert list(Token.objects.usable(NOW + timedelta(hours=1))) == [usable]


@pytest.mark.parametrize(
    ("scopes", "constraint"),
    [
        pytest.param([], "token_scopes_are_known", id="none"),
        pytest.param(["read", "root"], "token_scopes_are_known", id="unknown"),
    ],
)
def test_unknown_scopes_are_refused_by_the_database(user, scopes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        issue(user, scopes)


def test_a_token_cannot_be_born_expired(user):
    with pytest.raises(IntegrityError, match="token_expires_after_it_was_created"):
        issue(user, expires_at=NOW)
