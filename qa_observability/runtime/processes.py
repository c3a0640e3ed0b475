"""Start a program bound to our life, and end it with all it started."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from qa_observability.runtime import guard
from qa_observability.runtime.account import Account

Child = subprocess.Popen[bytes]


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    death_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Child:
    """Start ``command`` in a session of its own; what it prints is appended to ``log``.

    When this process dies, even by SIGKILL, the kernel sends ``death_signal`` (Linux).
    Call it from the main thread: to the kernel the parent is the thread that forked.
    Raises ``OSError`` when the log cannot be written.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", guard.__file__),
                *(str(os.getpid()), str(int(death_signal))),
                f"{account.uid}:{account.gid}" if account else "-",
                *command,
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=environ,
            cwd=folder or "/",
        )


def stop(child: Child, *, first: signal.Signals, patience: float) -> None:
    """End ``child``: ask with ``first``, and after ``patience`` seconds kill its group.

    The group is killed in any case, so that nothing the child started stays behind.
    """
    if child.poll() is None:
        child.send_signal(first)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=patience)
    kill_group(child.pid)
    child.wait()


def kill_group(leader: int) -> None:
    """Kill every process left in the group that ``leader`` founded, if any."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def command_line(pid: int) -> str:
    """Return the command of a running process, empty when there is none.

    A process id alone proves nothing: the system gives it to somebody else later.
    """
    listed = Path(f"/proc/{pid}/cmdline")
    if listed.exists():
        return listed.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    shown = subprocess.run(
        ["ps", "-o", "args=", "-p", str(pid)],  # noqa: S607
        check=False,
        capture_output=True,
        text=True,
    )
    return shown.stdout.strip()
