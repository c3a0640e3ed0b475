import pytest
from django.contrib.auth.models import Group, User
from django.test import Client


@pytest.fixture
def person(db):
    """Make a person in a role and a client signed in as them."""

    def make(role, name="ada"):
        user = User.objects.create_user(name, password="a-long-password")
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        return user, client

    return make


@pytest.fixture
def root(db):
    """A superuser's client."""
    client = Client()
    client.force_login(
        User.objects.create_superuser("root", password="a-long-password")
    )
    return client
