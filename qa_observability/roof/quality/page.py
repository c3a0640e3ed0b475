"""How far can the figures be trusted? The page of data quality, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.reports.quality import (
    ChannelQuality,
    CutImport,
    QualityReport,
    quality_report,
)
from qa_observability.lib.periods import Period, utc_day
from qa_observability.roof.quality.defaults import DefaultInUse, defaults_in_use
from qa_observability.roof.quality.findings import (
    Doors,
    Finding,
    anchor_of,
    channel_findings,
)
from revenue.errors import AssumptionUnreadable


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel as shown; ``anchor`` is where notes of other pages lead."""

    anchor: str
    channel: ChannelQuality
    checked_at: datetime | None
    sources: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CutRow:
    """An import that holds less than there was, and how to get the rest."""

    href: str
    cut: CutImport
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QualityPage:
    """Everything the page prints.

    ``defaults`` is None without the right to see money, and empty beside a
    ``money_problem``.
    """

    sentence: str
    coverage: Decimal
    rows: tuple[ChannelRow, ...]
    cut_imports: tuple[CutRow, ...]
    defaults: tuple[DefaultInUse, ...] | None
    money_problem: str
    upload: str
    definitions: tuple[tuple[str, str], ...]


def quality_page(
    *, period: Period, now: datetime, doors: Doors, with_money: bool
) -> QualityPage:
    """Return the page. A dozen queries, whatever the history."""
    report = quality_report(period=period, now=now)
    rows = tuple(_row(channel, doors, now) for channel in report.integrations)
    defaults, problem = _defaults(report, now) if with_money else (None, "")
    return QualityPage(
        sentence=_sentence(report, rows),
        coverage=report.coverage,
        rows=rows,
        cut_imports=tuple(_cut_row(cut) for cut in report.cut_imports),
        defaults=defaults,
        money_problem=problem,
        upload=doors.upload,
        definitions=_definitions(),
    )


def _defaults(
    report: QualityReport, now: datetime
) -> tuple[tuple[DefaultInUse, ...], str]:
    """Return the defaults, or none and why: the rest of the page stands."""
    slugs = {channel.integration_id for channel in report.integrations}
    try:
        return defaults_in_use(utc_day(now), slugs), ""
    except AssumptionUnreadable as unreadable:
        return (), unreadable.detail


def _sentence(report: QualityReport, rows: Sequence[ChannelRow]) -> str:
    if not rows:
        return _("No integration is watched.")
    thin = [row.channel.name for row in rows if row.findings]
    if not thin and not report.cut_imports:
        return ngettext(
            "The data of the one channel is fresh and complete.",
            "The data of all %(count)d channels is fresh and complete.",
            len(rows),
        ) % {"count": len(rows)}
    said = []
    if thin:
        said.append(
            _("The data of %(thin)d of %(all)d channels is thin: %(names)s.")
            % {"thin": len(thin), "all": len(rows), "names": ", ".join(thin)}
        )
    if report.cut_imports:
        count = len(report.cut_imports)
        said.append(
            ngettext(
                "%(count)d import holds less than there was.",
                "%(count)d imports hold less than there was.",
                count,
            )
            % {"count": count}
        )
    return " ".join(said)


def _row(channel: ChannelQuality, doors: Doors, now: datetime) -> ChannelRow:
    age = channel.age_seconds
    return ChannelRow(
        anchor=anchor_of(channel.integration_id),
        channel=channel,
        checked_at=None if age is None else now - timedelta(seconds=age),
        sources=", ".join(str(source.label) for source in channel.sources),
        findings=channel_findings(channel, doors),
    )


def _cut_row(cut: CutImport) -> CutRow:
    remarks = (
        (cut.truncated, _("The search was cut at a round number of rows: sort 0.")),
        (cut.incomplete, _("The file ends before the search's last row.")),
    )
    return CutRow(
        href=reverse("import-page", args=[cut.import_id]),
        cut=cut,
        remarks=tuple(words for applies, words in remarks if applies),
    )


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("Coverage"),
            _(
                "The share of the period that lies under a fresh check or inside the "
                "window of an import."
            ),
        ),
        (
            _("Day without data"),
            _(
                "A UTC day of which nothing is known. It is no healthy day: status, "
                "trends and money leave it out."
            ),
        ),
        (
            _("Expected interval"),
            _(
                "How often data should come in, set for each integration. After twice "
                "that time without any its status is no longer known."
            ),
        ),
    )
