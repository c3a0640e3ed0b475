"""One command from nothing to a page, through crashes and kills, back to nothing."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest

from tests.runtime.test_processes import becomes

pytestmark = [
    pytest.mark.process,
    pytest.mark.xdist_group("process"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

HOUSE = Path(__file__).parent.parent.parent
UP = [sys.executable, "-m", "qa_observability.runtime", "up"]
PATIENCE = 90.0


class Start:
    """One ``up`` in a local folder of its own, its output in a file."""

    def __init__(self, local, port, command=UP):
        self.local, self.port = local, port
        self.output = local.with_name(f"{local.name}.out")
        environ = {
            **{name: os.environ[name] for name in ("PATH", "HOME")},
            "LOCAL_DIR": str(local),
            "PORT": str(port),
            "SAMPLE": "0",
        }
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command, cwd=HOUSE, env=environ, stdout=output, stderr=output
            )

    def said(self):
        return self.output.read_text()

    def wait_until_ready(self):
        def decided():
            return "Ready: " in self.said() or self.process.poll() is not None

        assert becomes(decided, within=PATIENCE)
        assert "Ready: " in self.said(), self.said()
        return self

    def refusal(self):
        """What it says when it ends by itself, its exit code checked."""
        assert self.process.wait(PATIENCE) == 1
        return self.said().splitlines()[-1]

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def children(self):
        return [one["pid"] for one in json.loads(self.path("running.json").read_text())]

    def path(self, name):
        return self.local / name


def processes_of(leaders):
    """The processes in sessions that ``leaders`` founded: all of theirs."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError, FileNotFoundError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            state, session = fields[0], int(fields[3])
            if session in leaders and state != "Z":
                found.append(int(entry.name))
    return found


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def ready(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture
def start(open_folder):
    """Start ``up`` any number of times; whatever still runs afterwards is killed."""
    started = []

    def start(local="local", port=None, command=UP):
        started.append(Start(open_folder / local, port or free_port(), command))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


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


def test_killed_servers_come_back_and_a_killed_start_leaves_nothing(start):
    first = start().wait_until_ready()
    assert becomes(lambda: len(first.children()) == 5, within=PATIENCE)
    leaders = first.children()
    for leader in leaders:
        os.kill(leader, signal.SIGKILL)

    def all_new():
        return len(set(first.children()) - set(leaders)) == 5

    assert becomes(all_new, within=PATIENCE)
    assert becomes(lambda: ready(first.port), within=PATIENCE)
    assert processes_of(leaders) == []

    leaders = first.children()
    first.process.kill()
    first.process.wait()
    assert becomes(lambda: processes_of(leaders) == [], within=20)

    caller = ["/bin/sh", "-c", f"{' '.join(UP)} --with-parent; true"]
    second = start(port=first.port, command=caller).wait_until_ready()
    assert ready(second.port)
    leaders = second.children()
    second.process.kill()
    assert becomes(lambda: second.said().endswith("Stopped.\n"), within=30)
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
