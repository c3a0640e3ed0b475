"""May the servers' account run the programs? If not, copies it can reach.

Root's home is closed to other accounts, and so is a wheel installed below it.
"""

import hashlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from qa_observability.runtime.account import Account
from qa_observability.runtime.binaries import Postgres
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.places import folder_open_to_all, reachable_base


def readable_programs(programs: Postgres, account: Account | None) -> Postgres:
    """Return programs that ``account`` may run: these, or a copy of the wheel's.

    The copy keeps the wheel's two folders side by side, because the programs look for
    their libraries there. Raises ``CannotStart`` when a system's programs are closed.
    """
    if account is None or account.can_run(programs.folder / "postgres"):
        return programs
    if programs.wheel is None:
        raise CannotStart(
            f"The account {account.name} may not run {programs.folder}/postgres: open "
            "that folder to it, or set PG_BIN to a PostgreSQL it may run."
        )
    libraries = programs.wheel.with_name(f"{programs.wheel.name}.libs")
    if libraries.is_dir():
        _copy_of(libraries, programs.wheel)
    copy = _copy_of(programs.wheel, programs.wheel)
    return replace(programs, folder=copy / programs.folder.relative_to(programs.wheel))


def readable_program(program: Path, account: Account | None) -> Path:
    """Return a program that ``account`` may run: this one, or a copy of it."""
    if account is None or account.can_run(program):
        return program
    return _copy_of(program, program)


def _copy_of(source: Path, package: Path) -> Path:
    """Return a copy of a file or folder, made once per state of its package."""
    version = f"{package.resolve()} {package.stat().st_mtime_ns}"
    name = hashlib.sha256(version.encode()).hexdigest()[:12]
    base = folder_open_to_all(reachable_base() / name)
    copy = base / source.name
    if not copy.exists():
        # Made beside and renamed: another start at the same time finds all or nothing.
        with tempfile.TemporaryDirectory(dir=base) as making:
            unfinished = Path(making) / source.name
            if source.is_dir():
                shutil.copytree(source, unfinished)
            else:
                shutil.copy2(source, unfinished)
            _open_to_all(unfinished)
            if not copy.exists():
                unfinished.rename(copy)
    return copy


def _open_to_all(top: Path) -> None:
    for path in (top, *top.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
