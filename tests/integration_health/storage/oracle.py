"""What the rollups must be: counted from the rows in Python, by the definitions."""

from collections import Counter, defaultdict
from datetime import timedelta

from integration_health.domain.failures import failure_intervals, fingerprint
from integration_health.models import EventDay, EventHour, Failure, IntegrationEvent
from integration_health.storage.maintenance import maintenance_spans
from qa_observability.lib.periods import Window, start_of_day

WIDE = timedelta(days=200)


def expected_rollups(now):
    """Return failures, hours and days as they must stand."""
    spans = maintenance_spans(Window(now - WIDE, now + WIDE))

    def is_shut(slug, moment):
        return any(of in {None, slug} and span.contains(moment) for of, span in spans)

    failures, sums = set(), defaultdict(Counter)
    for event in IntegrationEvent.objects.all():
        kind = (event.integration_id, event.event_type, event.severity)
        hour = event.occurred_at.replace(minute=0, second=0, microsecond=0)
        sums[hour, *kind] += Counter(rows=1, occurrences=event.occurrences)
        assert event.in_maintenance == _is_marked(event, spans)
        mark = fingerprint(*kind, event.message)
        assert bytes(event.fingerprint) == mark
        failures |= {
            (mark, start, *kind)
            for start in failure_intervals(
                event.occurred_at, event.occurrences, event.window_start
            )
            if not is_shut(event.integration_id, start)
        }
    for _mark, start, *kind in failures:
        sums[start.replace(minute=0), *kind]["failures"] += 1
    return failures, *_totals(sums)


def _is_marked(event, spans):
    """A moment lies in maintenance before its end; a window lies in it as a whole."""
    own = [span for slug, span in spans if slug in {None, event.integration_id}]
    if event.window_start is None:
        return any(span.contains(event.occurred_at) for span in own)
    return any(
        span.start <= event.window_start and event.occurred_at <= span.end
        for span in own
    )


def _totals(sums):
    hours, days = {}, defaultdict(Counter)
    for (hour, *kind), counts in sums.items():
        hours[hour, *kind] = _numbers(counts)
        days[hour.date(), *kind] += counts
    return hours, {key: _numbers(counts) for key, counts in days.items()}


def _numbers(counts):
    return counts["rows"], counts["occurrences"], counts["failures"]


def stored_rollups():
    """Return failures, hours and days as they stand."""
    failures = {
        (
            bytes(row.fingerprint),
            _start(row),
            row.integration_id,
            row.event_type,
            row.severity,
        )
        for row in Failure.objects.all()
    }
    hours = {
        (row.hour, row.integration_id, row.event_type, row.severity): (
            row.rows,
            row.occurrences,
            row.failures,
        )
        for row in EventHour.objects.all()
    }
    days = {
        (row.day, row.integration_id, row.event_type, row.severity): (
            row.rows,
            row.occurrences,
            row.failures,
        )
        for row in EventDay.objects.all()
    }
    return failures, hours, days


def _start(row):
    return start_of_day(row.day) + row.interval * timedelta(minutes=10)
