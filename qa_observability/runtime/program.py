"""One of our own processes: web, worker, beat, or a step that ends by itself."""

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa_observability.runtime import processes


@dataclass(slots=True)
class Program:
    """A command of the project that runs until it is told to stop.

    ``ask_to_stop`` lets it finish what it does; ``death_signal`` is what it gets when we
    are killed and the servers vanish under it. Units: ``patience`` in seconds.
    """

    name: str
    command: list[str]
    environ: Mapping[str, str]
    folder: Path
    log: Path
    patience: float = 10.0
    ask_to_stop: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGTERM
    child: processes.Child | None = None
    asked: bool = False

    def start(self) -> None:
        """Start it; whether it serves yet is the caller's to ask."""
        self.asked = False
        self.child = processes.spawn(
            self.command,
            log=self.log,
            death_signal=self.death_signal,
            environ=self.environ,
            folder=self.folder,
        )

    def ask(self) -> None:
        """Ask it to end, without waiting; once, for a second time means "at once"."""
        if self.child is not None and not self.asked:
            self.child.send_signal(self.ask_to_stop)
            self.asked = True

    def stop(self) -> None:
        """End it and all it started."""
        self.ask()
        if self.child is not None:
            processes.wait_or_kill(self.child, self.patience)
            self.child = None
