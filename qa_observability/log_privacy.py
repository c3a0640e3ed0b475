"""What may a log line say? Where the code broke and why, never whose data it held.

Our own lines choose their words. Those of libraries, and the messages of exceptions, may
quote what people sent: texts pass the masks of the door, and of an exception only its
kind and frames are told, unless its message is known to speak of code.
"""

import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured

from qa_observability.lib.errors import ApplicationError
from qa_observability.lib.scrub import scrub_text

# Messages that name code, settings, or what a caller should do; none quotes a stored row.
_TELLING = (
    ApplicationError,
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    NameError,
    TypeError,
)
_OURS = frozenset({"level", "logger", "timestamp", "exception"})
_THEN = "\n\nDuring that, or because of it:\n\n"


def without_people(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask secrets and personal data in every text of a line; structlog's processor."""
    for name, value in event.items():
        if isinstance(value, str) and name not in _OURS:
            event[name] = scrub_text(value)
    return event


def told(exc_info: Any) -> str:
    """Return frames and kinds of an exception and its causes, the first cause first.

    Locals never enter, nor do messages that may quote data; of a database error the
    code, table and constraint are told.
    """
    return _THEN.join(
        "".join(traceback.format_tb(each.__traceback__)) + _headline(each)
        for each in reversed(list(_with_causes(exc_info[1])))
    )


def _with_causes(failure: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while failure is not None and id(failure) not in seen:
        seen.add(id(failure))
        yield failure
        hidden = failure.__suppress_context__
        failure = failure.__cause__ or (None if hidden else failure.__context__)


def _headline(failure: BaseException) -> str:
    name = type(failure).__qualname__
    if isinstance(failure, _TELLING):
        return f"{name}: {scrub_text(str(failure))}"
    if isinstance(failure, psycopg.Error):
        place = (failure.diag.table_name, failure.diag.constraint_name)
        return f"{name}: {' '.join(filter(None, (failure.sqlstate, *place)))}"
    return f"{name} (its message may quote data and is left out)"
