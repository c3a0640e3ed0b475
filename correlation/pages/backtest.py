"""What would the links have announced on days they had not seen? A card in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from correlation.reports import BacktestReport, BacktestRow, backtest_report
from qa_observability.web.formats import number, percent
from qa_observability.web.times import duration_words, short_day


@dataclass(frozen=True, slots=True)
class BacktestLine:
    """What the links from one score up would have announced."""

    which: str
    window: str
    announced: str
    lead: str
    right: str
    false_alarms: str


@dataclass(frozen=True, slots=True)
class BacktestCard:
    """Everything the card prints; ``shows_window`` where sources differ in theirs."""

    sentence: str
    note: str
    lines: tuple[BacktestLine, ...]
    shows_window: bool


def backtest_card() -> BacktestCard | None:
    """Return the newest backtest, None before the first one. Two queries."""
    report = backtest_report()
    if not report.rows or report.judged_from is None or report.judged_to is None:
        return None
    best = max(report.rows, key=lambda row: row.announced)
    return BacktestCard(
        sentence=best.sentence,
        note=_note(report, report.judged_from, report.judged_to),
        lines=tuple(map(_line, report.rows)),
        shows_window=len({row.window_seconds for row in report.rows}) > 1,
    )


def _line(row: BacktestRow) -> BacktestLine:
    lead = row.median_lead_seconds
    return BacktestLine(
        which=_("Score %(score)s and up") % {"score": number(row.threshold, places=1)},
        window=duration_words(row.window_seconds),
        announced=_("%(announced)s of %(incidents)s")
        % {"announced": number(row.announced), "incidents": number(row.incidents)},
        lead="—" if lead is None else duration_words(lead),
        right=percent(row.precision),
        false_alarms=number(row.false_alarms_per_week, places=1),
    )


def _note(report: BacktestReport, start: datetime, end: datetime) -> str:
    days = _(
        "From %(first)s to %(last)s each day was judged by the links that were known when "
        "it began."
    ) % {
        "first": short_day(start.date()),
        "last": short_day((end - timedelta(microseconds=1)).date()),
    }
    if not report.links_confirmed and not report.links_rejected:
        return days
    people = _(
        "What people said of links (%(confirmed)s confirmed, %(rejected)s rejected) "
        "changes no figure here."
    ) % {
        "confirmed": number(report.links_confirmed),
        "rejected": number(report.links_rejected),
    }
    return f"{days} {people}"
