"""Which tests should be mended first? At most five, by what their channels cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from correlation.enums import LinkType, Pattern
from correlation.reports.links import Link
from correlation.reports.sentences import window_words
from qa_observability.lib.periods import Window
from qa_observability.readings import read_once
from qa_observability.web.formats import money
from revenue.domain.assumptions import BUILT_IN_CURRENCY
from revenue.models import RevenueAssumption
from revenue.reports import money_at_risk

MOST_RECOMMENDATIONS = 5

_PRIORITIES = {
    LinkType.HIGH: "high",
    LinkType.MEDIUM: "medium",
    LinkType.LOW: "low",
    LinkType.NONE: "low",
}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do first, with one reason and one number; no money in it."""

    priority: str
    message: str
    test_case_id: str
    integration_id: str


@dataclass(frozen=True, slots=True)
class PricedRecommendation(Recommendation):
    """The same for those who may see money.

    ``exposure`` is score x confidence x ``money_at_risk``, that of the integration in
    the period; both in ``currency``.
    """

    exposure: Decimal
    money_at_risk: Decimal
    currency: str


def recommendations(
    links: Iterable[Link], window: Window, *, with_money: bool
) -> tuple[Recommendation, ...]:
    """Return the best advice of links that announce failures, best first, a test once.

    Ranked by exposure, then by score x confidence; without the right to see money by the
    latter alone, so that the order tells nothing. Links people rejected are left out.
    """
    weighed = [
        (link, link.correlation_score * link.confidence)
        for link in links
        if link.pattern == Pattern.PRECEDES
        and not (link.feedback and not link.feedback.confirmed)
    ]
    if not with_money:
        ranked = sorted(weighed, key=lambda pair: -pair[1])
        return tuple(_plain(link) for link, _weight in _each_test_once(ranked))
    at_risk = money_at_risk(window)
    currency = currency_in_force()
    priced = sorted(
        weighed,
        key=lambda pair: (
            -pair[1] * at_risk.get(pair[0].integration_id, Decimal(0)),
            -pair[1],
        ),
    )
    return tuple(
        _priced(
            link, weight, at_risk.get(link.integration_id, Decimal("0.00")), currency
        )
        for link, weight in _each_test_once(priced)
    )


def _each_test_once(
    ranked: Iterable[tuple[Link, Decimal]],
) -> list[tuple[Link, Decimal]]:
    best: dict[str, tuple[Link, Decimal]] = {}
    for link, weight in ranked:
        best.setdefault(link.test_case_id, (link, weight))
    return list(best.values())[:MOST_RECOMMENDATIONS]


def _plain(link: Link) -> Recommendation:
    return Recommendation(
        _PRIORITIES[link.correlation_type],
        _message(link),
        link.test_case_id,
        link.integration_id,
    )


def _priced(
    link: Link, weight: Decimal, at_risk: Decimal, currency: str
) -> PricedRecommendation:
    return PricedRecommendation(
        _PRIORITIES[link.correlation_type],
        _message(link, money(at_risk, currency, estimated=True) if at_risk else ""),
        link.test_case_id,
        link.integration_id,
        (weight * at_risk).quantize(Decimal("0.01")),
        at_risk,
        currency,
    )


def _message(link: Link, at_risk: str = "") -> str:
    words = {
        "test": link.test_case_name,
        "integration": link.integration_name,
        "window": window_words(link.window_seconds),
        "hits": link.hits,
        "trials": link.trials,
        "money": at_risk,
    }
    if not at_risk:
        return (
            _(
                "Fix “%(test)s” first: %(integration)s failed within %(window)s after it "
                "in %(hits)d of %(trials)d cases."
            )
            % words
        )
    return (
        _(
            "Fix “%(test)s” first: %(integration)s failed within %(window)s after it "
            "in %(hits)d of %(trials)d cases (%(money)s at risk)."
        )
        % words
    )


@read_once
def currency_in_force() -> str:
    """Return the currency of the assumptions in force, or of the built-in ones."""
    newest = RevenueAssumption.objects.in_force().first()
    return newest.currency if newest else BUILT_IN_CURRENCY
