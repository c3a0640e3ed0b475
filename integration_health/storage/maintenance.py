"""When was or will a channel be down on purpose?"""

from datetime import datetime

from django.db import connection

from qa_observability.lib.periods import Window
from qa_observability.readings import read_once

# A moment lies in maintenance before its end; a window measured lies in it as a whole.
IS_SHUT = """
    EXISTS (
        SELECT FROM shut
        WHERE (shut.integration_id IS NULL OR shut.integration_id = event.integration_id)
            AND CASE WHEN event.window_start IS NULL
                THEN occurred_at >= shut.starts_at AND occurred_at < shut.ends_at
                ELSE event.window_start >= shut.starts_at AND occurred_at <= shut.ends_at
            END
    )
"""
_IS_SHUT = """
    WITH shut AS MATERIALIZED (
        SELECT * FROM integration_maintenance_spans(
            coalesce(%(window_start)s, %(occurred_at)s) - interval '1 second',
            %(occurred_at)s + interval '1 second')
    )
    SELECT {is_shut}
    FROM (
        SELECT %(slug)s AS integration_id, %(window_start)s AS window_start,
            %(occurred_at)s AS occurred_at
    ) event
""".replace("{is_shut}", IS_SHUT).replace(
    "%(window_start)s", "%(window_start)s::timestamptz"
)
_SPANS = """
    SELECT integration_id, starts_at, ends_at
    FROM integration_maintenance_spans(%s, %s)
    ORDER BY starts_at, ends_at
"""


@read_once
def maintenance_spans(window: Window) -> list[tuple[str | None, Window]]:
    """Return every maintenance that has a moment in the window, with its integration.

    ``None`` holds for all. Each repetition of a recurring one is its own span, whole even
    where it reaches outside the window. The database expands them, for the triggers on
    events as for us. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, [window.start, window.end])
        return [(slug, Window(start, end)) for slug, start, end in cursor.fetchall()]


def is_in_maintenance(
    slug: str, occurred_at: datetime, window_start: datetime | None
) -> bool:
    """Return whether such an event lies in maintenance, by the windows as they stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            _IS_SHUT,
            {"slug": slug, "occurred_at": occurred_at, "window_start": window_start},
        )
        return bool(cursor.fetchone()[0])
