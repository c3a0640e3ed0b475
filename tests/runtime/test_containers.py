"""What the Dockerfile and compose.yaml promise, held as far as no container engine goes.

The image's files are copied as the Dockerfile says, and what it runs runs there, with the
variables of compose.yaml, beside a service whose database and queue it shares.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from qa_observability.runtime.address import Address
from qa_observability.runtime.binaries import find_valkey
from qa_observability.runtime.programs import Project
from tests.runtime.folders import open_folder_made
from tests.runtime.started import HOUSE, PATIENCE, Start, becomes, free_port
from tests.test_house import READERS, variables_read

COMPOSE = yaml.safe_load((HOUSE / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
HOME = "/srv/qa"
# Decided by the image, or no business of who runs it for others.
NOT_FOR_COMPOSE = {"LOCAL_DIR", "DEBUG"}
GIVEN = {
    "SECRET_KEY": "Zk3vQ9wL7xB1nR5tY8uI2oP4aS6dF0gH-jK_zXcVbNmQwErTyU",
    "ALLOWED_HOSTS": "qa.example.com",
    "HTTPS_ONLY": "1",
}


def instructions():
    """The (verb, rest) pairs of the Dockerfile's last stage."""
    lines = (HOUSE / "Dockerfile").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    last = text.replace("\\\n", " ").rpartition("\nFROM ")[2]
    return [tuple(line.split(None, 1)) for line in last.splitlines()[1:] if line]


def said_by(verb):
    return [rest for found, rest in instructions() if found == verb]


def copied():
    """What is copied from the tree, each to a place of the same name."""
    own = [rest.split() for rest in said_by("COPY") if "--from" not in rest]
    assert all(place in {name, "./"} for name, *_names, place in own)
    return [name for *names, _place in own for name in names]


def in_image(home):
    """The image's own variables, its home being ``home``."""
    words = [word for rest in said_by("ENV") for word in shlex.split(rest)]
    found = dict(word.split("=", 1) for word in words)
    found["LOCAL_DIR"] = found["LOCAL_DIR"].replace(HOME, str(home))
    programs = str(Path(sys.executable).parent)
    found["PATH"] = f"{programs}:{os.environ['PATH']}"
    return found


def by_compose(given):
    """The variables that compose.yaml hands to web, worker and beat."""

    def filled(name, value):
        if value is None:
            return given.get(name)
        found = re.fullmatch(r"\$\{(\w+):([-?])(.*)\}", value)
        if not found:
            return value
        asked, mark, otherwise = found.groups()
        return given.get(asked) or ("" if mark == "?" else otherwise)

    for name in ("web", "worker", "beat", "migrations"):
        assert SERVICES[name]["environment"] == SERVICES["web"]["environment"]
    values = {
        name: filled(name, value)
        for name, value in SERVICES["web"]["environment"].items()
    }
    return {name: value for name, value in values.items() if value is not None}


def words_of(command):
    return shlex.split(command) if isinstance(command, str) else command


def image_command(verb):
    """The words that CMD or HEALTHCHECK runs."""
    return yaml.safe_load(said_by(verb)[0].partition("CMD")[2] or said_by(verb)[0])


def test_whats_copied_is_there_and_nothing_else_reaches_the_image():
    ignored = (HOUSE / ".dockerignore").read_text().split()

    assert all((HOUSE / name).exists() for name in copied())
    assert ignored[0] == "**"
    assert set(ignored[1:]) == {"**/__pycache__", *(f"!{name}" for name in copied())}


def test_compose_hands_over_every_variable_that_settings_read():
    read = set().union(*(variables_read(HOUSE / name) for name in READERS))

    assert set(SERVICES["web"]["environment"]) == read - NOT_FOR_COMPOSE
    assert by_compose({"SECRET_KEY": "s", "REVENUE_KEYS": "k"}) == {
        "SECRET_KEY": "s",
        "REVENUE_KEYS": "k",
        "DATABASE_URL": "postgres://qa@database/qa",
        "REDIS_URL": "redis://queue:6379/0",
        "HTTPS_ONLY": "0",
    }


def test_services_wait_for_what_can_tell_that_it_is_ready():
    waits = {
        (name, other, how["condition"])
        for name, service in SERVICES.items()
        for other, how in service.get("depends_on", {}).items()
    }

    ready, done = "service_healthy", "service_completed_successfully"
    servers = {"database": ready, "queue": ready}
    assert waits == {
        (name, other, condition)
        for name in ("web", "worker", "beat", "migrations")
        for other, condition in (
            servers if name == "migrations" else servers | {"migrations": done}
        ).items()
    }
    assert all("healthcheck" in SERVICES[name] for name in servers)
    mounted = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }
    assert mounted == set(COMPOSE["volumes"])


