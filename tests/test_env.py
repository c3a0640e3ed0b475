"""A variable that cannot be used is named, what it holds never shown."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from qa_observability.env import database, mail, required, secret, site_address


@pytest.mark.parametrize(
    ("name", "read", "url"),
    [
        ("DATABASE_URL", database, "postgres://qa:can/ary7@host/name"),
        ("DATABASE_URL", database, "postgres://qa:can?ary7@host/name"),
        ("EMAIL_URL", mail, "smtp+tls://qa:can/ary7@host:587"),
        ("EMAIL_URL", mail, "smtp+tls://qa:can#ary7@host:587"),
        ("EMAIL_URL", mail, "smtp+tls://qa:canary7@[host:587"),
    ],
)
def test_a_url_that_cannot_be_read_is_named_and_not_quoted(
    name, read, url, monkeypatch
):
    monkeypatch.setenv(name, url)

    with pytest.raises(ImproperlyConfigured) as refusal:
        read()

    assert str(refusal.value) == (
        f"{name} is no URL that can be read: write signs such as / ? # @ in user and "
        "password percent-encoded."
    )
    assert refusal.value.__suppress_context__


def test_signs_of_a_password_are_read_percent_encoded(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://qa:can%2Fary%237@host:5433/name")

    found = database()

    wanted = ("ENGINE", "HOST", "PORT", "USER", "PASSWORD", "NAME")
    assert {key: found[key] for key in wanted} == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "host",
        "PORT": 5433,
        "USER": "qa",
        "PASSWORD": "can/ary#7",
        "NAME": "name",
    }


def test_another_database_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://qa:canary7@host/name")

    with pytest.raises(ImproperlyConfigured) as refusal:
        database()

    assert "canary7" not in str(refusal.value)
    assert "must name a PostgreSQL database" in str(refusal.value)


def test_a_weak_secret_is_measured_and_not_quoted(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary7")

    with pytest.raises(ImproperlyConfigured) as refusal:
        secret("SECRET_KEY")

    assert str(refusal.value) == (
        "SECRET_KEY is too weak: it has 7 characters, at least 40 are needed."
    )


def test_what_is_missing_is_named_with_its_cure(monkeypatch):
    monkeypatch.delenv("REVENUE_KEYS", raising=False)

    with pytest.raises(ImproperlyConfigured) as refusal:
        required("REVENUE_KEYS", "Set it.")

    assert str(refusal.value) == "REVENUE_KEYS is not set. Set it."


@pytest.mark.parametrize(
    ("given", "address"),
    [
        pytest.param("", "", id="nobody said"),
        pytest.param("https://qa.example.com/", "https://qa.example.com", id="a site"),
        pytest.param("http://host:8000/qa", "http://host:8000/qa", id="below a path"),
    ],
)
def test_mails_link_to_the_site_as_people_type_it(given, address, monkeypatch):
    monkeypatch.setenv("SITE_ADDRESS", given)

    assert site_address() == address


def test_an_address_that_is_no_link_stops_the_start(monkeypatch):
    monkeypatch.setenv("SITE_ADDRESS", "qa.example.com")

    with pytest.raises(ImproperlyConfigured, match="SITE_ADDRESS must be the address"):
        site_address()
