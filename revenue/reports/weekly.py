"""What did a week's report say? Its frozen content, and the archive of what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from django.db.models import Q
from django.utils.translation import gettext as _

from integration_health.enums import HealthStatus
from qa_observability.lib.errors import InvalidInput, NotFound
from qa_observability.lib.weeks import IsoWeek
from revenue.models import WeeklyReport
from revenue.reports.figures import BreakdownRow, Figure


@dataclass(frozen=True, slots=True)
class HealthAtWriting:
    """What all channels amounted to when the report was written, and why."""

    status: HealthStatus | None
    reason: str


@dataclass(frozen=True, slots=True)
class IncidentsOfWeek:
    """Incidents open when the report was written; started in the week and the one before."""

    open: int
    started: int
    started_before: int


@dataclass(frozen=True, slots=True)
class AnnouncingTest:
    """A test that announced incidents of the week on a channel; the lead is a median."""

    test_name: str
    integration_name: str
    announced: int
    median_lead_seconds: int
    correlation_score: Decimal


@dataclass(frozen=True, slots=True)
class ChangeOfWeek:
    """A status transition, deploy or configuration change."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class WeeklyContent:
    """Everything a week's report says; days are UTC days.

    Figures compare with the week before. ``tests`` is None where correlation is off.
    ``caveats`` are sentences on what the figures rest on and leave out.
    """

    week: str
    first_day: date
    last_day: date
    generated_at: datetime
    sentence: str
    currency: str
    health: HealthAtWriting
    revenue_at_risk: Figure
    revenue_protected: Figure
    incidents: IncidentsOfWeek
    losses: tuple[BreakdownRow, ...]
    tests: tuple[AnnouncingTest, ...] | None
    changes: tuple[ChangeOfWeek, ...]
    caveats: tuple[str, ...]
    sample: bool


@dataclass(frozen=True, slots=True)
class ArchivedReport:
    """One version of a week's report as the archive lists it, and how its mails went."""

    week: str
    version: int
    is_scheduled: bool
    created_at: datetime
    created_by: str
    sent: int
    waiting: int
    failed: int
    content: WeeklyContent


def stored(content: WeeklyContent) -> dict[str, Any]:
    """Return content as it is kept: decimals and moments as texts, nothing lost."""
    kept: dict[str, Any] = msgspec.to_builtins(content)
    return kept


def content_of(kept: Mapping[str, Any]) -> WeeklyContent:
    """Return what :func:`stored` kept."""
    return msgspec.convert(kept, WeeklyContent)


def week_named(text: str) -> IsoWeek:
    """Return the week written as ``2026-W47``.

    Raises: :class:`InvalidInput` when it is none.
    """
    try:
        return IsoWeek.parse(text)
    except ValueError as unreadable:
        raise InvalidInput(
            _("%(text)s is no ISO week. Write it as 2026-W47.") % {"text": text},
            code="invalid_week",
        ) from unreadable


def archived_reports(
    *, limit: int, before: tuple[int, int, int] | None = None
) -> list[WeeklyReport]:
    """Return at most ``limit`` reports, newest week and version first, without files.

    ``before`` is year, week and version of the last one already seen. One query.
    """
    rows = WeeklyReport.objects.newest_first().with_deliveries().defer("pdf", "html")
    if before is not None:
        year, week, version = before
        rows = rows.filter(
            Q(year__lt=year)
            | Q(year=year, week__lt=week)
            | Q(year=year, week=week, version__lt=version)
        )
    return list(rows[:limit])


def archived_report(week: IsoWeek, version: int | None = None) -> WeeklyReport:
    """Return a week's report: the version asked for, the newest otherwise. One query.

    Raises: :class:`NotFound`.
    """
    rows = WeeklyReport.objects.of_week(week).newest_first().with_deliveries()
    found = (rows if version is None else rows.filter(version=version)).first()
    if found is None:
        raise NotFound(
            _("There is no report of %(week)s%(version)s.")
            % {"week": week, "version": "" if version is None else f" v{version}"}
        )
    return found


def archived(report: WeeklyReport) -> ArchivedReport:
    """Return a report that was read ``with_deliveries`` as the archive tells it."""
    row: Any = report
    return ArchivedReport(
        week=str(report.iso_week),
        version=report.version,
        is_scheduled=report.is_scheduled,
        created_at=report.created_at,
        created_by=report.created_by,
        sent=row.sent,
        waiting=row.waiting,
        failed=row.failed,
        content=content_of(report.content),
    )
