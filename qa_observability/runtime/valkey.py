"""A Valkey (or Redis) server of our own: the queue, the cache, the sessions."""

import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from qa_observability.runtime import processes
from qa_observability.runtime.account import Account
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.logs import last_line

SOCKET = "valkey.sock"
START_SECONDS = 30.0
STOP_SECONDS = 10.0


def redis_url(sockets: Path) -> str:
    """Return the ``REDIS_URL`` of the server whose socket lies in ``sockets``."""
    return f"unix://{quote(str(sockets / SOCKET))}"


@dataclass(slots=True)
class Valkey:
    """One server: its program, its data, its socket's folder, the account it runs as."""

    program: Path
    data: Path
    sockets: Path
    log: Path
    account: Account | None = None
    child: processes.Child | None = None
    name: str = "valkey"
    ask_to_stop: signal.Signals = signal.SIGTERM

    def start(self) -> None:
        """Start the server and return when it answers.

        Queued jobs are in the operating system's hands before a client hears "queued"
        (append-only file), so a killed server loses none. Under memory pressure only
        keys that expire are dropped: the cache, never the queue.
        Raises ``CannotStart`` when the server ends instead, or is silent for 30 seconds.
        """
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            self.account.owns(self.data)
        self.child = processes.spawn(
            [
                str(self.program),
                *("--port", "0", "--unixsocket", str(self.sockets / SOCKET)),
                *("--unixsocketperm", "700", "--dir", str(self.data)),
                *("--save", "", "--appendonly", "yes", "--appendfsync", "everysec"),
                *("--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru"),
                *("--set-proc-title", "no", "--daemonize", "no"),
            ],
            log=self.log,
            account=self.account,
        )
        self._wait_until_it_answers(self.child)

    def stop(self) -> None:
        """Stop the server if it runs."""
        if self.child is not None:
            processes.stop(self.child, first=self.ask_to_stop, patience=STOP_SECONDS)
            self.child = None

    def _wait_until_it_answers(self, child: processes.Child) -> None:
        give_up_at = time.monotonic() + START_SECONDS
        while not self._answers():
            if child.poll() is not None:
                raise CannotStart(f"Valkey ended at once: {last_line(self.log)}")
            if time.monotonic() > give_up_at:
                self.stop()
                raise CannotStart(
                    f"Valkey did not answer within {START_SECONDS:.0f} s; "
                    f"its log is {self.log}."
                )
            time.sleep(0.05)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(5)
            try:
                connection.connect(str(self.sockets / SOCKET))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
