"""Did anything change that figures are made of? A mark that changes with it."""

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


def facts_stamp(window: Window) -> str:
    """Return a text that changes whenever ``money_facts`` of the window would.

    Counts, rates and channels count; the passing of time does not. One query over the
    daily sums, a few milliseconds however many events there are.
    """
    days = [window.first_day, window.last_day]
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, [*days, *days])
        (stamp,) = cursor.fetchone()
    return str(stamp)
