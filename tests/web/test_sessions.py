"""A session ends at a fixed time, which the page knows and which can be put off."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def quinn(settings):
    settings.SESSION_COOKIE_AGE = HOUR
    User.objects.create_user("quinn", password="eight-wild-geese")
    client = Client()
    client.post("/sign-in", {"username": "quinn", "password": "eight-wild-geese"})
    return client


def left(client):
    end = client.get("/preferences").context["session_end"]
    return end.seconds_left


def move_end(client, **by):
    session = client.session
    session.set_expiry(timezone.now() + timedelta(**by))
    session.save()


def test_the_end_does_not_move_while_pages_are_read(quinn):
    move_end(quinn, minutes=10)

    assert 590 <= left(quinn) <= 600
    assert 590 <= left(quinn) <= 600


def test_signing_in_gives_the_whole_time_and_a_warning_before_its_end(quinn):
    end = quinn.get("/preferences").context["session_end"]

    assert HOUR - 60 < end.seconds_left <= HOUR
    assert end.seconds_warned == 300


def test_a_short_session_is_warned_of_in_its_last_fifth(quinn, settings):
    settings.SESSION_COOKIE_AGE = 60

    assert quinn.get("/preferences").context["session_end"].seconds_warned == 12


def test_whoever_asks_stays_signed_in(quinn):
    move_end(quinn, minutes=1)

    response = quinn.post("/stay-signed-in")

    assert (response.status_code, response["Location"]) == (302, "/dashboard")
    assert left(quinn) > HOUR - 60


def test_the_script_gets_the_new_end_alone(quinn):
    move_end(quinn, minutes=1)

    page = quinn.post("/stay-signed-in", headers={"HX-Request": "true"})

    assert page.content.decode().strip().startswith('<div class="session" id="session"')
    assert page.context["session_end"].seconds_left > HOUR - 60


def test_it_is_too_late_after_the_end(quinn):
    move_end(quinn, seconds=-1)

    response = quinn.post("/stay-signed-in")

    assert response["Location"] == "/sign-in?next=/stay-signed-in"


def test_only_a_post_prolongs(quinn):
    assert quinn.get("/stay-signed-in").status_code == 405