def test_containers_run_what_make_run_runs(tmp_path):
    project = Project(HOUSE, tmp_path, {})
    beside = str(tmp_path / "beat-schedule")

    def told(program):
        found = [word.replace(beside, "/tmp/beat-schedule") for word in program.command]
        return found[found.index("-m") + 1 :]

    def with_their_values(words):
        joined = " ".join(words).replace(" --", "\n--").splitlines()
        return joined[0], sorted(joined[1:])

    web, rest = image_command("CMD")[:-1], image_command("CMD")[-1]
    wanted = told(project.web(Address("0.0.0.0", 8000)))
    assert (with_their_values(web), rest) == (
        with_their_values(wanted[:-1]),
        wanted[-1],
    )
    for name, program in (("worker", project.worker()), ("beat", project.beat())):
        command = words_of(SERVICES[name]["command"])
        assert with_their_values(command) == with_their_values(told(program))
    assert SERVICES["worker"]["stop_grace_period"] == "60s"


def test_the_queue_starts_with_its_command(tmp_path):
    program, _whence = find_valkey(os.environ)
    command = words_of(SERVICES["queue"]["command"])
    port = free_port()
    place = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    with (tmp_path / "log").open("w") as log:
        queue = subprocess.Popen([program, *command[1:], *place], stdout=log)
    try:
        assert becomes(lambda: "Ready to accept" in (tmp_path / "log").read_text())
    finally:
        queue.terminate()
        queue.wait(PATIENCE)


@pytest.fixture(scope="module")
def service():
    with open_folder_made() as folder:
        start = Start(folder / "local", free_port())
        try:
            yield start.wait_until_ready()
        finally:
            start.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def image(service, tmp_path_factory):
    """The image's home and the variables of its containers."""
    home = tmp_path_factory.mktemp("image")
    for name in copied():
        if (HOUSE / name).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(HOUSE / name, home / name, ignore=ignore)
        else:
            shutil.copy(HOUSE / name, home / name)
    prepare = next(rest for rest in said_by("RUN") if "collectstatic" in rest)
    subprocess.run(prepare, shell=True, check=True, cwd=home, env=in_image(home))
    shared = dict(
        line.split("=", 1)
        for line in service.path("runtime.env").read_text().splitlines()
        if line.split("=")[0] in {"DATABASE_URL", "REDIS_URL", "REVENUE_KEYS"}
    )
    shared = {name: value.strip("'\"") for name, value in shared.items()}
    return home, in_image(home) | by_compose(GIVEN) | shared


def ran(image, *command):
    """What a command says in a container; it must succeed."""
    home, variables = image
    done = subprocess.run(
        command, cwd=home, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def running(image, command):
    """Run a container's command and give what it says as a function."""
    home, variables = image
    output = home / f"{command[0]}-{command[-1].strip('-') or 'last'}.out"
    with output.open("w") as file:
        process = subprocess.Popen(
            command, cwd=home, env=variables, stdout=file, stderr=file
        )
    try:
        yield output.read_text
    finally:
        process.send_signal(signal.SIGTERM)
        # A schedule that waits for its turn has nothing to finish.
        assert process.wait(PATIENCE) in {0, -signal.SIGTERM}, output.read_text()


@pytest.mark.process
@pytest.mark.xdist_group("process")
class TestImage:
    def test_it_holds_all_that_is_imported(self, image):
        home, _variables = image
        where = "import correlation, revenue; print(correlation.__file__)"

        said = ran(image, "python", "manage.py", "shell", "-v0", "-c", where)

        assert said.strip() == str(home / "correlation" / "__init__.py")
        assert (home / "local" / "uploads").is_dir()
        assert (home / "local" / "static" / "staticfiles.json").is_file()

    def test_its_settings_pass_every_check_of_django(self, image):
        check = ("check", "--deploy", "--fail-level", "WARNING")

        assert "no issues" in ran(image, "python", "manage.py", *check)

    def test_it_tells_what_it_is_made_of(self, image):
        bill = json.loads(ran(image, "python", "manage.py", "sbom"))

        assert "django" in {one["name"].lower() for one in bill["components"]}

    def test_migrations_have_nothing_left_to_do_the_second_time(self, image):
        migrate = SERVICES["migrations"]["command"]
        ran(image, *migrate)

        assert "No migrations to apply." in ran(image, *migrate)

    def test_the_health_check_tells_life_from_death(self, image):
        port = str(free_port())
        home, variables = image
        check = [part.replace("8000", port) for part in image_command("HEALTHCHECK")]
        serve = [part.replace("8000", port) for part in image_command("CMD")]

        def healthy():
            done = subprocess.run(
                check, env=variables, cwd=home, stderr=subprocess.PIPE, check=False
            )
            return done.returncode == 0

        assert not healthy()
        with running(image, serve) as said:
            assert becomes(healthy, within=PATIENCE), said()
        assert not healthy()

    @pytest.mark.parametrize(
        ("name", "sign"), [("worker", " ready."), ("beat", "maxinterval")]
    )
    def test_jobs_start_and_end(self, image, name, sign):
        with running(image, words_of(SERVICES[name]["command"])) as said:
            assert becomes(lambda: sign in said(), within=PATIENCE), said()
