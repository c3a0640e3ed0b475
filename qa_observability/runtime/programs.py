"""Which commands of the project run, and how is each told to stop?"""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa_observability.runtime import processes
from qa_observability.runtime.address import Address
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.logs import last_line
from qa_observability.runtime.places import logs_in
from qa_observability.runtime.program import Program

WEB_WORKERS = 2
THREADS_EACH = 4  # 2 x 4 blocking threads measured best on two cores
JOBS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Project:
    """The project's folder, its local folder, and the variables its processes get."""

    folder: Path
    local: Path
    environ: Mapping[str, str]

    def manage(self, *arguments: str) -> None:
        """Run ``manage.py``, its output shown; return when it has succeeded.

        Raises ``CannotStart`` with the last line of its errors when it fails.
        """
        log = logs_in(self.local) / f"{arguments[0]}.log"
        child = processes.spawn(
            [sys.executable, "manage.py", *arguments],
            log=log,
            shown=True,
            environ=self.environ,
            folder=self.folder,
        )
        try:
            code = child.wait()
        finally:
            processes.stop(child, first=signal.SIGTERM, patience=5.0)
        if code != 0:
            raise CannotStart(
                f"`manage.py {arguments[0]}` failed: {last_line(log)} (more in {log})"
            )

    def web(self, address: Address) -> Program:
        """Return the web server. A request being answered is answered before it ends."""
        return self._program(
            "web",
            *("granian", "--interface", "wsgi", "--no-ws"),
            *("--host", address.host, "--port", str(address.port)),
            *("--workers", str(WEB_WORKERS), "--blocking-threads", str(THREADS_EACH)),
            *("--respawn-failed-workers", "--workers-kill-timeout", "10"),
            "qa_observability.wsgi:application",
        )

    def worker(self) -> Program:
        """Return the worker of background jobs. A job cut off is delivered again.

        No heartbeat: nobody listens to it, and while the broker is away its sender retries
        for ever and keeps the worker from ending.
        """
        worker = self._program(
            "worker",
            *("celery", "-A", "qa_observability.celery", "worker"),
            *("--concurrency", str(JOBS_AT_ONCE), "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        )
        # Without its servers there is nothing to finish: a warm stop would wait for ever.
        worker.death_signal = signal.SIGQUIT
        return worker

    def beat(self) -> Program:
        """Return the clock that queues jobs at their times."""
        return self._program(
            "beat",
            *("celery", "-A", "qa_observability.celery", "beat"),
            *("--schedule", str(self.local / "beat-schedule"), "--pidfile", ""),
            *("--loglevel", "INFO"),
        )

    def _program(self, name: str, module: str, *arguments: str) -> Program:
        return Program(
            name=name,
            command=[sys.executable, "-m", module, *arguments],
            environ=self.environ,
            folder=self.folder,
            log=logs_in(self.local) / f"{name}.log",
        )
