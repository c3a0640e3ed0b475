from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from celery import shared_task
from django.db import IntegrityError, connection
from django.utils import timezone
from structlog.testing import capture_logs

from qa_observability.jobs import recorded
from qa_observability.lib.errors import InvalidInput
from qa_observability.models import JobRun

NOW = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.mark.django_db
def test_a_run_leaves_its_counts_and_one_log_line():
    @recorded("sweep")
    def body(channels):
        return {"found": channels}

    with capture_logs() as logs:
        counts = body(4)

    run = JobRun.objects.get()
    assert counts == {"found": 4}
    assert (run.job, run.result, run.counts, run.error) == (
        "sweep",
        "done",
        {"found": 4},
        "",
    )
    assert run.duration_seconds is not None
    assert run.duration_seconds >= 0
    told = [line for line in logs if line["event"] != "metrics dropped"]  # no Redis
    assert [(line["event"], line["found"]) for line in told] == [("job done", 4)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        pytest.param(
            ZeroDivisionError("row of ada@example.com"),
            "ZeroDivisionError",
            id="a bug quotes nothing",
        ),
        pytest.param(
            InvalidInput("Ask for less."),
            "InvalidInput: Ask for less.",
            id="ours says what to do",
        ),
    ],
)
def test_a_failing_run_is_recorded_and_raises_on(failure, reason):
    @recorded("sweep")
    def body():
        raise failure

    with capture_logs() as logs, pytest.raises(type(failure)):
        body()

    run = JobRun.objects.get()
    assert (run.result, run.error, run.counts) == ("failed", reason, {})
    assert [(line["event"], line["reason"]) for line in logs] == [
        ("job failed", reason)
    ]


@pytest.mark.django_db
def test_the_next_run_is_free_after_a_failure():
    outcomes = iter([ZeroDivisionError, None])

    @recorded("sweep")
    def body():
        failure = next(outcomes)
        if failure:
            raise failure
        return {}

    with pytest.raises(ZeroDivisionError):
        body()
    body()

    assert sorted(JobRun.objects.values_list("result", flat=True)) == ["done", "failed"]


@pytest.mark.django_db
def test_the_task_is_named(settings):
    @shared_task(name="tests.sweep")
    @recorded("sweep")
    def sweep():
        return {}

    result = sweep.delay()

    assert JobRun.objects.get().task_id == result.id


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_second_run_at_once_is_skipped():
    inside, leave = Event(), Event()

    @recorded("sweep")
    def body():
        inside.set()
        leave.wait(10)
        return {}

    def first():
        body()
        connection.close()

    runner = Thread(target=first)
    runner.start()
    inside.wait(10)
    second = body()
    leave.set()
    runner.join(10)

    assert second == {"skipped": 1}
    assert [run.result for run in JobRun.objects.all()] == ["done"]


@pytest.mark.django_db
def test_other_jobs_do_not_wait():
    @recorded("inner")
    def inner():
        return {"ran": 1}

    @recorded("outer")
    def outer():
        return inner()

    assert outer() == {"ran": 1}


@pytest.mark.django_db
def test_a_run_whose_worker_died_is_closed_by_the_next():
    recent = timezone.now() - timedelta(hours=1)
    JobRun.objects.create(job="sweep", started_at=recent)
    JobRun.objects.create(job="other", started_at=recent)

    recorded("sweep")(dict)()

    runs = JobRun.objects.order_by("job", "started_at")
    assert list(runs.values_list("job", "result", "error")) == [
        ("other", "running", ""),
        ("sweep", "failed", "The worker ended before the job did."),
        ("sweep", "done", ""),
    ]


@pytest.mark.django_db
def test_runs_are_kept_for_thirty_days():
    for days in (29, 31):
        moment = timezone.now() - timedelta(days=days)
        JobRun.objects.create(
            job="sweep",
            started_at=moment,
            finished_at=moment,
            result="done",
            error=str(days),
        )

    recorded("sweep")(dict)()

    assert list(JobRun.objects.values_list("error", flat=True)) == ["", "29"]


@pytest.mark.django_db
def test_a_run_is_either_running_or_finished():
    with pytest.raises(IntegrityError, match="job_run_is_running_or_finished"):
        JobRun.objects.create(job="sweep", started_at=NOW, result="done")


@pytest.mark.django_db
def test_a_run_cannot_end_before_it_starts():
    with pytest.raises(IntegrityError, match="job_run_is_running_or_finished"):
        JobRun.objects.create(
            job="sweep",
            started_at=NOW,
            finished_at=NOW - timedelta(seconds=1),
            result="done",
        )
