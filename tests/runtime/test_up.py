"""One command from nothing to a page, through crashes and kills, back to nothing."""

import os
import re
import signal
import stat
import subprocess
import sys
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.runtime.folders import open_folder_made
from tests.runtime.started import (
    HOUSE,
    PATIENCE,
    UP,
    Start,
    becomes,
    free_port,
    processes_of,
    ready,
)

pytestmark = [
    pytest.mark.process,
    pytest.mark.xdist_group("process"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


@pytest.fixture(scope="module")
def home():
    """A folder the tests share: what one start has prepared, the next one finds."""
    with open_folder_made() as folder:
        yield folder


@pytest.fixture
def start(home):
    """Start ``up`` any number of times; whatever still runs afterwards is stopped."""
    started = []

    def start(local="local", port=None, command=UP):
        started.append(Start(home / local, port or free_port(), command))
        return started[-1]

    yield start
    for one in started:
        one.end(signal.SIGTERM)


def sign_in(port, password):
    """The address and text of the page one gets by signing in as the administrator."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(f"http://127.0.0.1:{port}/dashboard", timeout=30) as page:
        form = page.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    fields = {
        "username": "admin",
        "password": password,
        "csrfmiddlewaretoken": token.group(1),
        "next": "/dashboard",
    }
    with browser.open(
        f"http://127.0.0.1:{port}/sign-in", urlencode(fields).encode(), timeout=30
    ) as page:
        return page.geturl(), page.read().decode()


def test_one_command_serves_survives_and_leaves_nothing(start):
    first = start().wait_until_ready()

    private = ["admin-password", "runtime.env", "secrets.env"]
    modes = {
        name: oct(stat.S_IMODE(first.path(name).stat().st_mode)) for name in private
    }
    password = first.path("admin-password").read_text().strip()
    address, page = sign_in(first.port, password)
    assert modes == dict.fromkeys(private, "0o600")
    assert address == f"http://127.0.0.1:{first.port}/dashboard"
    assert "<h1" in page
    assert f"Ready: {address}" in first.said()
    assert password not in first.said()

    again = start(port=first.port)
    assert again.refusal() == (
        f"Cannot start: It is already running (process {first.process.pid}, folder "
        f"{first.local}): use that one, or stop it with Ctrl-C in its terminal and "
        "start again."
    )
    elsewhere = start("elsewhere", port=first.port)
    assert elsewhere.refusal().startswith(
        f"Cannot start: Port {first.port} on 127.0.0.1 is taken by another program"
    )
    assert ready(first.port)

    leaders = first.children()
    assert first.end(signal.SIGTERM) == 0
    assert first.said().endswith("Stopping.\nStopped.\n")
    assert processes_of(leaders) == []
    assert not first.path("runtime.env").exists()
    assert not first.path("running.json").exists()


def test_killed_servers_come_back_and_lose_nothing(start):
    first = start().wait_until_ready()
    token = first.manage("api_token", "admin", "--scopes", "ingest")
    assert first.send(token, ["one", "two"]) == (2, 0)
    leaders = first.children()
    assert len(leaders) == 5
    for leader in leaders:
        os.kill(leader, signal.SIGKILL)

    def all_new():
        return len(set(first.children()) - set(leaders)) == 5

    assert becomes(all_new, within=PATIENCE)
    assert becomes(lambda: ready(first.port), within=PATIENCE)
    assert processes_of(leaders) == []
    assert first.send(token, ["one", "two", "three"]) == (1, 2)


def test_a_killed_start_leaves_nothing_and_the_next_one_serves(start):
    first = start().wait_until_ready()
    leaders = first.children()

    first.process.kill()

    first.process.wait()
    assert becomes(lambda: processes_of(leaders) == [], within=20)
    second = start(port=first.port).wait_until_ready()
    assert ready(second.port)
    assert second.end(signal.SIGINT) == 0


def test_everything_stops_when_its_caller_is_killed(start):
    caller = ["/bin/sh", "-c", f"{' '.join(UP)} --with-parent; true"]
    first = start(command=caller).wait_until_ready()
    leaders = first.children()

    first.process.kill()

    assert becomes(lambda: first.said().endswith("Stopped.\n"), within=30)
    assert processes_of(leaders) == []


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "none"}, "PORT is 'none': it must be a number from 1 to 65535."),
        ({"SAMPLE": "maybe"}, "SAMPLE is 'maybe': use 1 for sample data, 0 for none."),
        (
            {"LOCAL_DIR": "/dev/null/local"},
            (
                "The folder /dev/null/local cannot be used (Not a directory): "
                "make it writable, or set LOCAL_DIR to one that is."
            ),
        ),
        (
            {"PG_BIN": "/dev"},
            (
                "PG_BIN names /dev, which does not hold initdb and postgres: "
                "point it at PostgreSQL's bin folder, or unset it."
            ),
        ),
    ],
    ids=["port", "sample", "folder", "programs"],
)
def test_what_keeps_it_from_starting_is_said_in_one_sentence(
    variables, sentence, open_folder
):
    environ = {
        "PATH": os.environ["PATH"],
        "LOCAL_DIR": str(open_folder / "local"),
        "PORT": str(free_port()),
        **variables,
    }

    done = subprocess.run(
        UP, cwd=HOUSE, env=environ, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (1, f"Cannot start: {sentence}\n")
