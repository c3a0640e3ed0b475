"""Which fields of a Newman report may be read? Only these: the rest holds secrets.

Everything not named here (environment, globals, headers, bodies, responses' bytes) is
skipped while decoding and never exists in memory as a value.
"""

from typing import Any

import msgspec
from django.utils.translation import gettext as _

from correlation.parsed import UnreadableReport

Text = str | None


class Failure(msgspec.Struct):
    """Why an assertion, a request or a script failed."""

    name: Text = None
    message: Text = None
    code: Text | int = None
    test: Text = None
    timestamp: float | None = None


class Assertion(msgspec.Struct):
    """One check of one execution; ``error`` means failed."""

    assertion: Text = None
    skipped: bool | None = None
    error: Failure | None = None


class Script(msgspec.Struct):
    """One script of one execution; ``error`` means it crashed."""

    error: Failure | None = None


class Cursor(msgspec.Struct):
    """Where in the run an execution stands."""

    iteration: int | None = None


class Response(msgspec.Struct, rename="camel"):
    """What came back; only how long it took."""

    response_time: float | None = None


class Item(msgspec.Struct):
    """A folder or request of the collection, or the request an execution sent."""

    id: Text = None
    name: Text = None
    item: list["Item"] | None = None


class Execution(msgspec.Struct, rename="camel"):
    """One request that was sent."""

    item: Item | None = None
    cursor: Cursor | None = None
    response: Response | None = None
    request_error: Failure | None = None
    assertions: list[Assertion] | None = None
    test_script: list[Script] | None = None
    prerequest_script: list[Script] | None = None


class FailureEntry(msgspec.Struct):
    """One entry of the run's list of failures; it alone has a time."""

    error: Failure | None = None
    at: Text = None
    source: Item | None = None
    cursor: Cursor | None = None


class Timings(msgspec.Struct):
    """Epoch milliseconds."""

    started: float | None = None


class Run(msgspec.Struct):
    """What happened."""

    stats: dict[str, Any]
    executions: list[Execution]
    timings: Timings | None = None
    failures: list[FailureEntry] | None = None
    error: Failure | None = None


class Information(msgspec.Struct):
    """A collection's title."""

    name: Text = None


class Collection(msgspec.Struct):
    """The collection that was run."""

    info: Information | None = None
    item: list[Item] | None = None


class NewmanReport(msgspec.Struct):
    """The whole file, as far as it is read."""

    run: Run
    collection: Collection | None = None


_DECODER = msgspec.json.Decoder(NewmanReport, strict=False)


def decode(content: bytes) -> NewmanReport:
    """Return the report that ``content`` holds.

    Raises: :class:`UnreadableReport` for what is not JSON or not Newman's shape, which
        is recognised by ``run.stats`` and ``run.executions``.
    """
    try:
        return _DECODER.decode(content)
    except msgspec.ValidationError as other:
        raise UnreadableReport.because(
            _("This is not a Newman JSON report: %(reason)s.") % {"reason": other},
            code="not_newman",
        ) from other
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as malformed:
        raise UnreadableReport.because(
            _("The file is not valid JSON (%(reason)s). It may be cut off.")
            % {"reason": malformed},
            code="malformed_json",
        ) from malformed
