"""Which account do the servers run as? PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from qa_observability.runtime.errors import CannotStart

# Accounts that exist for such a purpose, the most fitting first.
UNPRIVILEGED = ("postgres", "_postgres", "nobody", "daemon")


@dataclass(frozen=True, slots=True)
class Account:
    """An account to become before a server starts."""

    name: str
    uid: int
    gid: int

    def owns(self, path: Path) -> None:
        """Hand ``path`` over to this account. Needs root."""
        os.chown(path, self.uid, self.gid)

    def can_run(self, program: Path) -> bool:
        """Whether this account reaches ``program`` and may execute it.

        Tried rather than computed: modes, access lists and mount options all count.
        """
        return self._succeeds([str(program), "--version"])

    def can_enter(self, folder: Path) -> bool:
        """Whether this account reaches ``folder``, tried likewise."""
        return self._succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)])

    def _succeeds(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command,
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                check=False,
                capture_output=True,
            )
        except OSError:
            return False
        return done.returncode == 0


def server_account() -> Account | None:
    """Return the account to drop to, or None when we are an ordinary user already.

    Raises ``CannotStart`` when we are root and no unprivileged account exists.
    """
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise CannotStart(
        "PostgreSQL does not run as root and none of the accounts "
        f"{', '.join(UNPRIVILEGED)} exists: create one, or start as an ordinary user."
    )
