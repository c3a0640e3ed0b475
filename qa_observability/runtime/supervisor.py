"""Keep a few processes running: start in order, restart what ends, stop in reverse."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals
from typing import Protocol

from qa_observability.runtime import processes
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.leftovers import remember
from qa_observability.runtime.logs import last_lines, trim
from qa_observability.runtime.program import Program

LOOK_EVERY = 0.2
LONGEST_DELAY = 30.0
STEADY_AFTER = 60.0
LINES_SHOWN = 3


class Service(Protocol):
    """Something that runs until stopped: a server or one of our programs."""

    name: str
    log: Path
    child: processes.Child | None
    ask_to_stop: Signals

    def start(self) -> None:
        """Start it. Raises ``CannotStart``."""

    def stop(self) -> None:
        """End it and all it started; nothing when it does not run."""


@dataclass(slots=True)
class Watched:
    """A service and how often in a row it ended. Units: seconds of a steady clock."""

    service: Service
    failures: int = 0
    started_at: float = 0.0
    start_again_at: float | None = None

    def note_end(self, now: float) -> float:
        """Count an end and return the delay until the next start: 0.5 s, doubling."""
        if now - self.started_at > STEADY_AFTER:
            self.failures = 0
        delay = min(LONGEST_DELAY, 0.5 * 2.0**self.failures)
        self.failures += 1
        self.start_again_at = now + delay
        return delay


@dataclass(slots=True)
class Supervisor:
    """Runs services; ``say`` tells a person, ``list_path`` tells the next start."""

    say: Callable[[str], None]
    list_path: Path
    clock: Callable[[], float] = time.monotonic
    watched: list[Watched] = field(default_factory=list)
    is_listed: bool = True

    def start(self, service: Service) -> None:
        """Start a service and watch it from now on. Raises ``CannotStart``."""
        watched = Watched(service, started_at=self.clock())
        self.watched.append(watched)
        service.start()
        self._remember()

    def look(self) -> None:
        """Restart, after their delay, services that have ended; keep logs short.

        Where a full disk takes no list or log, the next look tries again.
        """
        for watched in self.watched:
            with suppress(OSError):
                trim(watched.service.log)
            if watched.start_again_at is not None:
                if self.clock() >= watched.start_again_at:
                    self._start_again(watched)
            elif self._has_ended(watched.service):
                self._report_end(watched)
        if not self.is_listed:
            with suppress(OSError):
                self._remember()

    def watch(self) -> None:
        """Look for ever, until a signal's exception ends it."""
        while True:
            self.look()
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        """Stop all in reverse order; our own programs are asked together first."""
        for service in self._newest_first():
            if isinstance(service, Program):
                service.ask()
        for service in self._newest_first():
            service.stop()
        self.watched.clear()
        self.list_path.unlink(missing_ok=True)

    def _newest_first(self) -> Iterable[Service]:
        return [watched.service for watched in reversed(self.watched)]

    def _has_ended(self, service: Service) -> bool:
        return service.child is not None and service.child.poll() is not None

    def _report_end(self, watched: Watched) -> None:
        service = watched.service
        code = service.child.returncode if service.child else None
        service.stop()
        delay = watched.note_end(self.clock())
        self.say(f"{service.name} ended (code {code}); starting it again in {delay} s.")
        for line in last_lines(service.log, LINES_SHOWN):
            self.say(f"  {service.name}: {line}")

    def _start_again(self, watched: Watched) -> None:
        watched.start_again_at = None
        watched.started_at = self.clock()
        try:
            watched.service.start()
        except CannotStart as refusal:
            self._try_later(watched, refusal.detail)
        except OSError as refusal:
            self._try_later(watched, f"{watched.service.name}: {refusal}.")
        else:
            self.say(f"{watched.service.name} is running again.")
            self.is_listed = False

    def _try_later(self, watched: Watched, reason: str) -> None:
        watched.service.stop()
        delay = watched.note_end(self.clock())
        self.say(f"{reason} Trying again in {delay} s.")

    def _remember(self) -> None:
        services = [watched.service for watched in self.watched]
        remember(
            self.list_path,
            [(one.child, one.ask_to_stop) for one in services if one.child],
        )
        self.is_listed = True
