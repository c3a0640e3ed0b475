"""How far is the mapping of the past, and is there anything to map?"""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from integration_health.imports.remap import pending_moves
from qa_observability.models import JobRun

REMAP_JOB = "integration_health.remap_past"

_KEY = "remap-progress"
_KEPT = 60 * 60  # seconds; no task lives longer


@dataclass(frozen=True, slots=True)
class RemapStatus:
    """What a re-map would move now, and how the last one went.

    ``pending_routes`` are counts by route in ``pending_imports`` imports that today's
    rules map elsewhere. While one runs, ``done_imports`` of ``total_imports`` are done.
    """

    pending_routes: int
    pending_imports: int
    running: bool
    done_imports: int
    total_imports: int
    last_started: datetime | None
    last_finished: datetime | None
    last_result: str


def tell_progress(done: int, total: int) -> None:
    """Note how many of how many imports are done."""
    cache.set(_KEY, (done, total), _KEPT)


def remap_status(now: datetime) -> RemapStatus:
    """Return what waits and what runs."""
    pending = pending_moves(now)
    last = JobRun.objects.filter(job=REMAP_JOB).first()
    running = last is not None and last.result == JobRun.Result.RUNNING
    done, total = cache.get(_KEY) or (0, 0) if running else (0, 0)
    return RemapStatus(
        pending_routes=pending.routes,
        pending_imports=pending.imports,
        running=running,
        done_imports=done,
        total_imports=total,
        last_started=last.started_at if last else None,
        last_finished=last.finished_at if last else None,
        last_result=last.result if last else "",
    )
