"""What does one row of endpoint statistics say?"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from integration_health.splunk.fields import (
    RowRefused,
    count_of,
    first_of,
    percent_of,
    text_of,
)
from integration_health.splunk.moments import UncertainMoment, moment_of
from integration_health.splunk.records import ExportFacts, RawRow

REQUESTS = ("total_requests", "total", "count")
ERRORS = ("total_errors", "errors")
RATE = ("error_rate", "error_rate_%")

_TOLERANCE = 0.01 + 1e-9  # percentage points; the second part for binary fractions


class RateCheck(Enum):
    """How the row's own error rate compares with the one of its counts."""

    AGREES = "agrees"
    FRACTION = "fraction"
    DIFFERS = "differs"


class EndpointStatRow(NamedTuple):
    """Requests and errors of one endpoint, in the whole export or in one bin of it.

    ``endpoint`` still holds its query string and whatever personal data is in it.
    ``client_errors`` (4xx) and ``server_errors`` (5xx) are 0 when not exported.
    ``bin_start`` is the row's ``_time``, ``None`` without one; ``span_seconds`` is set
    only where Splunk exported ``_span``.
    """

    line: int
    endpoint: str
    requests: int
    errors: int
    client_errors: int
    server_errors: int
    rate_check: RateCheck
    bin_start: datetime | None
    span_seconds: int | None


def stat_row(row: RawRow, facts: ExportFacts, zone: ZoneInfo | None) -> EndpointStatRow:
    """Return the row with its numbers checked against each other.

    The rate is recomputed from the counts; the row's own, a percentage or in some
    searches a fraction, is only compared.
    Raises: :class:`RowRefused` naming the field; errors above requests are impossible.
    """
    fields, comma = row.fields, facts.decimal_comma
    endpoint = _endpoint(fields)
    requests = _count(fields, REQUESTS, comma)
    errors = _count(fields, ERRORS, comma)
    client = _optional_count(fields, "client_errors_4xx", comma)
    server = _optional_count(fields, "server_errors_5xx", comma)
    if errors > requests:
        raise RowRefused("total_errors", _("More errors than requests."))
    if client + server > requests:
        raise RowRefused(
            "client_errors_4xx", _("More 4xx and 5xx answers than requests.")
        )
    return EndpointStatRow(
        row.line,
        endpoint,
        requests,
        errors,
        client,
        server,
        _rate_check(fields, requests, errors, comma),
        _bin_start(fields, zone),
        _optional_count(fields, "_span", comma) or None,
    )


def _endpoint(fields: Mapping[str, object]) -> str:
    endpoint = text_of(fields, "endpoint")
    if endpoint is None:
        raise RowRefused("endpoint", _("The endpoint is missing or blank."))
    if "\n" in endpoint:
        raise RowRefused("endpoint", _("The field has several values; one is needed."))
    return endpoint


def _count(fields: Mapping[str, object], names: tuple[str, ...], comma: bool) -> int:
    name, value = first_of(fields, names)
    return count_of(name, value, decimal_comma=comma)


def _optional_count(fields: Mapping[str, object], name: str, comma: bool) -> int:
    value = fields.get(name)
    if value is None or value == "":
        return 0
    return count_of(name, value, decimal_comma=comma)


def _rate_check(
    fields: Mapping[str, object], requests: int, errors: int, comma: bool
) -> RateCheck:
    name, value = first_of(fields, RATE)
    if value is None:
        return RateCheck.AGREES
    given = percent_of(name, value, decimal_comma=comma)
    if requests == 0:
        return RateCheck.AGREES
    percent = 100 * errors / requests
    if abs(given - percent) <= _TOLERANCE:
        return RateCheck.AGREES
    if abs(100 * given - percent) <= 100 * _TOLERANCE and given <= 1:
        return RateCheck.FRACTION
    return RateCheck.DIFFERS


def _bin_start(fields: Mapping[str, object], zone: ZoneInfo | None) -> datetime | None:
    name = "_time"
    text = text_of(fields, name)
    if text is None:
        return None
    try:
        return moment_of(text, zone)
    except UncertainMoment as uncertain:
        raise RowRefused(name, str(uncertain)) from uncertain
