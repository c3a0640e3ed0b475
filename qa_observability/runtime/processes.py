"""Start a program bound to our life, and end it with all it started."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from qa_observability.runtime import guard
from qa_observability.runtime.account import Account

Child = subprocess.Popen[bytes]
GUARD_LENGTH = 7  # the arguments before the command


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    shown: bool = False,
    death_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Child:
    """Start ``command`` in a session of its own; what it prints is appended to ``log``.

    With ``shown``, what it prints goes to our own output and only its errors to the log.
    When this process dies, even by SIGKILL, the kernel sends ``death_signal`` (Linux).
    Call it from the main thread: to the kernel the parent is the thread that forked.
    Raises ``OSError`` when the log cannot be written.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [*_guard(death_signal, account), *command],
            stdin=subprocess.DEVNULL,
            stdout=None if shown else output,
            stderr=output,
            start_new_session=True,
            env=environ,
            cwd=folder or "/",
        )


def _guard(death_signal: signal.Signals, account: Account | None) -> tuple[str, ...]:
    return (
        *(sys.executable, "-I", "-S", guard.__file__),
        *(str(os.getpid()), str(int(death_signal))),
        f"{account.uid}:{account.gid}" if account else "-",
    )


def command_of(child: Child) -> str:
    """Return the command a child was started for, as ``command_line`` shows it."""
    return " ".join(cast("list[str]", child.args)[GUARD_LENGTH:])


def stop(child: Child, *, first: signal.Signals, patience: float) -> None:
    """End ``child``: ask with ``first``, and after ``patience`` seconds kill its group."""
    child.send_signal(first)
    wait_or_kill(child, patience)


def wait_or_kill(child: Child, patience: float) -> None:
    """Wait ``patience`` seconds for a child to end, then kill it.

    Its group is killed in any case, so that nothing the child started stays behind.
    """
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
