from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from qa_observability.models import AuditEntry, Token
from qa_observability.tokens import issue_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    user = User.objects.create_user("quinn")
    issued = issue_token(user, ["ingest"], name="ci", by=None, now=timezone.now())
    return issued.key


def revoked(said):
    out = StringIO()
    call_command("revoke_token", said, stdout=out)
    return out.getvalue()


def status(client, key):
    headers = {"Authorization": f"Token {key}"}
    return client.post("/api/v1/integrations/events", headers=headers).status_code


@pytest.mark.parametrize("length", [100, 11, 8])
def test_a_token_is_revoked_by_its_key_or_its_first_signs(client, key, length):
    said = key.removeprefix("qa_")[:8] if length == 8 else key[:length]
    before = status(client, key)

    assert revoked(said) == "Revoked 'ci' of quinn.\n"
    assert (before, status(client, key)) == (403, 401)
    assert AuditEntry.objects.filter(action="token.revoked").count() == 1


def test_the_others_stay(key):
    other = issue_token(
        User.objects.get(), ["read"], name="other", by=None, now=timezone.now()
    )

    revoked(key)

    assert Token.objects.get(revoked_at=None) == other.token


def test_revoking_again_says_when_it_was(key):
    revoked(key)

    with pytest.raises(CommandError, match=r"was revoked already, at 20\d\d-"):
        revoked(key)


def test_an_unknown_key_is_told_by_its_first_signs_alone(key):
    with pytest.raises(CommandError) as refused:
        revoked("qa_unknown0-and-the-rest-of-a-secret")

    assert str(refused.value) == "No token begins with 'unknown0'; look in the admin."


def test_two_that_begin_alike_are_left_to_the_admin(key):
    issue_token(User.objects.get(), ["read"], name="b", by=None, now=timezone.now())
    Token.objects.update(prefix="alike000")

    with pytest.raises(CommandError, match="Several begin with 'alike000'"):
        revoked("alike000")

    assert not Token.objects.exclude(revoked_at=None).exists()
