"""What does the page of data quality give to take away? Its rows, money by right."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from qa_observability.lib.periods import Period
from qa_observability.roof.quality.page import ChannelRow, QualityPage
from qa_observability.web.downloads import (
    Cell,
    Download,
    Table,
    days_of,
    filters_of,
    made_for,
)


def quality_export(
    request: HttpRequest, page: QualityPage, period: Period, now: datetime
) -> Download:
    """Return what is thin as the page shows it, a line for each thing."""
    return Download(
        page="data-quality",
        span=period.value,
        title=_("Data quality"),
        sentence=page.sentence,
        header=(days_of(period, now), filters_of(()), *made_for(request, now)),
        tables=(_channels(page), *_thin(page), _cut(page), *_defaults(page)),
    )


def _channels(page: QualityPage) -> Table:
    return Table(
        _("By integration"),
        (
            _("Integration"),
            _("Newest data"),
            _("Coverage"),
            _("Days without data"),
            _("Comes from"),
        ),
        tuple(_channel(row) for row in page.rows),
    )


def _channel(row: ChannelRow) -> tuple[Cell, ...]:
    return (
        row.channel.name,
        row.checked_at,
        row.channel.coverage,
        len(row.channel.missing_days),
        row.sources,
    )


def _thin(page: QualityPage) -> Iterator[Table]:
    yield Table(
        _("What is thin, and what to do"),
        (_("Integration"), _("What is thin"), _("What to do")),
        tuple(
            (row.channel.name, finding.text, finding.advice)
            for row in page.rows
            for finding in row.findings
        ),
    )


def _cut(page: QualityPage) -> Table:
    return Table(
        _("Imports that hold less than there was"),
        (_("File"), _("From"), _("To"), _("What is missing")),
        tuple(
            (
                row.cut.file_name,
                row.cut.window_start,
                row.cut.window_end,
                " ".join(row.remarks),
            )
            for row in page.cut_imports
        ),
    )


def _defaults(page: QualityPage) -> Iterator[Table]:
    if page.defaults is not None:
        yield Table(
            _("Money that rests on defaults"),
            (_("Integration"), _("What nobody said")),
            tuple((row.name, " ".join(row.remarks)) for row in page.defaults),
        )
