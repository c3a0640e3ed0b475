"""Which of several beats speaks? The one that holds the lock; the others stand by."""

import hashlib
from datetime import datetime
from typing import Any

import structlog
from celery.beat import PersistentScheduler
from django.db import InterfaceError, OperationalError, connection

LOCK = int.from_bytes(hashlib.sha256(b"beat").digest()[:8], signed=True)
STANDBY_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class OneBeat(PersistentScheduler):
    """Queues jobs only while it holds PostgreSQL's lock of the one beat.

    A second beat, started by mistake or to stand by, queues nothing; when the first dies
    the server frees its lock and the second takes over within seconds. While the database
    is away nothing is queued: no job could run.
    """

    speaks = False
    looked_at: datetime | None = None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Queue what is due, or stand by; return the seconds until the next look."""
        try:
            speaks = holds_lock()
        except (OperationalError, InterfaceError) as away:
            _log.warning("beat waits", reason=type(away).__name__)
            connection.close()
            return STANDBY_SECONDS
        if speaks != self.speaks:
            _log.info("beat speaks" if speaks else "beat stands by")
            self.speaks = speaks
        if not speaks:
            self._leave_to_the_other()
            return STANDBY_SECONDS
        self._see_the_clock_put_back()
        wait: float = super().tick(*args, **kwargs)
        return min(wait, STANDBY_SECONDS)

    def _leave_to_the_other(self) -> None:
        """Count what was due until now as done: whoever takes over repeats none of it."""
        now = self.app.now()
        for entry in self.schedule.values():
            entry.last_run_at = now
        self._heap = None

    def _see_the_clock_put_back(self) -> None:
        """Plan anew: what was planned by the old clock lies far ahead."""
        now = self.app.now()
        if self.looked_at is not None and now < self.looked_at:
            self._heap = None
        self.looked_at = now


def holds_lock() -> bool:
    """Return whether this connection is, or has just become, the one that may queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'"
            " AND pid = pg_backend_pid() AND objsubid = 1"
            " AND (classid::bigint << 32) | objid::bigint = %s)"
            " OR pg_try_advisory_lock(%s)",
            [LOCK, LOCK],
        )
        return bool(cursor.fetchone()[0])
