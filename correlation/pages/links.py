"""Which tests announce failures, what to mend first, what nobody watches? The page."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from correlation.enums import Pattern
from correlation.pages.backtest import BacktestCard, backtest_card
from correlation.pages.lanes import Lanes, lanes
from correlation.pages.rows import SORT_KEYS, LinkRow, case_address, link_rows
from correlation.reports import Link, correlations_report, linked_pair
from correlation.reports.blind_spots import (
    BlindSpotsReport,
    PricedCell,
    blind_spots_report,
    counted_tests,
)
from correlation.reports.recommendations import currency_in_force
from integration_health.pages.words import event_type_words
from integration_health.reports.channels import known_integrations
from qa_observability.lib.periods import Period, Window
from qa_observability.web.formats import number
from qa_observability.web.sorting import Order, in_order


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for; ``min_score`` is a ratio (0-1) as written."""

    period: Period
    integration: str
    test: str
    min_score: str
    hides_preliminary: bool
    with_money: bool
    order: Order

    @property
    def is_filtered(self) -> bool:
        """Whether anything beyond the period narrows the rows."""
        narrowed = Decimal(self.min_score) > 0 or self.hides_preliminary
        return bool(self.integration or self.test or narrowed)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do first, and where."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """Failures of one type at a channel no test watches; money by right."""

    integration: str
    type_words: str
    failures: int
    money: Decimal | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the integration filter."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class LinksPage:
    """Everything the page prints."""

    sentence: str
    note: str
    asked: Asked
    integrations: tuple[Choice, ...]
    advice: tuple[Advice, ...]
    lanes: Lanes | None
    rows: tuple[LinkRow, ...]
    empty_words: str
    backtest: BacktestCard | None
    blind_spots: tuple[BlindSpot, ...]
    blind_words: str
    has_tests: bool
    currency: str


def links_page(asked: Asked, *, now: datetime) -> LinksPage:
    """Return the page. Under thirty queries, whatever the history."""
    report = correlations_report(
        period=asked.period,
        now=now,
        integration_id=asked.integration or None,
        test=asked.test or None,
        min_score=Decimal(asked.min_score),
        with_money=asked.with_money,
    )
    links = [
        link
        for link in report.correlations
        if not (asked.hides_preliminary and link.preliminary)
    ]
    blind = blind_spots_report(
        period=asked.period, now=now, with_money=asked.with_money
    )
    tests, _recent = counted_tests(now)
    return LinksPage(
        sentence=_sentence(links, tests),
        note=_note(tests, blind),
        asked=asked,
        integrations=tuple(
            Choice(each.slug, each.name) for each in known_integrations()
        ),
        advice=tuple(
            Advice(each.message, case_address(each.test_case_id, asked.period))
            for each in report.recommendations
            if each.test_case_id in {link.test_case_id for link in links}
        ),
        lanes=_lanes(links, report.window, now),
        rows=in_order(link_rows(links, asked.period), asked.order, SORT_KEYS),
        empty_words=_empty(asked, tests),
        backtest=backtest_card(),
        blind_spots=_blind_spots(blind),
        blind_words=_blind_words(blind),
        has_tests=tests > 0,
        currency=currency_in_force() if asked.with_money else "",
    )


def _sentence(links: list[Link], tests: int) -> str:
    ahead = [link for link in links if link.pattern is Pattern.PRECEDES]
    if not ahead:
        if not tests:
            return _("No test results have come in yet.")
        return _("No test is known to fail shortly before a channel does.")
    announcing = len({link.test_case_id for link in ahead})
    counted = ngettext(
        "%(count)d test fails shortly before a channel does.",
        "%(count)d tests fail shortly before a channel does.",
        announcing,
    ) % {"count": announcing}
    best = ahead[0]
    strongest = _(
        "“%(test)s” failed before %(integration)s did in %(hits)d of %(trials)d cases."
    ) % {
        "test": best.test_case_name,
        "integration": best.integration_name,
        "hits": best.hits,
        "trials": best.trials,
    }
    return f"{counted} {strongest}"


def _note(tests: int, blind: BlindSpotsReport) -> str:
    known = ngettext("%(count)s test known", "%(count)s tests known", tests) % {
        "count": number(tests)
    }
    unmapped = ngettext(
        "%(count)d that ran in the last 30 days watches no channel",
        "%(count)d that ran in the last 30 days watch no channel",
        blind.tests_unmapped,
    ) % {"count": blind.tests_unmapped}
    scores = _("scores use all history, the period chooses which links are shown")
    return f"{known}; {unmapped}; {scores}."


def _lanes(links: list[Link], window: Window, now: datetime) -> Lanes | None:
    """Return the strongest link that announces failures drawn, else the strongest."""
    if not links:
        return None
    best = next((each for each in links if each.pattern is Pattern.PRECEDES), links[0])
    pair = linked_pair(best, now)
    return lanes(pair, window, key="lanes") if pair else None


def _empty(asked: Asked, tests: int) -> str:
    if not tests:
        return _(
            "Send results of your tests: JUnit files or result lines. Links appear once "
            "tests have failed around incidents at least three times."
        )
    return _("No link with a score of at least %(score)s matches.") % {
        "score": asked.min_score
    }


def _blind_words(report: BlindSpotsReport) -> str:
    """Return what to say when there is no blind spot."""
    if not report.event_types:
        return _("Nothing failed in this period.")
    return _("Every channel that failed is watched by a test.")


def _blind_spots(report: BlindSpotsReport) -> tuple[BlindSpot, ...]:
    found = [
        BlindSpot(
            row.integration_name,
            event_type_words(cell.event_type),
            cell.failures,
            cell.money_at_risk if isinstance(cell, PricedCell) else None,
        )
        for row in report.integrations
        for cell in row.cells
        if cell.blind
    ]
    return tuple(sorted(found, key=lambda spot: (-(spot.money or 0), -spot.failures)))
