"""Did anything change that figures are made of? A mark that changes with it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from qa_observability.lib.periods import Window
from qa_observability.readings import read_once


class FactsStamp(NamedTuple):
    """One mark for the counts of failures, one for what checks measured."""

    counts: str
    rates: str


# xmin, the transaction that wrote a row, tells any two writers apart; the sums tell the
# statements of one transaction apart.
_FACTS_STAMP = """
    SELECT (SELECT ROW(count(*), sum(xmin::text::bigint), sum(rows), sum(occurrences),
            sum(failures))::text FROM integration_event_days WHERE day BETWEEN %s AND %s),
        concat_ws(';',
            (SELECT ROW(count(*), sum(xmin::text::bigint), sum(covered_seconds),
                sum(error_rate), sum(error_rate_seconds), sum(booking_loss_rate),
                sum(booking_loss_seconds), sum(pricing_error_rate), sum(pricing_seconds),
                sum(fees_error_rate), sum(fees_seconds))
                FROM integration_health_days WHERE day BETWEEN %s AND %s),
            (SELECT ROW(count(*), sum(newest.xmin::text::bigint), max(newest.id::text))
                FROM integrations, LATERAL (SELECT xmin, id FROM integration_health
                WHERE integration_id = slug ORDER BY last_checked DESC LIMIT 1) newest),
            (SELECT ROW(count(*), sum(xmin::text::bigint), max(updated_at))
                FROM integrations))
"""

_STATES_STAMP = """
    SELECT concat_ws(';',
        (SELECT ROW(count(*), sum(xmin::text::bigint), max(created_at))
            FROM integration_transitions WHERE at >= %s AND at < %s),
        (SELECT ROW(count(*), sum(xmin::text::bigint), max(at))
            FROM integration_annotations WHERE at >= %s AND at < %s),
        (SELECT ROW(count(*), sum(xmin::text::bigint), max(started_at), max(ended_at))
            FROM integration_incidents))
"""


@read_once
def facts_stamp(window: Window) -> FactsStamp:
    """Return marks that change whenever ``money_facts`` of the window would.

    Counts, rates, checks and channels count; the passing of time does not. One query over
    the daily sums, a few milliseconds however many events there are.
    """
    days = [window.first_day, window.last_day]
    counts, rates = _asked(_FACTS_STAMP, [*days, *days])
    return FactsStamp(counts, rates)


def states_stamp(window: Window) -> str:
    """Return a text that changes with incidents, and what the window holds of
    transitions and marks. One query, none of it over checks or events.
    """
    within = [window.start, window.end]
    (stamp,) = _asked(_STATES_STAMP, [*within, *within])
    return stamp


def _asked(query: str, given: Sequence[date | datetime]) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return tuple(cursor.fetchone())
