"""The page of the jobs: what is late or failed first, with what to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qa_observability.models import JobRun
from qa_observability.roof.jobs.page import counts_words
from qa_observability.roof.jobs.report import scheduled_jobs
from qa_observability.roof.jobs.words import job_words
from tests.metrics.conftest import broker, broker_url
from tests.pages.conftest import signed_in
from tests.pages.test_exports import rows_of, table
from tests.pages.world import text_of

__all__ = ["broker", "broker_url"]
PAGE = "/dashboard/jobs"


@pytest.fixture
def admin(db):
    return signed_in("Admin")


def ran(*jobs, ago=timedelta(seconds=30), **more):
    started = timezone.now() - ago
    given = {"finished_at": started, "result": "done"} | more
    for job in jobs:
        JobRun.objects.create(job=job, started_at=started, **given)


def test_every_scheduled_job_has_a_name_people_understand():
    assert [job for job in scheduled_jobs() if job_words(job) == job] == []


def test_before_the_first_run_the_page_says_what_starts_them(admin):
    page = text_of(admin.get(PAGE))

    assert "No job has run yet. Jobs need a worker and beat" in page
    assert "No job failed in the last 24 hours." in page
    assert page.count("Not run yet") == len(scheduled_jobs())


def test_when_all_is_well_it_says_so_calmly(admin, broker):
    broker.rpush("celery", "task")
    ran(*scheduled_jobs())

    page = text_of(admin.get(PAGE))

    assert "Every job ran when it should, and none failed." in page
    assert "Last sign of a worker: just now . Queue: 1 waiting, 0 in hand." in page
    assert "Retry" not in page


def test_a_late_job_says_since_when_and_what_was_expected(admin):
    ran(*scheduled_jobs())
    JobRun.objects.filter(job__startswith="correlation: refresh what").delete()
    ran("correlation: refresh what is new", ago=timedelta(hours=3))

    page = text_of(admin.get(PAGE))

    assert "1 job is late: Links of tests: what is new." in page
    assert "Has not run for 3 h, expected every 15 min." in page
    assert "See that worker and beat run: manage.py doctor." in page


def test_a_failure_is_told_with_its_task_and_links_to_the_history(admin):
    ran(
        "integration_health.sweep_incidents",
        result="failed",
        error="OperationalError",
        task_id="7b0c",
    )

    response = admin.get(PAGE)

    page, html = text_of(response), response.content.decode()
    assert "1 job failed: Incidents: find new ones." in page
    assert "OperationalError 7b0c" in page
    history = (
        "/admin/qa_observability/jobrun/?job=integration_health.sweep_incidents"
        "&amp;result__exact=failed"
    )
    assert f'href="{history}"' in html
    assert "1 job run" in text_of(admin.get(history.replace("&amp;", "&")))


def test_without_the_broker_that_part_says_so_and_the_rest_stands(admin):
    ran(*scheduled_jobs())

    page = text_of(admin.get(PAGE))

    assert "The broker does not answer" in page
    assert "Request" in page.split("The broker does not answer")[1].split("Retry")[0]
    assert "Every job ran when it should" in page


def test_others_than_administrators_may_not(lead):
    assert lead.get(PAGE).status_code == 403


def test_an_unknown_parameter_corrects_the_address(admin):
    assert admin.get(f"{PAGE}?period=7d")["Location"] == PAGE


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param(
            {"went_stale": 1, "rows": 12345}, "went stale 1, rows 12,345", id="numbers"
        ),
        pytest.param(
            {"full": True, "since": "2026-11-01"},
            "full True, since 2026-11-01",
            id="others as they are",
        ),
    ],
)
def test_counts_are_read_as_the_job_gave_them(counts, expected):
    assert counts_words(counts) == expected


def test_every_job_leaves_with_its_last_failure(admin):
    ran(*scheduled_jobs())
    job = "correlation: refresh what is new"
    ran(job, ago=timedelta(seconds=5), result="failed", error="=boom", task_id="t1")

    response = admin.get(f"{PAGE}/export/csv")

    today = timezone.now().date()
    assert f'filename="qa-jobs-24h-{today}.csv"' in response["Content-Disposition"]
    rows = rows_of(response)
    jobs = table(rows, "Every job")[1]
    assert [row[0] for row in jobs] == [
        job,
        *sorted(each for each in scheduled_jobs() if each != job),
    ]
    assert (jobs[0][2], jobs[0][8:]) == ("Failed", ["2", "1"])
    (failure,) = table(rows, "Last failures")[1]
    assert (failure[0], failure[2:]) == (job, ["'=boom", "t1"])
    assert f'href="{PAGE}/export/csv"' in admin.get(PAGE).content.decode()
