from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from rest_framework.test import APIClient

from qa_observability.tokens import issue_token

NOW = datetime(2026, 1, 10, 10, 30, tzinfo=UTC)


@pytest.fixture
def user(db):
    cache.clear()  # the throttle counts across tests
    return User.objects.create_user("quinn", password="a-long-password")


@pytest.fixture
def grant(user):
    def give(right):
        app, codename = right.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )

    return give


@pytest.fixture
def api(user):
    """A client signed in as quinn, who has no rights."""
    client = APIClient(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def token_client(user):
    """Make a client with a token of quinn's."""

    def client_with(*scopes, **options):
        issued = issue_token(user, scopes, name="test", by=None, now=NOW, **options)
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Token {issued.key}")
        return client

    return client_with
