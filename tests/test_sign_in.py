import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.api.test_pages import INLINE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quinn():
    return User.objects.create_user("quinn", password="eight-wild-geese")


def sign_in(password, name="quinn", address="192.0.2.1"):
    return Client(REMOTE_ADDR=address).post(
        "/sign-in", {"username": name, "password": password}
    )


def test_the_right_password_gets_in():
    assert sign_in("eight-wild-geese").status_code == 302


def test_the_fifth_failure_locks_the_name_from_that_address():
    statuses = [sign_in("guess").status_code for _ in range(5)]

    response = sign_in("eight-wild-geese")
    assert statuses[:4] == [200] * 4
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert "locked from here for 15 minutes" in response.content.decode()


def test_others_and_other_addresses_are_not_locked():
    for _ in range(6):
        sign_in("guess")

    assert sign_in("eight-wild-geese", address="192.0.2.2").status_code == 302


def test_a_success_forgets_the_failures():
    for password in ["guess"] * 4 + ["eight-wild-geese"] + ["guess"] * 4:
        sign_in(password)

    assert sign_in("eight-wild-geese").status_code == 302


def test_a_form_without_its_token_is_refused_in_words():
    client = Client(enforce_csrf_checks=True)

    response = client.post(
        "/sign-in", {"username": "quinn", "password": "eight-wild-geese"}
    )

    assert response.status_code == 403
    assert "Nothing was changed." in response.content.decode()
    assert INLINE.findall(response.content.decode()) == []
