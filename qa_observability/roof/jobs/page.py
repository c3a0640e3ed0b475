"""Does everything that should happen by itself happen? The page of the jobs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_observability.roof.jobs.queue import QueueDepth, queue_depth
from qa_observability.roof.jobs.report import JobState, JobStatus, jobs_report
from qa_observability.roof.jobs.words import job_words, state_words
from qa_observability.web.formats import number
from qa_observability.web.times import duration

LOOKS: Final = {
    JobState.LATE: "warning",
    JobState.LOST: "warning",
    JobState.FAILED: "critical",
    JobState.NEVER: "unknown",
    JobState.RUNNING: "unknown",
    JobState.DONE: "healthy",
}


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as shown; ``problem`` says what is wrong and ``advice`` what to do."""

    name: str
    look: str
    state_words: str
    status: JobStatus
    rhythm: str
    counts: str
    problem: str
    advice: str
    history: str


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Everything the page of the jobs prints; ``queue`` is None without the broker."""

    sentence: str
    rows: tuple[JobRow, ...]
    failures: tuple[JobRow, ...]
    queue: QueueDepth | None
    last_sign: datetime | None


def jobs_page(now: datetime) -> JobsPage:
    """Return the page. Three queries and one short question to the broker."""
    report = jobs_report(now)
    started = [status.started_at for status in report if status.started_at]
    rows = tuple(_row(status, now) for status in report)
    return JobsPage(
        sentence=_sentence(report),
        rows=rows,
        failures=tuple(row for row in rows if row.status.last_failure),
        queue=queue_depth(),
        last_sign=max(started, default=None),
    )


def counts_words(counts: Mapping[str, Any]) -> str:
    """Return what a run counted: "went stale 1, checked 4"; names stay the job's own."""
    return ", ".join(
        f"{name.replace('_', ' ')} {number(value) if _is_number(value) else value}"
        for name, value in counts.items()
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sentence(report: Sequence[JobStatus]) -> str:
    if all(status.started_at is None for status in report):
        return _(
            "No job has run yet. Jobs need a worker and beat; make run starts both."
        )
    said = [*_troubles(report)]
    if not said:
        said = [_("Every job ran when it should, and none failed.")]
    return " ".join(said)


def _troubles(report: Sequence[JobStatus]) -> Iterator[str]:
    late = _named(report, JobState.LATE, JobState.LOST)
    failed = _named(report, JobState.FAILED)
    never = _named(report, JobState.NEVER)
    if late:
        yield ngettext(
            "%(count)d job is late: %(names)s.",
            "%(count)d jobs are late: %(names)s.",
            len(late),
        ) % {"count": len(late), "names": ", ".join(late)}
    if failed:
        yield ngettext(
            "%(count)d job failed: %(names)s.",
            "%(count)d jobs failed: %(names)s.",
            len(failed),
        ) % {"count": len(failed), "names": ", ".join(failed)}
    if never:
        yield ngettext(
            "%(count)d job has not had its first run yet.",
            "%(count)d jobs have not had their first run yet.",
            len(never),
        ) % {"count": len(never)}


def _named(report: Sequence[JobStatus], *states: JobState) -> list[str]:
    return [job_words(status.job) for status in report if status.state in states]


def _row(status: JobStatus, now: datetime) -> JobRow:
    history = reverse("admin:qa_observability_jobrun_changelist")
    return JobRow(
        name=job_words(status.job),
        look=LOOKS[status.state],
        state_words=state_words(status.state),
        status=status,
        rhythm=_rhythm(status),
        counts=counts_words(status.counts),
        problem=_problem(status, now),
        advice=_advice(status),
        history=f"{history}?{urlencode({'job': status.job})}",
    )


def _rhythm(status: JobStatus) -> str:
    if status.interval is None:
        return _("when asked to")
    return _("every %(interval)s") % {"interval": duration(status.interval)}


def _problem(status: JobStatus, now: datetime) -> str:
    if status.started_at is None:
        return ""
    age = duration(now - status.started_at)
    if status.state is JobState.LOST:
        return _("It started %(age)s ago and never ended.") % {"age": age}
    if status.state is JobState.LATE and status.interval is not None:
        return _("Has not run for %(age)s, expected every %(interval)s.") % {
            "age": age,
            "interval": duration(status.interval),
        }
    return ""


def _advice(status: JobStatus) -> str:
    if status.state in {JobState.LATE, JobState.LOST}:
        return _("See that worker and beat run: manage.py doctor.")
    if status.state is JobState.FAILED:
        return _(
            "The next run repairs what this one left. If that fails too, look for the "
            "task in the log."
        )
    return ""
