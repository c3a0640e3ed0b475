import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from rest_framework.test import APIClient


def client_of(name: str, *rights: str) -> APIClient:
    user = User.objects.create_user(name)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = APIClient(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _no_throttle(db):
    cache.clear()


@pytest.fixture
def viewer():
    return client_of("vera")


@pytest.fixture
def lead():
    return client_of("leo", "view_money")


@pytest.fixture
def admin():
    return client_of("ada", "view_money", "configure_revenue")
