"""Services start in order, come back with growing delays, and stop in reverse."""

import json
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa_observability.runtime import processes
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.program import Program
from qa_observability.runtime.supervisor import Supervisor
from tests.runtime.started import becomes
from tests.runtime.test_processes import SLEEP


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, clock, said):
    supervisor = Supervisor(said.append, tmp_path / "running.json", clock)
    yield supervisor
    supervisor.stop()


def program(folder, name, script):
    return Program(
        name=name,
        command=["/bin/sh", "-c", script],
        environ={"PATH": "/usr/bin:/bin"},
        folder=folder,
        log=folder / f"{name}.log",
        patience=5.0,
    )


def stays(folder, name, at_end=":"):
    """A program that runs until TERM, writes that it starts, and then ``at_end``."""
    return program(
        folder,
        name,
        f"trap '{at_end}; exit 0' TERM; echo up >> {name}.starts;"
        " while :; do sleep 0.05; done",
    )


def starts(folder, name):
    path = Path(folder) / f"{name}.starts"
    return path.read_text().count("up") if path.exists() else 0


class Refusing(Program):
    """A program that cannot be started once it has been told so."""

    refuses = False

    def start(self):
        if self.refuses:
            raise CannotStart("Disk full.")
        super().start()


@dataclass
class Server:
    """A service as the supervisor knows it, that writes down when it is stopped."""

    name: str
    log: Path
    order: list
    child: processes.Child | None = None
    ask_to_stop: signal.Signals = signal.SIGTERM

    def start(self):
        self.child = processes.spawn(SLEEP, log=self.log)

    def stop(self):
        if self.child is not None:
            self.order.append(self.name)
            processes.stop(self.child, first=self.ask_to_stop, patience=5)
            self.child = None


def test_servers_stop_in_reverse_order_after_our_programs(supervisor, tmp_path):
    order = []
    supervisor.start(Server("postgres", tmp_path / "log", order))
    supervisor.start(Server("valkey", tmp_path / "log", order))
    web = stays(tmp_path, "web")
    supervisor.start(web)
    running = web.child

    supervisor.stop()

    assert order == ["valkey", "postgres"]
    assert running.returncode is not None
    assert supervisor.watched == []


def test_an_ended_service_starts_again_after_its_delay(
    supervisor, clock, said, tmp_path
):
    supervisor.start(stays(tmp_path, "web"))
    assert becomes(lambda: starts(tmp_path, "web") == 1)
    child = supervisor.watched[0].service.child
    processes.kill_group(child.pid)
    child.wait()

    supervisor.look()
    clock.now += 0.4
    supervisor.look()
    assert starts(tmp_path, "web") == 1
    clock.now += 0.1
    supervisor.look()

    assert becomes(lambda: starts(tmp_path, "web") == 2)
    assert said == [
        "web ended (code -9); starting it again in 0.5 s.",
        "web is running again.",
    ]


def test_delays_double_up_to_half_a_minute_and_begin_anew_after_a_steady_minute(
    supervisor, clock, said, tmp_path
):
    supervisor.start(program(tmp_path, "web", "exit 3"))
    watched = supervisor.watched[0]

    def delay_after_an_end():
        watched.service.child.wait()
        supervisor.look()
        delay = watched.start_again_at - clock.now
        clock.now += delay
        supervisor.look()
        return delay

    assert [delay_after_an_end() for _ in range(8)] == [
        *(0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0)
    ]
    clock.now += 60.1
    assert delay_after_an_end() == 0.5
    assert said[0] == "web ended (code 3); starting it again in 0.5 s."


def test_last_words_of_an_ended_service_are_shown(supervisor, said, tmp_path):
    supervisor.start(program(tmp_path, "web", "echo 1; echo 2; echo 3; echo 4; exit 1"))
    supervisor.watched[0].service.child.wait()

    supervisor.look()

    assert said[1:] == ["  web: 2", "  web: 3", "  web: 4"]


def test_a_service_that_cannot_start_again_is_tried_later(
    supervisor, clock, said, tmp_path
):
    service = Refusing("web", ["/bin/true"], {}, tmp_path, tmp_path / "web.log")
    supervisor.start(service)
    service.child.wait()
    supervisor.look()

    service.refuses = True
    clock.now += 0.5
    supervisor.look()

    assert said[1:] == ["Disk full. Trying again in 1.0 s."]
    assert supervisor.watched[0].start_again_at == clock.now + 1.0


def test_a_full_disk_keeps_nobody_from_starting_again(
    supervisor, clock, said, tmp_path
):
    supervisor.start(program(tmp_path, "web", "exit 3"))
    supervisor.watched[0].service.child.wait()
    no_room_for_the_list = tmp_path / "running.json.new"
    no_room_for_the_list.mkdir()
    supervisor.look()
    (tmp_path / "web.log").unlink()
    (tmp_path / "web.log").mkdir()  # as little to be opened as on a full disk

    clock.now += 0.5
    supervisor.look()
    assert said[-1].startswith("web: [Errno ")
    assert said[-1].endswith("web.log'. Trying again in 1.0 s.")
    (tmp_path / "web.log").rmdir()
    clock.now += 1.0
    supervisor.look()
    assert said[-1] == "web is running again."
    before = (tmp_path / "running.json").read_text()
    no_room_for_the_list.rmdir()
    supervisor.look()

    listed = json.loads((tmp_path / "running.json").read_text())
    assert json.loads(before) != listed
    assert [one["pid"] for one in listed] == [supervisor.watched[0].service.child.pid]


def test_the_list_names_what_runs_until_all_is_stopped(supervisor, tmp_path):
    supervisor.start(stays(tmp_path, "web"))
    child = supervisor.watched[0].service.child

    assert json.loads((tmp_path / "running.json").read_text()) == [
        {
            "pid": child.pid,
            "command": processes.command_of(child),
            "ask": signal.SIGTERM,
        }
    ]
    supervisor.stop()
    assert not (tmp_path / "running.json").exists()


def test_a_service_that_fails_to_start_is_stopped_with_the_others(supervisor, tmp_path):
    supervisor.start(stays(tmp_path, "web"))
    running = supervisor.watched[0].service.child
    broken = Refusing("worker", ["/bin/true"], {}, tmp_path, tmp_path / "log")
    broken.refuses = True

    with pytest.raises(CannotStart, match="Disk full"):
        supervisor.start(broken)
    supervisor.stop()

    assert running.returncode is not None
