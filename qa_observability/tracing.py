"""Which request asked for a background task? Its id travels along as a header."""

from typing import Any

from celery import Task

from qa_observability.request_ids import current_request_id

HEADER = "request_id"


class TracedTask(Task):  # type: ignore[type-arg]  # generic for type checkers only
    """Every task of ours: sent with the id of the request being answered, if any."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        headers = {HEADER: current_request_id()} | (options.pop("headers", None) or {})
        return super().apply_async(*args, headers=headers, **options)


def request_id_of_task(task: Task[Any, Any]) -> str:
    """Return the id of the request that asked for the running task; empty if none."""
    return str((task.request.headers or {}).get(HEADER, ""))
