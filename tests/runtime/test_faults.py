"""What happens to machines, really done to the running service: it comes back by itself.

Each fault leaves the service as it found it; they share one start.
"""

import io
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.runtime.folders import open_folder_made
from tests.runtime.started import HOUSE, PATIENCE, Start, becomes, free_port, ready

pytestmark = [
    pytest.mark.process,
    pytest.mark.xdist_group("process"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

STORED = (
    "from integration_health.models import IntegrationEvent as Event;"
    "print(Event.objects.filter(message__startswith={prefix!r}).count(),"
    " Event.objects.filter(message__startswith={prefix!r})"
    ".values('dedup_key').distinct().count())"
)


@pytest.fixture(scope="module")
def service():
    with open_folder_made() as folder:
        start = Start(folder / "local", free_port())
        try:
            yield start.wait_until_ready()
        finally:
            start.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def token(service):
    return service.manage("api_token", "admin")


def stored(service, prefix):
    """Rows and distinct keys whose message starts so."""
    said = service.manage("shell", "-v0", "-c", STORED.format(prefix=prefix))
    return tuple(map(int, said.split()))


def process_named(service, program):
    """The one of the supervised processes that runs ``program``."""
    for pid in service.children():
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if any(program in Path(part.decode()).name for part in command[:4]):
            return pid
    raise LookupError(program)


ROOM = 400 * 1024 * 1024


@pytest.fixture
def small_disk():
    """A folder that is a disk of its own, of 400 MiB."""
    with open_folder_made() as folder:
        local = folder / "local"
        local.mkdir()
        mount = [
            "mount",
            "-t",
            "tmpfs",
            "-o",
            f"size={ROOM},mode=0755",
            "qa",
            str(local),
        ]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("only who may mount a disk can fill one")
        try:
            yield local
        finally:
            subprocess.run(["umount", "--lazy", str(local)], check=True)


def test_a_full_disk_refuses_and_loses_nothing(small_disk):
    start = Start(small_disk, free_port())
    try:
        fill_up_and_make_room(start.wait_until_ready())
    finally:
        start.end(signal.SIGTERM)


def test_a_start_on_a_full_disk_says_so(small_disk):
    fill(small_disk / "filler")

    start = Start(small_disk, free_port())

    assert start.refusal() == (
        f"Cannot go on: No space left on device. Make room where {small_disk} lies, or "
        "set LOCAL_DIR to a folder on another disk."
    )


def fill(filler):
    """Write until nothing more is taken."""
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1024 * 1024))


def fill_up_and_make_room(service):
    token = service.manage("api_token", "admin")
    filler = service.path("filler")
    acknowledged = []

    def send(number):
        keys = [f"disk-{number}-{each}" for each in range(50)]
        # Nothing to compress: tables must grow.
        accepted, known = service.send(
            token, keys, metadata={"noise": secrets.token_hex(7000)}
        )
        assert accepted + known == 50
        acknowledged.extend(keys)

    send(0)
    assert shutil.disk_usage(service.local).total == ROOM
    fill(filler)
    os.kill(process_named(service, "celery"), signal.SIGKILL)  # the worker
    refusals = set()
    for number in range(1, 12):
        try:
            send(number)
        except HTTPError as refusal:
            again = refusal.headers["Retry-After"]
            refusals.add((refusal.code, json.load(refusal)["code"], again))
        except OSError:
            refusals.add("no answer")
    log = service.path("logs/postgres.log").read_text()
    assert "No space left on device" in log
    assert (503, "service_unavailable", "5") in refusals
    assert refusals <= {(503, "service_unavailable", "5"), "no answer"}

    filler.unlink()

    assert becomes(
        lambda: "worker is running again." in service.said(), within=PATIENCE
    ), service.said()
    assert becomes(lambda: ready(service.port), within=PATIENCE)
    for number in range(1, 12):
        send(number)
    assert len(set(acknowledged)) == 12 * 50
    assert stored(service, "disk-") == (12 * 50, 12 * 50)


def test_a_broker_that_hangs_holds_nobody_and_is_found_again(service, token):
    valkey = process_named(service, "valkey")
    os.kill(valkey, signal.SIGSTOP)
    try:
        assert not ready(service.port)
        started = time.monotonic()
        assert service.send(token, ["hang-1", "hang-2"]) == (2, 0)
        assert time.monotonic() - started < 15  # it would hang for ever
    finally:
        os.kill(valkey, signal.SIGCONT)

    assert becomes(lambda: ready(service.port), within=PATIENCE)
    assert service.send(token, ["hang-1", "hang-2", "hang-3"]) == (1, 2)
    assert stored(service, "hang-") == (3, 3)


def test_a_broker_that_dies_loses_no_job(service, token):
    runs = (
        "from qa_observability.models import JobRun;"
        "print(JobRun.objects.filter(job__contains='sweep_incidents', result='done').count())"
    )
    os.kill(process_named(service, "valkey"), signal.SIGKILL)
    assert becomes(lambda: ready(service.port), within=PATIENCE)
    before = int(service.manage("shell", "-v0", "-c", runs))

    def another_ran():
        return int(service.manage("shell", "-v0", "-c", runs)) > before

    assert becomes(another_ran, within=PATIENCE)  # beat asks every minute


def previous_code(folder):
    """Unpack the code as it was before the newest migration; skip where git cannot tell."""
    log = subprocess.run(
        ["git", "log", "-1", "--format=%H", "--", "*/migrations/0*.py"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    packed = subprocess.run(
        ["git", "archive", f"{log.stdout.strip()}^"],
        cwd=HOUSE,
        capture_output=True,
        check=False,
    )
    if log.returncode or packed.returncode:
        pytest.skip("there is no history of the code here")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tree:
        tree.extractall(folder, filter="data")
    return folder


def test_the_previous_code_serves_on_the_new_schema(service, token, tmp_path):
    old = previous_code(tmp_path)
    environ = service.environ | {"HTTPS_ONLY": "0"}
    other = Start.__new__(Start)
    other.port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(other.port)),
        "qa_observability.wsgi:application",
    ]
    with (tmp_path / "old.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=old, env=environ, stdout=log, stderr=log
        )
    try:
        assert becomes(lambda: ready(other.port), within=PATIENCE), (
            tmp_path / "old.log"
        ).read_text()
        assert other.send(token, ["old-1", "old-2"]) == (2, 0)
        assert service.send(token, ["old-1", "old-2", "old-3"]) == (1, 2)
        for address in (
            "integrations/health",
            "integrations/health/vrbo/events",
            "integrations/incidents",
            "revenue/impact",
            "correlation/test-integration",
        ):
            assert other.get(token, f"/api/v1/{address}") == 200, address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)

    assert stored(service, "old-") == (3, 3)
