"""Where do channels fail while no test watches? The matrix, worst first in words."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from correlation.reports.blind_spots import (
    BlindSpotsReport,
    Cell,
    PricedCell,
    WatchedIntegration,
    blind_spots_report,
)
from correlation.reports.recommendations import currency_in_force
from integration_health.pages.words import event_type_words, mid_sentence
from qa_observability.lib.periods import Period
from qa_observability.web.downloads import Download, Table, days_of, made_for
from qa_observability.web.formats import money, number
from revenue.errors import AssumptionUnreadable

MOST_ADVICE: Final = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """Failures of one type at one channel; money is None without the right to it."""

    integration: str
    type_words: str
    failures: int
    is_blind: bool
    at_risk: Decimal | None
    href: str


@dataclass(frozen=True, slots=True)
class SpotRow:
    """One channel: how many tests watch it, and a spot per type of failure."""

    name: str
    href: str
    tests: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a blind spot, and where its failures are."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class BlindSpotsPage:
    """Everything the page prints.

    ``spots`` are those of the matrix that failed, blind ones first, the largest before
    the others. ``currency`` is empty without the right to see money.
    """

    sentence: str
    note: str
    types: tuple[str, ...]
    rows: tuple[SpotRow, ...]
    spots: tuple[Spot, ...]
    advice: tuple[Advice, ...]
    currency: str
    money_problem: str


def blind_spots_page(
    *, period: Period, now: datetime, with_money: bool
) -> BlindSpotsPage:
    """Return the page. Under thirty queries, whatever the history."""
    report, problem = _report(period, now, with_money=with_money)
    shows_money = with_money and not problem
    currency = currency_in_force() if shows_money else ""
    rows = tuple(_row(each, period) for each in report.integrations)
    spots = sorted(
        (spot for row in rows for spot in row.spots if spot.failures),
        key=lambda spot: (not spot.is_blind, -(spot.at_risk or 0), -spot.failures),
    )
    blind = [spot for spot in spots if spot.is_blind]
    return BlindSpotsPage(
        sentence=_sentence(spots, blind, currency, period),
        note=_note(report),
        types=tuple(event_type_words(each) for each in report.event_types),
        rows=rows,
        spots=tuple(spots),
        advice=tuple(_advice(spot, currency) for spot in blind[:MOST_ADVICE]),
        currency=currency,
        money_problem=problem,
    )


def blind_spots_export(
    request: HttpRequest, page: BlindSpotsPage, period: Period, now: datetime
) -> Download:
    """Return the spots that failed; money only where the page shows it."""
    columns = (_("Integration"), _("What failed"), _("Watched"), _("Failures"))
    priced = (f"{_('At risk')} ≈ {page.currency}",) if page.currency else ()
    return Download(
        page="blind-spots",
        span=period.value,
        title=_("Blind spots"),
        sentence=page.sentence,
        header=(
            days_of(period, now),
            *made_for(request, now),
            (_("Note"), page.note),
        ),
        tables=(
            Table(
                _("Failures by integration and type"),
                (*columns, *priced),
                tuple(
                    (
                        spot.integration,
                        spot.type_words,
                        _("no") if spot.is_blind else _("yes"),
                        Decimal(spot.failures),
                        *((spot.at_risk,) if page.currency else ()),
                    )
                    for spot in page.spots
                ),
            ),
        ),
    )


def _report(
    period: Period, now: datetime, *, with_money: bool
) -> tuple[BlindSpotsReport, str]:
    """Return the report, and why it holds no money if it should: the rest stands."""
    try:
        return blind_spots_report(period=period, now=now, with_money=with_money), ""
    except AssumptionUnreadable as unreadable:
        report = blind_spots_report(period=period, now=now, with_money=False)
        return report, unreadable.detail


def _row(watched: WatchedIntegration, period: Period) -> SpotRow:
    address = f"/dashboard/integrations/{watched.integration_id}"
    return SpotRow(
        name=watched.integration_name,
        href=f"{address}?{urlencode({'period': period.value})}",
        tests=watched.tests,
        spots=tuple(_spot(watched, cell, address, period) for cell in watched.cells),
    )


def _spot(
    watched: WatchedIntegration, cell: Cell, address: str, period: Period
) -> Spot:
    query = urlencode({"period": period.value, "type": cell.event_type})
    return Spot(
        integration=watched.integration_name,
        type_words=event_type_words(cell.event_type),
        failures=cell.failures,
        is_blind=cell.blind,
        at_risk=cell.money_at_risk if isinstance(cell, PricedCell) else None,
        href=f"{address}?{query}#events",
    )


def _sentence(
    spots: list[Spot], blind: list[Spot], currency: str, period: Period
) -> str:
    if not spots:
        return _("Nothing failed in the last %(days)s days.") % {"days": period.days}
    if not blind:
        return _("Every channel that failed is watched by a test.")
    failures = sum(spot.failures for spot in blind)
    if not currency:
        return ngettext(
            "%(count)s blind spot: it failed %(failures)s times in the last %(days)s days "
            "while no test watched.",
            "%(count)s blind spots: they failed %(failures)s times in the last %(days)s "
            "days while no test watched.",
            len(blind),
        ) % {
            "count": number(len(blind)),
            "failures": number(failures),
            "days": period.days,
        }
    at_risk = sum((spot.at_risk or Decimal(0) for spot in blind), Decimal(0))
    return ngettext(
        "%(count)s blind spot: about %(money)s at risk in the last %(days)s days while no "
        "test watched.",
        "%(count)s blind spots: about %(money)s at risk in the last %(days)s days while no "
        "test watched.",
        len(blind),
    ) % {
        "count": number(len(blind)),
        "money": money(at_risk, currency, estimated=True).removeprefix("≈"),
        "days": period.days,
    }


def _note(report: BlindSpotsReport) -> str:
    unmapped = report.tests_unmapped
    if not unmapped:
        return _(
            "A test watches a channel when it ran in the last 30 days and is linked."
        )
    return ngettext(
        "%(count)s test that ran in the last 30 days watches no channel: say which one it "
        "is meant for.",
        "%(count)s tests that ran in the last 30 days watch no channel: say which one each "
        "is meant for.",
        unmapped,
    ) % {"count": number(unmapped)}


def _advice(spot: Spot, currency: str) -> Advice:
    given = {
        "channel": spot.integration,
        "type": mid_sentence(spot.type_words),
        "count": number(spot.failures),
        "money": money(spot.at_risk, currency, estimated=True) if currency else "",
    }
    if not spot.at_risk:
        return Advice(
            ngettext(
                "Write a test for %(channel)s, %(type)s: it failed %(count)s time "
                "unwatched.",
                "Write a test for %(channel)s, %(type)s: it failed %(count)s times "
                "unwatched.",
                spot.failures,
            )
            % given,
            spot.href,
        )
    return Advice(
        ngettext(
            "Write a test for %(channel)s, %(type)s: it failed %(count)s time unwatched "
            "(%(money)s at risk).",
            "Write a test for %(channel)s, %(type)s: it failed %(count)s times unwatched "
            "(%(money)s at risk).",
            spot.failures,
        )
        % given,
        spot.href,
    )
