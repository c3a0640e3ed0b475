"""What does the page of the jobs give to take away? Every job, and how the last failed."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from qa_observability.roof.jobs.page import JobRow, JobsPage
from qa_observability.web.downloads import (
    Cell,
    Download,
    Table,
    filters_of,
    made_for,
)


def jobs_export(request: HttpRequest, page: JobsPage, now: datetime) -> Download:
    """Return the page's jobs in its order, and the last failure of each."""
    return Download(
        page="jobs",
        span="24h",
        title=_("Jobs"),
        sentence=page.sentence,
        header=(filters_of(()), *made_for(request, now)),
        tables=(
            Table(
                _("Every job"),
                (
                    _("Job"),
                    _("Name"),
                    _("State"),
                    _("Last run"),
                    _("Took, seconds"),
                    _("Next"),
                    _("Rhythm"),
                    _("What it did"),
                    _("Runs in 24 h"),
                    _("Failed in 24 h"),
                ),
                tuple(map(_job, page.rows)),
            ),
            Table(
                _("Last failures"),
                (_("Job"), _("When"), _("Error"), _("Task")),
                tuple(
                    (row.status.job, failure.at, failure.error, failure.task_id)
                    for row in page.failures
                    if (failure := row.status.last_failure)
                ),
            ),
        ),
    )


def _job(row: JobRow) -> tuple[Cell, ...]:
    status = row.status
    return (
        status.job,
        row.name,
        row.state_words,
        status.started_at,
        None if status.took is None else status.took.total_seconds(),
        status.next_at,
        row.rhythm,
        " ".join(filter(None, (row.counts, row.problem))),
        status.runs,
        status.failures,
    )
