"""A PostgreSQL cluster of our own: made, started, waited for, stopped.

Reachable by Unix socket only, inside a folder nobody else may enter; that folder, not a
password, is what guards it.
"""

import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from qa_observability.runtime import processes
from qa_observability.runtime.account import Account
from qa_observability.runtime.binaries import Postgres
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.logs import last_complaint, last_line

ROLE = "qa_observability"
DATABASE = "qa_observability"
BUILTIN_LOCALE_SINCE = 17
START_SECONDS = 60.0
STOP_SECONDS = 20.0
# Kept by both the user's cluster and the tests': small machines, short queries.
SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Its log names what failed, never the rows and statements, which quote people's data.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def database_url(sockets: Path) -> str:
    """Return the ``DATABASE_URL`` of the cluster whose socket lies in ``sockets``."""
    return f"postgres://{ROLE}@/{quote(str(sockets))}/{DATABASE}"


@dataclass(slots=True)
class Cluster:
    """One cluster: its programs, its data, its socket's folder, the account it runs as.

    ``settings`` are server settings on top of the fixed ones.
    """

    programs: Postgres
    data: Path
    sockets: Path
    log: Path
    account: Account | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    child: processes.Child | None = None
    name: str = "postgres"
    # A fast shutdown: sessions are closed, nothing committed is lost.
    ask_to_stop: signal.Signals = signal.SIGINT

    def initialise(self) -> bool:
        """Make the cluster unless it exists; return whether it was made.

        It is made beside its place and moved there when complete: a start that is killed
        meanwhile leaves nothing that looks like a cluster.
        Raises ``CannotStart`` when the data belong to another major version, when their
        folder holds something else, or when ``initdb`` fails.
        """
        written_by = self.data / "PG_VERSION"
        if written_by.exists():
            self._check_version(written_by.read_text().strip())
            return False
        if self.data.exists() and any(self.data.iterdir()):
            raise CannotStart(
                f"The folder {self.data} is not empty, and what it holds is no PostgreSQL "
                "data: move it away."
            )
        making = self.data.with_name(f"{self.data.name}.new")
        if making.exists():
            shutil.rmtree(making)
        making.mkdir(mode=0o700)
        if self.account:
            self.account.owns(making)
        self._initdb(making)
        making.rename(self.data)
        return True

    def start(self) -> None:
        """Start the server and return when it answers.

        Raises ``CannotStart`` when it ends instead, or is silent for 60 seconds.
        """
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        self.child = processes.spawn(
            [
                str(self.programs.folder / "postgres"),
                *("-D", str(self.data)),
                *(
                    f"--{name}={value}"
                    for name, value in (settings | dict(self.settings)).items()
                ),
            ],
            log=self.log,
            death_signal=self.ask_to_stop,
            account=self.account,
        )
        self._wait_until_it_answers(self.child)

    def stop(self) -> None:
        """Stop the server if it runs: sessions are closed, nothing committed is lost."""
        if self.child is not None:
            processes.stop(self.child, first=self.ask_to_stop, patience=STOP_SECONDS)
            self.child = None

    def create_database(self) -> None:
        """Make the database unless it exists. The server must be running."""
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _conninfo(self, database: str) -> str:
        return psycopg.conninfo.make_conninfo(
            host=str(self.sockets), user=ROLE, dbname=database, connect_timeout=5
        )

    def _check_version(self, version: str) -> None:
        if version != str(self.programs.major):
            raise CannotStart(
                f"The data in {self.data} were written by PostgreSQL {version}, but the "
                f"programs in {self.programs.folder} are version {self.programs.major}: "
                f"set PG_BIN to a PostgreSQL {version}, or move the data away."
            )

    def _initdb(self, folder: Path) -> None:
        options = ["--locale=C", "--encoding=UTF8"]
        if self.programs.major >= BUILTIN_LOCALE_SINCE:
            # The host's locale must not matter: the server brings this one itself.
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.settings.get("fsync") == "off":
            options.append("--no-sync")
        child = processes.spawn(
            [
                str(self.programs.folder / "initdb"),
                *("-D", str(folder), "--username", ROLE, "--auth=trust"),
                *("--no-instructions", *options),
            ],
            log=self.log,
            account=self.account,
        )
        if child.wait() != 0:
            raise CannotStart(
                f"PostgreSQL could not make its data folder {folder}: "
                f"{last_complaint(self.log)}"
            )

    def _wait_until_it_answers(self, child: processes.Child) -> None:
        give_up_at = time.monotonic() + START_SECONDS
        while True:
            if child.poll() is not None:
                processes.kill_group(child.pid)
                raise CannotStart(f"PostgreSQL ended at once: {last_line(self.log)}")
            try:
                psycopg.connect(self._conninfo("postgres")).close()
            except psycopg.OperationalError as answer:
                if time.monotonic() > give_up_at:
                    self.stop()
                    raise CannotStart(
                        f"PostgreSQL did not answer within {START_SECONDS:.0f} s "
                        f"({answer}); its log is {self.log}."
                    ) from answer
                time.sleep(0.05)
            else:
                return
