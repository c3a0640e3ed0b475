"""How does the archive of weekly reports look? A list, and each sheet as it was sent."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qa_observability.lib.errors import InvalidInput
from revenue.models import ReportDelivery, WeeklyReport
from revenue.reports.weekly import (
    ArchivedReport,
    archived,
    archived_report,
    archived_reports,
    week_named,
)

MOST_ROWS = 60  # a year of weeks and some second versions


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """The newest reports, and whether there are older ones on the next page."""

    rows: tuple[ArchivedReport, ...]
    next_key: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report: the stored sheet, how its mails went, and its week's other versions.

    ``deliveries`` are empty for those who may not see addresses.
    """

    report: ArchivedReport
    sheet: SafeString
    mails: str
    versions: tuple[int, ...]
    deliveries: tuple[ReportDelivery, ...]


def archive_page(page_key: str | None) -> ArchivePage:
    """Return the archive from the newest on, or from after ``page_key``. One query."""
    before = read_key(page_key) if page_key else None
    found = archived_reports(limit=MOST_ROWS + 1, before=before)
    rows = tuple(archived(row) for row in found[:MOST_ROWS])
    last = rows[-1] if len(found) > MOST_ROWS else None
    return ArchivePage(rows, f"{last.week}v{last.version}" if last else "")


def report_page(text: str, version: int | None, *, with_addresses: bool) -> ReportPage:
    """Return a week's report; the newest version unless one is named.

    Raises: :class:`InvalidInput`, :class:`NotFound`.
    """
    week = week_named(text)
    row = archived_report(week, version)
    versions = WeeklyReport.objects.of_week(week).newest_first()
    report = archived(row)
    return ReportPage(
        report=report,
        sheet=mark_safe(row.html),  # noqa: S308  our own template escaped it
        mails=_mails(report),
        versions=tuple(versions.values_list("version", flat=True)),
        deliveries=tuple(row.deliveries.order_by("email")) if with_addresses else (),
    )


def read_key(text: str) -> tuple[int, int, int] | None:
    """Return year, week and version of a key such as ``2026-W47v1``; None if it is none."""
    name, _letter, version = text.partition("v")
    try:
        week = week_named(name)
    except InvalidInput:
        return None
    if not (version.isascii() and version.isdigit()):
        return None
    return week.year, week.number, int(version)


def _mails(report: ArchivedReport) -> str:
    total = report.sent + report.waiting + report.failed
    if not total:
        return _("Not mailed: nobody was to receive it.")
    said = [
        _("Mailed to %(sent)d of %(total)d recipients.")
        % {"sent": report.sent, "total": total}
    ]
    if report.waiting:
        said.append(_("Waiting for the next attempt: %d.") % report.waiting)
    if report.failed:
        said.append(_("Given up: %d.") % report.failed)
    return " ".join(said)
