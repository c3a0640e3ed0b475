"""What does a spreadsheet get? Events, checks and incidents as filtered, line by line.

Rows are fetched a keyset page at a time while they are sent, so an export of any length
costs the memory of a page. Moments are ISO 8601 in UTC; texts cannot become formulas.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import msgspec

from integration_health.models import Integration
from integration_health.reports.events import EventFilters, EventItem, events_page
from integration_health.reports.incident_filters import IncidentFilters
from integration_health.reports.incidents import IncidentItem, incidents_page
from integration_health.reports.quality import QualityReport
from qa_observability.lib.periods import Window
from qa_observability.lib.spreadsheets import csv_lines, text_cell

PAGE = 1000

EVENT_COLUMNS = (
    "occurred_at",
    "integration_id",
    "event_type",
    "severity",
    "occurrences",
    "message",
    "metadata",
    "window_start",
    "in_maintenance",
    "source",
    "actor",
    "batch_id",
    "created_at",
    "id",
)
SNAPSHOT_COLUMNS = (
    "last_checked",
    "integration_id",
    "status",
    "computed_status",
    "status_source",
    "pricing_sync_status",
    "fees_sync_status",
    "booking_loss_rate",
    "error_rate",
    "pricing_error_rate",
    "fees_error_rate",
    "booking_error_rate",
    "availability_error_rate",
    "window_start",
    "window_end",
    "source",
    "actor",
    "id",
)
INCIDENT_COLUMNS = (
    "started_at",
    "ended_at",
    "integration_id",
    "severity",
    "state",
    "origin",
    "occurrences",
    "duration_seconds",
    "detected_at",
    "detected_by",
    "acknowledged_at",
    "acknowledged_by",
    "resolved_at",
    "resolved_by",
    "assigned_to",
    "tickets",
    "id",
)
QUALITY_COLUMNS = (
    "integration_id",
    "name",
    "stale",
    "age_seconds",
    "expected_interval_seconds",
    "coverage",
    "missing_days",
    "sources",
    "manual_only",
    "clock_ahead_seconds",
)


def events_csv(
    slug: str, window: Window, *, now: datetime, filters: EventFilters
) -> Iterator[str]:
    """Yield the events of a channel as CSV, newest first, of the last 90 days."""
    return _csv(EVENT_COLUMNS, each_event(slug, window, now=now, filters=filters))


def snapshots_csv(integration: Integration, window: Window) -> Iterator[str]:
    """Yield the checks of a channel in the window as CSV, newest first."""
    return _csv(SNAPSHOT_COLUMNS, _snapshots(integration, window))


def incidents_csv(window: Window, filters: IncidentFilters) -> Iterator[str]:
    """Yield incidents as CSV, in the order of the inbox."""
    return _csv(INCIDENT_COLUMNS, _incidents(window, filters))


def quality_csv(report: QualityReport) -> Iterator[str]:
    """Yield a line per channel: how complete and fresh its data is."""
    return _csv(QUALITY_COLUMNS, report.integrations)


def each_event(
    slug: str, window: Window, *, now: datetime, filters: EventFilters
) -> Iterator[EventItem]:
    """Yield the events of a channel, newest first, read a page at a time."""
    after = None
    while True:
        page = events_page(
            slug, window, now=now, filters=filters, after=after, limit=PAGE
        )
        yield from page.events
        after = page.next_key
        if after is None:
            return


def _snapshots(integration: Integration, window: Window) -> Iterator[Any]:
    before = window.end
    while True:
        rows = list(
            integration.snapshots.filter(
                last_checked__gte=window.start, last_checked__lt=before
            ).order_by("-last_checked")[:PAGE]
        )
        yield from rows
        if len(rows) < PAGE:
            return
        before = rows[-1].last_checked


def _incidents(window: Window, filters: IncidentFilters) -> Iterator[IncidentItem]:
    after = None
    while True:
        page = incidents_page(window, filters=filters, after=after, limit=PAGE)
        yield from page.incidents
        after = page.next_key
        if after is None:
            return


def _csv(columns: tuple[str, ...], rows: Iterable[Any]) -> Iterator[str]:
    cells = ([_cell(getattr(row, name)) for name in columns] for row in rows)
    return csv_lines(chain([columns], cells))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        value = ", ".join(map(str, value)) if isinstance(value, list) else _json(value)
    return text_cell(str(value))


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode() if value else ""
