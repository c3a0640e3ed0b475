"""The product on the sample quarter, served by a process with a database of its own.

Not pytest-django's live server: its database is emptied after every test, and loading a
quarter takes longer than looking at it.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from django.conf import settings
from psycopg import sql

PASSWORD = "a-long-password"
PATIENCE_SECONDS = 120
THREADS = 4  # each holds one database connection

PEOPLE = f"""
from django.contrib.auth.models import Group, User
people = {{"lead": "QA lead", "viewer": "Viewer", "admin": "Admin"}}
for name, role in people.items():
    user = User.objects.create_user(name, password="{PASSWORD}")
    user.groups.add(Group.objects.get(name=role))
"""

TROUBLE = "from tests.pages.troubled import trouble; trouble()"


@contextmanager
def served_sample(*, empty: bool = False, troubled: bool = False) -> Iterator[str]:
    """Serve the product on a loopback port; yield its address.

    With ``empty`` there is no data at all, as on the first visit; with ``troubled`` one
    thing of each kind is wrong in the sample.
    """
    kind = "empty" if empty else "troubled" if troubled else "sample"
    name = f"browser_{os.getpid()}_{kind}"
    with _database(name) as url:
        environment = os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
        manage(environment, "migrate", "--verbosity=0")
        if not empty:
            manage(environment, "load_sample")
        manage(environment, "shell", "--no-imports", "-c", PEOPLE)
        if troubled:
            manage(environment, "shell", "--no-imports", "-c", TROUBLE)
        with serving(environment) as address:
            yield address


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """Serve what the environment names on a loopback port; yield its address."""
    port = _free_port()
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "1", "--blocking-threads", str(THREADS)),
            "qa_observability.wsgi:application",
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextmanager
def _database(name: str) -> Iterator[str]:
    server = settings.DATABASES["default"]
    address = {"host": server["HOST"], "user": server["USER"], "port": server["PORT"]}
    given = {key: value for key, value in address.items() if value}
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
        sql.Identifier(name)
    )
    with psycopg.connect(dbname="postgres", autocommit=True, **given) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
        finally:
            connection.execute(drop)


def manage(environment: dict[str, str], *command: str) -> None:
    """Run one of our commands; it must succeed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urlopen(address, timeout=5):
                return
        except URLError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer")
