"""Where do data and sockets lie, so that the servers' account reaches them?

Normally in ``.local/`` of the project. Root has to hand the servers to another account:
where that account cannot reach the project, they lie in a place it can reach, named by a
hash of the project's path.
"""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from qa_observability.runtime.account import Account
from qa_observability.runtime.errors import CannotStart

LONGEST_SOCKET_PATH = 103  # bytes; the smallest limit among our systems (macOS)
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"
# Kept over a restart of the machine, unlike the folder for temporary files.
REACHABLE_BY_ALL = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108


@dataclass(frozen=True, slots=True)
class Places:
    """The local folder, the one the servers' data lie in, and that of their sockets."""

    local: Path
    servers: Path
    sockets: Path

    @property
    def logs(self) -> Path:
        """Where each process writes its log."""
        return logs_in(self.local)


def logs_in(local: Path) -> Path:
    """Return the folder of the logs in a local folder."""
    return local / "logs"


def prepare_local(local: Path) -> None:
    """Make the local folder and that of its logs, closed to other people.

    Root's stays passable, for the servers' account. Raises ``CannotStart`` when it cannot
    be made or written.
    """
    try:
        local.mkdir(parents=True, exist_ok=True)
        local.chmod(0o711 if os.geteuid() == 0 else 0o700)
        logs_in(local).mkdir(mode=0o700, exist_ok=True)
    except OSError as refusal:
        raise _unusable(refusal, local) from refusal


def prepare_places(local: Path, account: Account | None) -> Places:
    """Make the folders the servers need and return them.

    Raises ``CannotStart`` when a folder cannot be made, or belongs to somebody else.
    """
    try:
        home = _home(local, account)
        sockets = home / "run"
        if not fits_socket(sockets):
            sockets = _short_place() / _name_for(local)
        return Places(local, home, _private(sockets, account))
    except OSError as refusal:
        raise _unusable(refusal, local) from refusal


def fits_socket(folder: Path) -> bool:
    """Whether the address of a socket in ``folder`` is short enough for the system."""
    return len(os.fsencode(folder / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH


def reachable_base() -> Path:
    """Return a folder that root may write and every account may enter.

    Raises ``CannotStart`` when the machine has none.
    """
    for parent in REACHABLE_BY_ALL:
        if os.access(parent, os.W_OK):
            return folder_open_to_all(parent / "qa-observability")
    raise CannotStart(
        "Root's servers need a folder that other accounts can reach, and neither "
        f"{' nor '.join(map(str, REACHABLE_BY_ALL))} is writable: move the project to a "
        "folder that every account may enter, or start as an ordinary user."
    )


def folder_open_to_all(folder: Path) -> Path:
    """Return ``folder``, made if need be: ours, and every account may enter it."""
    folder.mkdir(exist_ok=True)
    _check_owner(folder, os.getuid())
    folder.chmod(0o755)  # whatever the umask says
    return folder


def _home(local: Path, account: Account | None) -> Path:
    if account is None or account.can_enter(local):
        return local
    return folder_open_to_all(reachable_base() / _name_for(local))


def _unusable(refusal: OSError, local: Path) -> CannotStart:
    return CannotStart(
        f"The folder {refusal.filename or local} cannot be used ({refusal.strerror}): "
        "make it writable, or set LOCAL_DIR to one that is."
    )


def _name_for(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def _short_place() -> Path:
    place = Path(tempfile.gettempdir()).resolve() / f"qa-{os.getuid()}"
    if not fits_socket(place / _name_for(place)):
        place = Path("/tmp") / place.name  # noqa: S108
    return folder_open_to_all(place)


def _private(folder: Path, account: Account | None) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    if account and folder.lstat().st_uid == os.getuid():
        account.owns(folder)
    _check_owner(folder, account.uid if account else os.getuid())
    folder.chmod(0o700)
    return folder


def _check_owner(folder: Path, owner: int) -> None:
    found = folder.lstat()
    if found.st_uid != owner or not stat.S_ISDIR(found.st_mode):
        raise CannotStart(
            f"{folder} belongs to somebody else: remove it, or set TMPDIR or LOCAL_DIR "
            "to a folder of your own."
        )
