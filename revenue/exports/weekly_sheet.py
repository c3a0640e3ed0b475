"""What stands on the sheet of a weekly report? The words that every format prints."""

from dataclasses import dataclass
from datetime import timedelta, tzinfo
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_observability.lib.weeks import DAYS_OF_A_WEEK
from qa_observability.web import times
from qa_observability.web.formats import Better, change_words, money, number, percent
from qa_observability.web.statuses import status_words
from revenue.reports.figures import BreakdownRow, Figure
from revenue.reports.weekly import AnnouncingTest, IncidentsOfWeek, WeeklyContent
from revenue.reports.words import type_name


@dataclass(frozen=True, slots=True)
class SheetFigure:
    """One of the four figures: what it is, what it comes to, against what."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A titled table; its first column is text. Without rows ``nothing`` says so."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One A4 page in words; ``notes`` are the caveats."""

    title: str
    days: str
    written: str
    sentence: str
    figures: tuple[SheetFigure, ...]
    tables: tuple[SheetTable, ...]
    notes: tuple[str, ...]


def weekly_sheet(content: WeeklyContent, zone: tzinfo) -> Sheet:
    """Return the sheet of a week's content; its moments are written in ``zone``."""
    return Sheet(
        title=_("Weekly report %(week)s") % {"week": content.week},
        days=_("%(days)s, UTC days")
        % {"days": times.day_range(content.first_day, content.last_day)},
        written=_("Written %(moment)s")
        % {"moment": times.absolute(content.generated_at, zone)},
        sentence=content.sentence,
        figures=_figures(content),
        tables=(
            _losses(content),
            *(() if content.tests is None else (_tests(content.tests),)),
            _changes(content, zone),
        ),
        notes=content.caveats,
    )


def _figures(content: WeeklyContent) -> tuple[SheetFigure, ...]:
    currency, incidents = content.currency, content.incidents
    return (
        SheetFigure(
            _("Health when written"),
            status_words(content.health.status),
            content.health.reason,
        ),
        _money_figure(
            _("Revenue at risk"), content.revenue_at_risk, currency, Better.LOWER
        ),
        _money_figure(
            _("Revenue protected"), content.revenue_protected, currency, Better.HIGHER
        ),
        SheetFigure(
            _("Open incidents when written"),
            number(Decimal(incidents.open)),
            _started(incidents),
        ),
    )


def _money_figure(
    label: str, figure: Figure, currency: str, better: Better
) -> SheetFigure:
    if figure.value is None:
        return SheetFigure(label, money(None), _("Unknown: see the notes below"))
    compared = change_words(figure.comparison, better, days=DAYS_OF_A_WEEK)
    said = f"{compared.arrow} {compared.text}".strip()
    if figure.value and figure.low is not None and figure.high is not None:
        bounds = _("between %(low)s and %(high)s") % {
            "low": _bound(figure.low, currency),
            "high": _bound(figure.high, currency),
        }
        said = f"{said}; {bounds}"
    return SheetFigure(label, money(figure.value, currency, estimated=True), said)


def _bound(amount: Decimal, currency: str) -> str:
    return money(amount, currency, estimated=True).removeprefix("≈")


def _started(incidents: IncidentsOfWeek) -> str:
    return _("%(now)d started in this week, %(before)d in the week before") % {
        "now": incidents.started,
        "before": incidents.started_before,
    }


def _losses(content: WeeklyContent) -> SheetTable:
    return SheetTable(
        _("Biggest losses"),
        (
            _("Channel and failure"),
            _("At risk"),
            _("Share"),
            _("Since the week before"),
        ),
        tuple(
            (
                f"{row.integration_name}: {type_name(row.impact_type)}",
                money(row.impact, content.currency, estimated=True),
                percent(row.share, 0),
                _compared(row),
            )
            for row in content.losses
        ),
        _("Nothing put revenue at risk in this week."),
    )


def _compared(row: BreakdownRow) -> str:
    said = change_words(row.comparison, Better.LOWER)
    return f"{said.arrow} {said.text}".strip()


def _tests(tests: tuple[AnnouncingTest, ...]) -> SheetTable:
    return SheetTable(
        _("Most useful tests"),
        (_("Test"), _("Announced"), _("Ahead by"), _("Score")),
        tuple(
            (
                test.test_name,
                ngettext(
                    "%(count)d incident on %(name)s",
                    "%(count)d incidents on %(name)s",
                    test.announced,
                )
                % {"count": test.announced, "name": test.integration_name},
                times.duration(timedelta(seconds=test.median_lead_seconds)),
                number(test.correlation_score, 2),
            )
            for test in tests
        ),
        _("No test announced an incident of this week."),
    )


def _changes(content: WeeklyContent, zone: tzinfo) -> SheetTable:
    return SheetTable(
        _("What changed"),
        (_("Change"), _("When")),
        tuple(
            (change.text, times.absolute(change.at, zone)) for change in content.changes
        ),
        _("No status changed, nothing was deployed or configured."),
    )
