"""A child goes when it is told to, when it will not, and when we are killed."""

import signal
import subprocess
import sys

import pytest

from qa_observability.runtime import processes
from qa_observability.runtime.account import server_account
from tests.runtime.started import becomes

SLEEP = ["/bin/sleep", "300"]
STUBBORN = ["/bin/sh", "-c", "trap '' TERM; sleep 300 & echo $!; wait; wait"]
PARENT = """
import sys, time
from pathlib import Path
from qa_observability.runtime import processes
child = processes.spawn(["/bin/sleep", "300"], log=Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(300)
"""


def test_child_becomes_its_command_in_a_session_of_its_own(tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, "-c", "import os; print(os.getpid(), os.getsid(0))"]

    child = processes.spawn(command, log=log)

    assert child.wait() == 0
    assert log.read_text() == f"{child.pid} {child.pid}\n"
    assert processes.command_of(child) == " ".join(command)


def test_shown_output_leaves_the_log_to_errors(tmp_path, capfd):
    log = tmp_path / "log"

    processes.spawn(
        ["/bin/sh", "-c", "echo out; echo wrong >&2"], log=log, shown=True
    ).wait()

    assert (log.read_text(), capfd.readouterr().out) == ("wrong\n", "out\n")


def test_child_gets_its_environment_and_folder(tmp_path):
    log = tmp_path / "log"

    processes.spawn(
        ["/bin/sh", "-c", "echo $WORD; pwd"],
        log=log,
        environ={"WORD": "hello"},
        folder=tmp_path,
    ).wait()

    assert log.read_text() == f"hello\n{tmp_path}\n"


def test_command_line_of_a_process_and_of_none(tmp_path):
    child = processes.spawn(SLEEP, log=tmp_path / "log")

    assert becomes(lambda: processes.command_line(child.pid) == "/bin/sleep 300")
    processes.stop(child, first=signal.SIGTERM, patience=5)
    assert processes.command_line(child.pid) == ""


def test_stop_ends_a_child_that_listens(tmp_path):
    child = processes.spawn(SLEEP, log=tmp_path / "log")
    assert becomes(lambda: processes.command_line(child.pid) == "/bin/sleep 300")

    processes.stop(child, first=signal.SIGINT, patience=5)

    assert child.returncode == -signal.SIGINT


def test_stop_kills_one_that_does_not_with_all_it_started(tmp_path):
    log = tmp_path / "log"
    child = processes.spawn(STUBBORN, log=log)
    assert becomes(lambda: log.read_text().endswith("\n"))
    grandchild = int(log.read_text())

    processes.stop(child, first=signal.SIGTERM, patience=0.1)

    assert child.returncode == -signal.SIGKILL
    assert becomes(lambda: processes.command_line(grandchild) == "")


def test_stop_kills_what_a_crashed_child_left(tmp_path):
    log = tmp_path / "log"
    child = processes.spawn(["/bin/sh", "-c", "sleep 300 & echo $!; exit 3"], log=log)
    assert child.wait() == 3
    grandchild = int(log.read_text())
    assert becomes(lambda: processes.command_line(grandchild) == "sleep 300")

    processes.stop(child, first=signal.SIGTERM, patience=5)

    assert becomes(lambda: processes.command_line(grandchild) == "")


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells of a parent's end"
)
def test_child_ends_with_a_parent_that_is_killed(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert becomes(lambda: processes.command_line(child) == "/bin/sleep 300")

        parent.kill()

        assert becomes(lambda: processes.command_line(child) == "")


@pytest.mark.skipif(server_account() is None, reason="only root changes accounts")
def test_child_of_root_runs_as_the_account_alone(tmp_path):
    account = server_account()
    assert account is not None
    log = tmp_path / "log"

    processes.spawn(["/bin/sh", "-c", "id -u; id -G"], log=log, account=account).wait()

    assert log.read_text().split() == [str(account.uid), str(account.gid)]
