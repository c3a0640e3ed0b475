"""``make fuzz``: thousands of hostile and of well-formed requests, none may be a surprise.

The service runs as ``make run`` starts it, with the sample quarter; schemathesis reads its
OpenAPI document and asks every operation for what it allows and for what it does not.
All checks hold: no 500, no answer that the document does not describe, no wrong input
accepted, no right input refused, nothing open to who is not signed in.

``REQUESTS`` (default 20000) is about how many are sent; ``SEED`` repeats a run.
``SCHEMATHESIS`` is the program; it lives in an environment of its own, for it only talks
over the wire.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.runtime.folders import open_folder_made
from tests.runtime.started import MAKE_SAMPLE_REAL, UP, Start, free_port

CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
# What one example of an operation comes to, over all phases: measured.
REQUESTS_PER_EXAMPLE = 70
# One of each thing that a path may name, for the configuration to use; an incident that
# somebody took up, for others may be found anew under another id while events come in.
KNOWN = """
from django.utils import timezone
from correlation.models import TestCase
from integration_health.incidents.actions import add_note
from integration_health.models import Alert, ImportBatch, Incident
incident = Incident.objects.first()
add_note(incident.pk, text="taken up", by="fuzz", now=timezone.now())
alert = Alert.objects.first() or incident
for kind, one in (
    ("INCIDENT", incident),
    ("IMPORT", ImportBatch.objects.first()),
    ("TEST", TestCase.objects.first()),
    ("ALERT", alert),
):
    print(f"FUZZ_{kind}={one.pk}")
"""
NO_LIMIT = "THROTTLE_RATE=1000000/min"


def main():
    requests = int(os.environ.get("REQUESTS", "20000"))
    seed = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
    with open_folder_made() as folder:
        start = Start(folder / "local", free_port(), ["env", NO_LIMIT, *UP])
        try:
            start.wait_until_ready().manage("load_sample")
            failed = fuzz(start, max(1, requests // REQUESTS_PER_EXAMPLE), seed)
            errors = server_errors(start)
        finally:
            start.end(signal.SIGTERM)
    sys.stdout.write("".join(errors))
    return 1 if failed or errors else 0


def fuzz(start, examples, seed):
    """Send the requests; return schemathesis' exit code, told where it was cut off."""
    token = start.manage("api_token", "admin")
    command = [
        os.environ.get("SCHEMATHESIS", ".venv/fuzz/bin/schemathesis"),
        *("--config-file", str(CONFIGURATION)),
        *("run", f"http://127.0.0.1:{start.port}/api/schema?format=json"),
        *("--header", f"Authorization: Token {token}"),
        *("--max-examples", str(examples), "--seed", str(seed)),
    ]
    said = start.manage("shell", "-v0", "-c", MAKE_SAMPLE_REAL + KNOWN)
    known = dict(line.split("=") for line in said.splitlines())
    code = subprocess.run(command, check=False, env=os.environ | known).returncode
    if code < 0:
        sys.stdout.write(f"schemathesis was ended by {signal.Signals(-code).name}\n")
    return code


def server_errors(start):
    """The lines in which the service says that it answered 500."""
    log = start.path("logs") / "web.log"
    return [
        f"{line}\n"
        for line in log.read_text().splitlines()
        if re.search(r'"status(_code)?": 5\d\d', line)
    ]


if __name__ == "__main__":
    sys.exit(main())
