"""People who open pages."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client


def signed_in(role: str) -> Client:
    user = User.objects.create_user(role.replace(" ", "-").lower())
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def viewer(db):
    return signed_in("Viewer")


@pytest.fixture
def engineer(db):
    return signed_in("QA engineer")


@pytest.fixture
def lead(db):
    return signed_in("QA lead")
