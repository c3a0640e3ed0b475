"""Did anything change that figures are made of? A mark that changes with it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from qa_observability.lib.periods import Window

# xmin, the transaction that wrote a row, tells any two writers apart; the sums tell the
# statements of one transaction apart.
_STAMP = """
    SELECT concat_ws(';',
        (SELECT ROW(count(*), sum(xmin::text::bigint), sum(rows), sum(occurrences),
            sum(failures)) FROM integration_event_days WHERE day BETWEEN %s AND %s),
        (SELECT ROW(count(*), sum(xmin::text::bigint), sum(covered_seconds),
            sum(booking_loss_rate), sum(booking_loss_seconds), sum(pricing_error_rate),
            sum(pricing_seconds), sum(fees_error_rate), sum(fees_seconds))
            FROM integration_health_days WHERE day BETWEEN %s AND %s),
        (SELECT ROW(count(*), sum(xmin::text::bigint), max(updated_at))
            FROM integrations))
"""

_STATES_STAMP = """
    SELECT concat_ws(';',
        (SELECT ROW(count(*), sum(newest.xmin::text::bigint), max(newest.id::text))
            FROM integrations, LATERAL (SELECT xmin, id FROM integration_health
                WHERE integration_id = slug ORDER BY last_checked DESC LIMIT 1) newest),
        (SELECT ROW(count(*), sum(xmin::text::bigint), max(created_at))
            FROM integration_transitions WHERE at >= %s AND at < %s),
        (SELECT ROW(count(*), sum(xmin::text::bigint), max(at))
            FROM integration_annotations WHERE at >= %s AND at < %s),
        (SELECT ROW(count(*), sum(xmin::text::bigint), max(started_at), max(ended_at))
            FROM integration_incidents))
"""


def facts_stamp(window: Window) -> str:
    """Return a text that changes whenever ``money_facts`` of the window would.

    Counts, rates and channels count; the passing of time does not. One query over the
    daily sums, a few milliseconds however many events there are.
    """
    days = [window.first_day, window.last_day]
    return _asked(_STAMP, [*days, *days])


def states_stamp(window: Window) -> str:
    """Return a text that changes with the newest checks, incidents, and what the window
    holds of transitions and marks. One query, none of it over checks or events.
    """
    within = [window.start, window.end]
    return _asked(_STATES_STAMP, [*within, *within])


def _asked(query: str, given: Sequence[date | datetime]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        (stamp,) = cursor.fetchone()
    return str(stamp)
