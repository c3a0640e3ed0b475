"""Which jobs ran, how did it end, when are they due? One status per job."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from celery import current_app
from celery.schedules import crontab
from django.conf import settings
from django.db.models import Count, Q

from qa_observability.features import is_enabled
from qa_observability.jobs import RECORDED_AS
from qa_observability.lib.periods import ONE_DAY
from qa_observability.models import JobRun

# How late a job may be before that is worth a word: the time between two runs, but
# neither the moments a queue takes nor half a day of a nightly job.
LEAST_LATE: Final = timedelta(minutes=5)
MOST_LATE: Final = timedelta(hours=1)


class JobState(StrEnum):
    """How a job stands; the order is how much it wants looking at.

    A lost run says that it is going on, longer than any task may.
    """

    LATE = "late"
    LOST = "lost"
    FAILED = "failed"
    NEVER = "never"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Failure:
    """One run that failed; the worker's log has more under its task's id."""

    at: datetime
    error: str
    task_id: str


@dataclass(frozen=True, slots=True)
class JobStatus:
    """One job. ``interval`` and ``next_at`` are None for one that runs when asked to.

    ``took`` and ``counts`` are of the newest run that ended; ``runs`` and ``failures``
    count the runs of the last 24 hours.
    """

    job: str
    state: JobState
    started_at: datetime | None
    took: timedelta | None
    counts: Mapping[str, Any]
    interval: timedelta | None
    next_at: datetime | None
    runs: int
    failures: int
    last_failure: Failure | None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the database knows of each job."""

    newest: Mapping[str, list[JobRun]]
    failed: Mapping[str, JobRun]
    counted: Mapping[str, tuple[int, int]]


def jobs_report(now: datetime) -> tuple[JobStatus, ...]:
    """Return the jobs of what is switched on, what wants looking at first. Three queries.

    Jobs that run only when asked to are left out until they ran.
    """
    schedules = scheduled_jobs()
    facts = _facts({*schedules, *_known_jobs()}, now)
    jobs = {*schedules, *facts.newest}
    order = list(JobState)
    return tuple(
        sorted(
            (_status(job, schedules.get(job), facts, now) for job in jobs),
            key=lambda status: (order.index(status.state), status.job),
        )
    )


def scheduled_jobs() -> dict[str, crontab]:
    """Return when each job of the beat's schedule runs, by the name of its runs."""
    current_app.loader.import_default_modules()
    return {
        RECORDED_AS[entry["task"]]: entry["schedule"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }


def next_run(schedule: crontab, after: datetime) -> datetime:
    """Return the first moment after ``after`` at which beat starts the job."""
    last, step, _now = schedule.remaining_delta(after)
    due: datetime = last + step
    return due


def _known_jobs() -> Iterable[str]:
    return {
        job for task, job in RECORDED_AS.items() if is_enabled(task.partition(".")[0])
    }


def _facts(jobs: Iterable[str], now: datetime) -> _Facts:
    """Read the two newest runs of each job, and its last day."""
    by_job = [JobRun.objects.filter(job=job)[:2] for job in sorted(jobs)]
    newest: dict[str, list[JobRun]] = {}
    for run in JobRun.objects.none().union(*by_job, all=True):
        newest.setdefault(run.job, []).append(run)
    recent = JobRun.objects.filter(job__in=jobs, started_at__gt=now - ONE_DAY)
    failing = Q(result=JobRun.Result.FAILED)
    failed = recent.filter(failing).order_by("job", "-started_at").distinct("job")
    counted = (
        recent.order_by()
        .values("job")
        .annotate(runs=Count("pk"), failures=Count("pk", filter=failing))
    )
    return _Facts(
        newest=newest,
        failed={run.job: run for run in failed},
        counted={row["job"]: (row["runs"], row["failures"]) for row in counted},
    )


def _status(
    job: str, schedule: crontab | None, facts: _Facts, now: datetime
) -> JobStatus:
    runs = sorted(
        facts.newest.get(job, []), key=lambda run: run.started_at, reverse=True
    )
    ended = next((run for run in runs if run.finished_at is not None), None)
    failed = facts.failed.get(job)
    if failed is None and ended is not None and ended.result == JobRun.Result.FAILED:
        failed = ended
    count, failures = facts.counted.get(job, (0, 0))
    next_at = next_run(schedule, now) if schedule else None
    return JobStatus(
        job=job,
        state=_state(runs, schedule, now),
        started_at=runs[0].started_at if runs else None,
        took=ended.finished_at - ended.started_at
        if ended and ended.finished_at
        else None,
        counts=ended.counts if ended else {},
        interval=next_run(schedule, next_at) - next_at
        if schedule and next_at
        else None,
        next_at=next_at,
        runs=count,
        failures=failures,
        last_failure=Failure(failed.started_at, failed.error, failed.task_id)
        if failed
        else None,
    )


def _state(runs: list[JobRun], schedule: crontab | None, now: datetime) -> JobState:
    if not runs:
        return JobState.NEVER
    newest = runs[0]
    if newest.result == JobRun.Result.RUNNING:
        limit = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
        lost = now - newest.started_at > limit
        return JobState.LOST if lost else JobState.RUNNING
    if schedule is not None and _is_late(schedule, newest.started_at, now):
        return JobState.LATE
    failed = newest.result == JobRun.Result.FAILED
    return JobState.FAILED if failed else JobState.DONE


def _is_late(schedule: crontab, last: datetime, now: datetime) -> bool:
    due = next_run(schedule, last)
    between = next_run(schedule, due) - due
    return now > due + min(max(between, LEAST_LATE), MOST_LATE)
