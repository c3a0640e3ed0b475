"""Become another program that cannot outlive the process that asked for it.

Run by path with ``python -I -S``: it costs some milliseconds and imports nothing of ours,
so it also works for an account that may not read this tree (everything is loaded before
the account changes). A script instead of ``preexec_fn`` because that is unsafe in a
process with threads.

Arguments: the parent's process id, the signal to get when the parent dies, ``uid:gid`` to
become or ``-``, then the command. Without ``prctl`` (macOS) a program left behind by a
killed parent is ended at the next start instead.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PARENT_GONE = 70  # EX_SOFTWARE


def become(parent: int, death_signal: int, account: str, command: list[str]) -> None:
    """Replace this process by ``command``; return only by raising ``OSError``."""
    libc = _libc()
    if account != "-":
        uid, gid = (int(part) for part in account.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if libc is not None:
        # Only now: the kernel forgets the request when the account changes.
        libc.prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit(PARENT_GONE)
    os.execv(command[0], command)  # noqa: S606


def end_with_parent(death_signal: int) -> None:
    """Ask the kernel to send us ``death_signal`` when our parent dies (Linux)."""
    libc = _libc()
    if libc is not None:
        libc.prctl(PR_SET_PDEATHSIG, death_signal)


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if sys.platform == "linux" else None


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
