"""Did the background job run? Each run locked against overlap, recorded and logged."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, Self

import structlog
from celery import current_app
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from qa_observability.lib.errors import ApplicationError
from qa_observability.metrics.families import JOBS
from qa_observability.metrics.store import shared_store
from qa_observability.models import JobRun
from qa_observability.tracing import request_id_of_task

KEPT_FOR = timedelta(days=30)
LOST = "The worker ended before the job did."
RECORDED_AS: dict[str, str] = {}  # by the task a body becomes: the name of its runs

Arguments = ParamSpec("Arguments")
Counts = Mapping[str, Any]

_log = structlog.get_logger(__name__)


def recorded(
    job: str,
) -> Callable[[Callable[Arguments, Counts]], Callable[Arguments, dict[str, Any]]]:
    """Wrap a task body that returns counts: one run at a time, one row, one log line.

    A run that finds another still going returns ``{"skipped": 1}`` and leaves no row. A
    failing body is recorded and raises on: the next run repairs.
    """

    def decorate(
        body: Callable[Arguments, Counts],
    ) -> Callable[Arguments, dict[str, Any]]:
        RECORDED_AS[f"{body.__module__}.{body.__name__}"] = job

        @wraps(body)
        def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> dict[str, Any]:
            with _only_one(job) as free:
                if not free:
                    _log.info("job skipped", job=job, reason="still running")
                    return {"skipped": 1}
                with Recording(job) as recording:
                    recording.counts = dict(body(*args, **kwargs))
                return recording.counts

        return run

    return decorate


class Recording:
    """The row and the log line of one run, written as it starts and as it ends."""

    def __init__(self, job: str) -> None:
        self.job = job
        self.counts: dict[str, Any] = {}

    def __enter__(self) -> Self:
        now = timezone.now()
        runs = JobRun.objects.filter(job=self.job)
        runs.filter(started_at__lt=now - KEPT_FOR).delete()
        # Holding the lock, we know that whoever left these is gone.
        runs.filter(result=JobRun.Result.RUNNING).update(
            result=JobRun.Result.FAILED,
            finished_at=Greatest(F("started_at"), now),  # clocks are put back, too
            error=LOST,
        )
        self.run = JobRun.objects.create(
            job=self.job, task_id=_task_id(), started_at=now
        )
        self.bound = structlog.contextvars.bind_contextvars(
            job=self.job, task_id=self.run.task_id, **_request_of_task()
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.run.finished_at = max(timezone.now(), self.run.started_at)
        self.run.counts = self.counts
        self.run.result = JobRun.Result.FAILED if failure else JobRun.Result.DONE
        self.run.error = _reason(failure) if failure else ""
        duration = self.run.duration_seconds
        if failure:
            _log.error("job failed", reason=self.run.error, duration_s=duration)
        else:
            _log.info("job done", duration_s=duration, **self.counts)
        shared_store().add(
            JOBS.observed(self.job, self.run.result, value=duration or 0.0)
        )
        structlog.contextvars.reset_contextvars(**self.bound)
        self.run.save()


@contextmanager
def _only_one(job: str) -> Iterator[bool]:
    """Yield whether we hold the job's lock; PostgreSQL frees it if the process dies."""
    key = int.from_bytes(hashlib.sha256(job.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        free = bool(cursor.fetchone()[0])
    try:
        yield free
    finally:
        if free and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _task_id() -> str:
    task = current_app.current_task
    return str(task.request.id or "") if task else ""


def _request_of_task() -> dict[str, str]:
    """Return the id of the request that asked for this task, sent along as a header."""
    task = current_app.current_task
    asked_by = request_id_of_task(task) if task else ""
    return {"request_id": asked_by} if asked_by else {}


def _reason(failure: BaseException) -> str:
    """Name the failure; messages of others than our own may quote stored data."""
    name = type(failure).__name__
    return (
        f"{name}: {failure.detail}" if isinstance(failure, ApplicationError) else name
    )
