from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from qa_observability.models import Token
from qa_observability.tokens import revoke_token
from tests.api.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


def answer(client):
    response = client.get("/api/v1/open")
    return response.status_code, response.json().get("code")


def test_a_usable_token_gets_in(token_client):
    assert answer(token_client("read")) == (200, None)


@pytest.mark.parametrize("scheme", ["token", "TOKEN"])
def test_the_scheme_is_not_case_sensitive(token_client, scheme):
    client = token_client("read")
    key = client._credentials["HTTP_AUTHORIZATION"].split()[1]
    client.credentials(HTTP_AUTHORIZATION=f"{scheme}  {key} ")

    assert answer(client) == (200, None)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("Token", id="no key"),
        pytest.param("Token nonsense", id="unknown"),
        pytest.param("Token " + "x" * 10_000, id="endless"),
        pytest.param("Token \xff\x00", id="not ASCII"),
    ],
)
def test_an_unknown_key_is_refused(user, header):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)

    assert answer(client) == (401, "unknown_token")


def test_another_scheme_is_nobody_of_ours(user):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Basic cXVpbm46eA==")

    assert answer(client) == (401, "not_authenticated")


def test_an_expired_token_is_refused(token_client):
    client = token_client("read", expires_at=NOW + timedelta(seconds=1))

    assert answer(client) == (401, "token_expired")


def test_a_revoked_token_is_refused_at_once(token_client):
    client = token_client("read")
    revoke_token(Token.objects.get(), by=None, now=timezone.now())

    assert answer(client) == (401, "token_revoked")


def test_the_token_of_a_disabled_user_is_refused(user, token_client):
    client = token_client("read")
    user.is_active = False
    user.save()

    assert answer(client) == (401, "user_disabled")


def test_last_use_is_written_at_most_once_a_minute(
    token_client, django_assert_num_queries
):
    client = token_client("read")
    client.get("/api/v1/open")

    first = Token.objects.get().last_used_at
    with django_assert_num_queries(1):  # the token with its user
        client.get("/api/v1/open")

    assert first is not None
    assert Token.objects.get().last_used_at == first


def test_last_use_is_written_again_after_a_minute(token_client):
    client = token_client("read")
    old = datetime(2026, 1, 1, tzinfo=UTC)
    Token.objects.update(last_used_at=old)

    client.get("/api/v1/open")

    assert Token.objects.get().last_used_at not in {old, None}


def test_guessing_keys_is_slowed_down(user):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Token guess")

    answers = [client.get("/api/v1/open") for _ in range(61)]

    assert [response.status_code for response in answers] == [401] * 60 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 61


def test_a_session_needs_the_csrf_token_to_write(user):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)

    response = client.post("/api/v1/open", {}, format="json")

    assert response.status_code == 403
    assert response.json()["detail"].startswith("CSRF Failed")
