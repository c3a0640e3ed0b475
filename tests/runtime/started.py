"""``up`` as a person starts it, in a local folder of its own, and what it serves."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import Request, urlopen

HOUSE = Path(__file__).parent.parent.parent
UP = [sys.executable, "-m", "qa_observability.runtime", "up"]
PATIENCE = 90.0
# A start judges itself by its own limits; this only ends a wait for nothing.
START_PATIENCE = 300.0
# The first real data takes the sample away: a shell that makes what is there real.
MAKE_SAMPLE_REAL = """
from django.apps import apps
for model in apps.get_models():
    names = {field.name for field in model._meta.fields}
    if "sample" in names:
        model.objects.filter(sample=True).update(sample=False)
    if "source" in names and "integration" in model._meta.app_label:
        model.objects.filter(source="sample").update(source="api")
"""


def becomes(condition, *, within=5.0):
    """Whether ``condition()`` comes true within some seconds."""
    give_up_at = time.monotonic() + within
    while not condition():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.01)
    return True


class Start:
    """One ``up`` in a local folder of its own, its output in a file."""

    def __init__(self, local, port, command=UP):
        self.local, self.port = local, port
        self.output = local.with_name(f"{local.name}.out")
        self.environ = {
            **{name: os.environ[name] for name in ("PATH", "HOME")},
            "LOCAL_DIR": str(local),
            "PORT": str(port),
            "SAMPLE": "0",
        }
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command, cwd=HOUSE, env=self.environ, stdout=output, stderr=output
            )

    def said(self):
        return self.output.read_text()

    def wait_until_ready(self):
        def decided():
            return "Ready: " in self.said() or self.process.poll() is not None

        assert becomes(decided, within=START_PATIENCE), self.said()
        assert "Ready: " in self.said(), self.said()
        return self

    def refusal(self):
        """What it says when it ends by itself, its exit code checked."""
        assert self.process.wait(PATIENCE) == 1
        return self.said().splitlines()[-1]

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def manage(self, *arguments):
        """What ``manage.py`` prints in a second terminal."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=HOUSE,
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def send(self, token, keys, metadata=None):
        """Post one event per key; return (accepted, duplicates), raise ``OSError``."""
        events = [
            {
                "integrationId": "vrbo",
                "eventType": "api_error",
                "severity": "low",
                "message": key,
                "dedupKey": key,
                "metadata": metadata or {},
            }
            for key in keys
        ]
        request = Request(
            f"http://127.0.0.1:{self.port}/api/v1/integrations/events",
            json.dumps(events).encode(),
            {"Content-Type": "application/json", "Authorization": f"Token {token}"},
        )
        with urlopen(request, timeout=30) as answer:
            counts = json.load(answer)
        assert counts["rejected"] == 0, counts
        return counts["accepted"], counts["duplicates"]

    def get(self, token, path):
        """The status of a read that succeeded; raise ``OSError``."""
        address = f"http://127.0.0.1:{self.port}{path}"
        request = Request(address, headers={"Authorization": f"Token {token}"})
        with urlopen(request, timeout=30) as answer:
            return answer.status

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
