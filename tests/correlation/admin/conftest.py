"""Someone who may do everything, at the admin's door."""

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def admin():
    user = User.objects.create_superuser("root", password="a-long-password")
    client = Client()
    client.force_login(user)
    return client
