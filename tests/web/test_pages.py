"""Signing in, preferences, the theme, and pages for what goes wrong."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from qa_observability.models import Preference

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user("ana", password="a-long-password")


@pytest.fixture
def reader(client, person):
    client.force_login(person)
    return client


def test_sign_in_leads_on_to_the_page_asked_for(client, person):
    given = {"username": "ana", "password": "a-long-password", "next": "/preferences"}

    response = client.post("/sign-in", given)

    assert (response.status_code, response["Location"]) == (302, "/preferences")


def test_wrong_password_keeps_the_name_and_says_what_is_wrong(client, person):
    response = client.post("/sign-in", {"username": "ana", "password": "wrong"})

    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="ana"' in page
    assert "do not match" in page


def test_preferences_need_a_sign_in(client):
    response = client.get("/preferences")

    assert response["Location"] == "/sign-in?next=/preferences"


def test_preferences_are_kept(reader, person):
    response = reader.post(
        "/preferences",
        {
            "time_zone": "America/Sao_Paulo",
            "language": "en",
            "theme": "dark",
            "single_keys": "",
        },
    )

    stored = Preference.objects.get(user=person)
    assert response["Location"] == "/preferences"
    assert response.cookies["django_language"].value == "en"
    assert (stored.time_zone, stored.language, stored.theme, stored.single_keys) == (
        "America/Sao_Paulo",
        "en",
        "dark",
        False,
    )


def test_an_unknown_zone_is_refused_and_named(reader):
    response = reader.post(
        "/preferences", {"time_zone": "Mars/Olympus", "theme": "dark"}
    )

    assert "Mars/Olympus is not one of the available choices" in (
        response.content.decode()
    )
    assert Preference.objects.count() == 0


def test_a_stored_zone_shows_on_the_page(reader, person):
    Preference.objects.create(user=person, time_zone="Asia/Kolkata", theme="dark")

    page = reader.get("/preferences").content.decode()

    assert "UTC+5:30" in page
    assert 'data-theme="dark"' in page


def test_a_zone_that_is_no_longer_known_reads_as_utc(reader, person):
    Preference.objects.create(user=person, time_zone="Gone/Zone")

    assert (
        '<span class="zone">UTC</span>' in reader.get("/preferences").content.decode()
    )


def test_the_theme_of_a_signed_out_reader_is_a_cookie(client):
    response = client.post("/theme", {"theme": "dark", "next": "/sign-in"})

    assert response["Location"] == "/sign-in"
    assert 'data-theme="dark"' in client.get("/sign-in").content.decode()


def test_the_theme_of_a_person_is_stored(reader, person):
    reader.post("/theme", {"theme": "light", "next": "/preferences"})

    assert Preference.objects.get(user=person).theme == "light"


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x"]
)
def test_the_theme_switch_leads_nowhere_else(client, address):
    response = client.post("/theme", {"theme": "dark", "next": address})

    assert response["Location"] == "/dashboard"


def test_an_unknown_theme_changes_nothing(client):
    response = client.post("/theme", {"theme": "neon", "next": "/sign-in"})

    assert (response["Location"], dict(response.cookies)) == ("/sign-in", {})


def test_a_wrong_address_says_so(reader):
    response = reader.get("/dashboard/nothing")

    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_pages_have_no_inline_style_or_script(reader):
    for name in ("sign-in", "preferences"):
        page = reader.get(reverse(name), follow=True).content.decode()

        assert (
            re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page) == []
        )
