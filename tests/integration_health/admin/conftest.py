import pytest
from django.contrib.auth.models import User


@pytest.fixture
def boss(client, db):
    """A client signed in as an administrator."""
    client.force_login(User.objects.create_superuser("ana", password="a-long-password"))
    return client
