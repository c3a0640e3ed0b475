"""What does a log line look like? One JSON object, request and task ids bound."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

_ROWS = re.compile(r"(?:DETAIL|CONTEXT):.*?(?=\n\nThe above|\n\nDuring|\Z)", re.DOTALL)


def _without_rows(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Cut from tracebacks the rows PostgreSQL quotes: they are people's data."""
    if "exception" in event:
        event["exception"] = _ROWS.sub("(row left out)", str(event["exception"]))
    return event


# What Django, Celery and our own loggers share. Locals never enter a traceback: they may
# hold keys and people's data.
_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _without_rows,
]


def logging_config(level: str) -> dict[str, Any]:
    """Return the logging dictionary: JSON lines at ``level`` or above on standard error.

    Points structlog at the standard library first, so that one handler writes all.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Our own line per request and per job says more than these.
            "django.request": {"level": "ERROR"},
            "axes": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
