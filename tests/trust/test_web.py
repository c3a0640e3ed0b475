"""What browsers are told, and what production settings amount to."""

import ast
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tests.runtime.started import HOUSE

PACKAGES = ("qa_observability", "integration_health", "revenue", "correlation")
# Who can ask other machines; the runtime asks only the server it started.
ASKING = {"http.client", "urllib.request", "socket", "requests", "httpx", "aiohttp"}
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def test_production_settings_pass_every_check_of_django():
    environ = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "Zk3vQ9wL7xB1nR5tY8uI2oP4aS6dF0gH-jK_zXcVbNmQwErTyU",
        "REVENUE_KEYS": settings.REVENUE_KEYS,
        "DATABASE_URL": "postgres://qa:secret@db/qa",
        "REDIS_URL": "redis://broker:6379/0",
        "LOCAL_DIR": os.devnull,
    }

    done = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "manage.py"),
            *("check", "--deploy", "--fail-level", "WARNING"),
        ],
        cwd=HOUSE,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


@pytest.fixture
def https(settings):
    """The service as behind a proxy that ends TLS."""
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return Client(headers={"x-forwarded-proto": "https"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sign-in", 200),
        ("/admin/", 302),
        ("/api/v1/alerts", 401),
        ("/nowhere", 404),
        ("/healthz", 200),
    ],
)
def test_every_answer_tells_browsers_the_rules(address, status, https):
    answer = https.get(address)

    assert answer.status_code == status
    policy = dict(
        part.strip().split(" ", 1)
        for part in answer["Content-Security-Policy"].split(";")
    )
    assert policy == CSP
    assert answer["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_plain_http_is_sent_to_https(https):
    answer = Client().get("/sign-in?next=/dashboard")

    assert answer.status_code == 301
    assert answer["Location"] == "https://testserver/sign-in?next=/dashboard"


@pytest.mark.django_db
def test_cookies_are_for_our_site_over_tls_alone(https):
    User.objects.create_user("ada", password="a long enough one")
    https.get("/sign-in")

    https.post("/sign-in", {"username": "ada", "password": "a long enough one"})

    session, csrf = https.cookies["sessionid"], https.cookies["csrftoken"]
    assert (session["secure"], session["httponly"], session["samesite"]) == (
        True,
        True,
        "Lax",
    )
    assert (csrf["secure"], csrf["samesite"]) == (True, "Lax")
    assert session["max-age"] == pytest.approx(12 * 3600, abs=60)


@pytest.mark.django_db
def test_a_session_ends_twelve_hours_after_signing_in_whatever_is_done(
    client, monkeypatch
):
    client.force_login(User.objects.create_user("ada"))
    real = timezone.now

    def status_after(hours):
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=hours))
        return client.get("/preferences").status_code

    assert [status_after(hours) for hours in (0, 6, 11.9, 12.1)] == [200, 200, 200, 302]


@pytest.mark.parametrize(
    "password", ["short-one12", "password1234", "123456789012345", "ada.lovelace1"]
)
def test_weak_passwords_are_refused(password):
    person = User(username="ada.lovelace", email="ada.lovelace1@example.com")

    with pytest.raises(ValidationError):
        validate_password(password, person)


def test_a_long_unusual_password_is_taken():
    assert validate_password("violet harbour 7 lamps", User(username="ada")) is None


def modules_asked_for(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_server_asks_no_other_machine():
    """Nothing people send can make it call an internal address: it calls none.

    Mail leaves through Django alone, to the server the environment names.
    """
    found = {
        str(path.relative_to(HOUSE))
        for package in PACKAGES
        for path in (HOUSE / package).rglob("*.py")
        if not ASKING.isdisjoint(modules_asked_for(path))
    }

    assert {path for path in found if "/runtime/" not in path} == set()
