import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from rest_framework.test import APIClient


@pytest.fixture
def user(db):
    cache.clear()  # the throttle counts across tests
    return User.objects.create_user("quinn", password="a-long-password")


@pytest.fixture
def api(user):
    """A client signed in as quinn, who may do everything with channel health."""
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="integration_health")
    )
    client = APIClient(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def viewer(user):
    """A client signed in as quinn, who has no rights."""
    client = APIClient(raise_request_exception=False)
    client.force_login(user)
    return client
