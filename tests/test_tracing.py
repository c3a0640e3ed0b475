import pytest
import structlog
from celery import Celery, current_app, shared_task
from celery.contrib.testing.worker import start_worker
from structlog.testing import capture_logs

from qa_observability.celery import app
from qa_observability.jobs import recorded
from qa_observability.tracing import TracedTask, request_id_of_task


def test_the_id_travels_to_the_worker_and_beat_has_none():
    queue = Celery(
        "traced",
        broker="memory://localhost//",
        task_cls=TracedTask,
        set_as_current=False,
    )
    seen = []

    @queue.task(name="traced.look", shared=False)
    def look():
        seen.append(request_id_of_task(look))

    with start_worker(queue, perform_ping_check=False):
        with structlog.contextvars.bound_contextvars(request_id="r-1"):
            look.delay()
        look.delay()

    assert seen == ["r-1", ""]


def test_a_failing_task_is_told_without_what_it_was_given_or_raised():
    queue = Celery(
        "failing",
        broker="memory://localhost//",
        task_cls=TracedTask,
        set_as_current=False,
    )

    @queue.task(name="failing.look", shared=False)
    def look(guest):
        raise ValueError(f"{guest} is no number")

    with (
        capture_logs() as logs,
        start_worker(queue, perform_ping_check=False),
        structlog.contextvars.bound_contextvars(request_id="r-1"),
    ):
        asked = look.delay("Jane Roe")

    (line,) = (line for line in logs if line["event"] == "task failed")
    failure = line.pop("exc_info")
    assert isinstance(failure, ValueError)
    assert line == {
        "event": "task failed",
        "task": "failing.look",
        "task_id": asked.id,
        "request_id": "r-1",
        "log_level": "error",
    }


def test_our_app_sends_it():
    assert issubclass(app.Task, TracedTask)
    assert isinstance(current_app.tasks["celery.backend_cleanup"], TracedTask)


@pytest.mark.django_db
def test_a_jobs_line_bears_the_id():
    @shared_task(name="tests.traced_sweep")
    @recorded("sweep")
    def sweep():
        with structlog.contextvars.bound_contextvars():
            structlog.get_logger("inside").info("inside")
        return {}

    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        processors = [structlog.contextvars.merge_contextvars]
        with capture_logs(processors=processors) as logs:
            sweep.delay()

    told = [line for line in logs if line["event"] != "metrics dropped"]  # no Redis
    assert [(line["event"], line["request_id"], line["job"]) for line in told] == [
        ("inside", "r-1", "sweep"),
        ("job done", "r-1", "sweep"),
    ]
