"""The logging dictionary."""

from typing import Any


def logging_config(level: str) -> dict[str, Any]:
    """Return the logging dictionary: everything at ``level`` or above to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["stderr"], "level": level},
    }
