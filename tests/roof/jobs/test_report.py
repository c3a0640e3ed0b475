"""What is said of each job: late, lost, failed, running, done, never run."""

from datetime import UTC, datetime, timedelta

import pytest
from celery.schedules import crontab

from qa_observability.models import JobRun
from qa_observability.roof.jobs.report import (
    Failure,
    JobState,
    JobStatus,
    jobs_report,
    next_run,
    scheduled_jobs,
)
from qa_observability.schedule import BEAT_SCHEDULE


def at(day, hour, minute, second=0):
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


NOW = at(24, 14, 5, 30)
RECENT = "correlation: refresh what is new"  # every 15 minutes
NIGHTLY = "integration_health.remove_old_events"  # 01:40
EACH_MINUTE = "integration_health.sweep_incidents"


def run(job, ago, result="done", took=2, **more):
    started = NOW - ago
    ended = None if result == "running" else started + timedelta(seconds=took)
    return JobRun.objects.create(
        job=job, started_at=started, finished_at=ended, result=result, **more
    )


def status(job):
    return next(each for each in jobs_report(NOW) if each.job == job)


def minutes(number):
    return timedelta(minutes=number)


def test_every_job_of_the_schedule_is_known_by_the_name_of_its_runs():
    assert len(scheduled_jobs()) == len(BEAT_SCHEDULE)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        pytest.param(crontab(), at(24, 14, 6), id="each minute"),
        pytest.param(crontab(minute="*/15"), at(24, 14, 15), id="each quarter"),
        pytest.param(crontab(minute=5, hour=14), at(25, 14, 5), id="just was"),
        pytest.param(crontab(minute=6, hour=14), at(24, 14, 6), id="soon"),
    ],
)
def test_the_next_run_is_the_one_beat_will_start(schedule, expected):
    assert next_run(schedule, NOW) == expected


@pytest.mark.django_db
def test_a_job_that_ran_tells_of_its_run_and_of_its_day():
    run(RECENT, timedelta(hours=25), "failed")  # before the last day
    run(RECENT, timedelta(hours=3), "failed", error="ZeroDivisionError", task_id="t-1")
    run(RECENT, minutes(5.5), took=70, counts={"links": 4})

    assert status(RECENT) == JobStatus(
        job=RECENT,
        state=JobState.DONE,
        started_at=NOW - minutes(5.5),
        took=timedelta(seconds=70),
        counts={"links": 4},
        interval=minutes(15),
        next_at=at(24, 14, 15),
        runs=2,
        failures=1,
        last_failure=Failure(NOW - timedelta(hours=3), "ZeroDivisionError", "t-1"),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("job", "ago", "expected"),
    [
        # since 13:45:00 it is due at 14:00, since 13:44:59 it was at 13:45
        pytest.param(RECENT, minutes(20.5), JobState.DONE, id="a quarter, in time"),
        pytest.param(
            RECENT,
            timedelta(minutes=20, seconds=31),
            JobState.LATE,
            id="a quarter, late",
        ),
        # due at 14:01 or at 14:00, and a queue may take five minutes
        pytest.param(EACH_MINUTE, minutes(5), JobState.DONE, id="a minute, in time"),
        pytest.param(EACH_MINUTE, minutes(6), JobState.LATE, id="a minute, late"),
        # 01:40 today, or yesterday and so twelve hours late
        pytest.param(NIGHTLY, timedelta(hours=12.4), JobState.DONE, id="a night"),
        pytest.param(
            NIGHTLY, timedelta(hours=36.4), JobState.LATE, id="a night missed"
        ),
    ],
)
def test_a_job_is_late_when_it_missed_its_time_by_more_than_a_queue_takes(
    job, ago, expected
):
    run(job, ago)

    assert status(job).state is expected


@pytest.mark.django_db
def test_a_run_that_goes_on_is_running_until_no_task_may_go_on(settings):
    limit = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
    run(NIGHTLY, limit, "running")
    run(EACH_MINUTE, limit + timedelta(seconds=1), "running")

    states = status(NIGHTLY).state, status(EACH_MINUTE).state

    assert states == (JobState.RUNNING, JobState.LOST)


@pytest.mark.django_db
def test_a_running_job_still_tells_of_the_run_before():
    run(RECENT, minutes(20), took=9, counts={"links": 2})
    run(RECENT, minutes(1), "running")

    found = status(RECENT)

    assert (found.state, found.took, found.counts) == (
        JobState.RUNNING,
        timedelta(seconds=9),
        {"links": 2},
    )


@pytest.mark.django_db
def test_the_failure_of_a_nightly_job_is_told_until_it_runs_well():
    run(NIGHTLY, timedelta(hours=24.5), "failed", error="OperationalError")

    found = status(NIGHTLY)

    assert (found.runs, found.last_failure) == (
        0,
        Failure(NOW - timedelta(hours=24.5), "OperationalError", ""),
    )


@pytest.mark.django_db
def test_jobs_come_in_the_order_they_want_looking_at():
    run(EACH_MINUTE, minutes(30))
    run(RECENT, minutes(1), "failed")
    run(NIGHTLY, minutes(3), "running")
    run("integration_health.sweep_freshness", minutes(1))

    states = [each.state for each in jobs_report(NOW)]

    assert states == sorted(states, key=list(JobState).index)
    assert (states[0], states[1], states[-1]) == ("late", "failed", "done")


@pytest.mark.django_db
def test_a_job_that_runs_only_when_asked_to_appears_once_it_ran():
    asked = "integration_health.remap_past"
    before = {each.job for each in jobs_report(NOW)}
    run(asked, timedelta(days=20))

    found = status(asked)

    assert asked not in before
    assert (found.state, found.next_at, found.interval) == (JobState.DONE, None, None)


@pytest.mark.django_db
def test_jobs_of_a_feature_that_is_off_are_not_told(settings):
    run("integration_health.remap_past", timedelta(days=1))
    settings.INTEGRATION_HEALTH_ENABLED = False
    settings.CELERY_BEAT_SCHEDULE = {}

    assert jobs_report(NOW) == ()


@pytest.mark.django_db
@pytest.mark.parametrize("runs", [1, 30])
def test_three_queries_whatever_ran(runs, django_assert_num_queries):
    for number in range(runs):
        run(EACH_MINUTE, minutes(number))

    with django_assert_num_queries(3):
        jobs_report(NOW)
