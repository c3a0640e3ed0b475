"""Which request asked for a background task, and why did it fail?"""

from typing import Any

import structlog
from celery import Task

from qa_observability.request_ids import current_request_id

HEADER = "request_id"

_log = structlog.get_logger(__name__)


class TracedTask(Task):  # type: ignore[type-arg]  # generic for type checkers only
    """Every task of ours: sent with the id of the request being answered, if any."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        headers = {HEADER: current_request_id()} | (options.pop("headers", None) or {})
        return super().apply_async(*args, headers=headers, **options)

    def on_failure(
        self, exc: BaseException, task_id: str, args: Any, kwargs: Any, einfo: Any
    ) -> None:
        """Log where it broke; what it was called with, or raised, may be people's data."""
        ids = {"task_id": task_id, HEADER: request_id_of_task(self)}
        _log.error("task failed", task=self.name, exc_info=exc, **ids)


def request_id_of_task(task: Task[Any, Any]) -> str:
    """Return the id of the request that asked for the running task; empty if none."""
    return str((task.request.headers or {}).get(HEADER, ""))
