"""Where does a setting come from? The one place that reads the environment.

Order: real environment variables, then ``.env`` beside ``manage.py`` (a developer's own),
then ``runtime.env`` in the local folder, which ``make run`` writes so that a command in a
second terminal finds the same servers and keys.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = Path(os.environ.get("LOCAL_DIR", BASE_DIR / ".local"))
SHORTEST_SECRET = 40

env = environ.Env()


def read_files() -> None:
    """Fill in what the environment leaves out from ``.env`` and ``runtime.env``.

    A file that is absent, or that this account may not read, is passed over: the
    variables it would have set are then reported one by one, by name.
    """
    for path in (BASE_DIR / ".env", LOCAL_DIR / "runtime.env"):
        if path.is_file() and os.access(path, os.R_OK):
            environ.Env.read_env(path)


def required(name: str, cure: str) -> str:
    """Return the variable, or stop the start with a sentence naming it and the cure."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {cure}")
    return value


def secret(name: str) -> str:
    """Return a secret of at least 40 characters, or stop the start naming it."""
    value = required(
        name,
        "Start with `make run`, which creates it, or set it to a random value of at "
        f"least {SHORTEST_SECRET} characters.",
    )
    if len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{name} is too weak: it has {len(value)} characters, at least "
            f"{SHORTEST_SECRET} are needed."
        )
    return value


def database() -> dict[str, Any]:
    """Return Django's settings of the database that ``DATABASE_URL`` names.

    The host may be a percent-encoded folder of a Unix socket: ``postgres://qa@%2Frun/qa``.
    """
    url = required(
        "DATABASE_URL",
        "Start `make run` first (it starts PostgreSQL and says where), or set it to "
        "postgres://user:password@host:port/name.",
    )
    settings = _parsed("DATABASE_URL", environ.Env.db_url_config, url)
    if not settings["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured(
            "DATABASE_URL must name a PostgreSQL database (postgres://...)."
        )
    return settings | {
        "HOST": unquote(settings["HOST"]),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def site_address() -> str:
    """Return where people open the pages, for links in mails; empty when nobody said.

    Without a slash at the end.
    """
    given: str = env.str("SITE_ADDRESS", default="")
    if given and not given.startswith(("https://", "http://")):
        raise ImproperlyConfigured(
            "SITE_ADDRESS must be the address of the pages: https://qa.example.com."
        )
    return given.rstrip("/")


def mail() -> dict[str, Any]:
    """Return where mails go; to standard output unless ``EMAIL_URL`` names a server."""
    url = env.str("EMAIL_URL", default="consolemail://")
    return _parsed("EMAIL_URL", environ.Env.email_url_config, url)


def _parsed(
    name: str, parse: Callable[[str], dict[str, Any]], url: str
) -> dict[str, Any]:
    """Return a URL's parts; a parser's own complaint would quote half a password."""
    try:
        return parse(url)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is no URL that can be read: write signs such as / ? # @ in user "
            "and password percent-encoded."
        ) from None


def celery_broker(redis_url: str) -> str:
    """Return the broker address Celery understands for a Redis URL.

    A Unix socket is ``unix://`` for the client library and ``redis+socket://`` for
    Celery; every other form is the same for both.
    """
    if redis_url.startswith("unix://"):
        return redis_url.replace("unix://", "redis+socket://", 1)
    return redis_url
