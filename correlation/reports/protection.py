"""What did tests spare us? Warnings after which the channel did not fail, priced."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from correlation.domain.matches import Outcome
from correlation.reports.cases import AnnouncingLink, announcing_links
from correlation.reports.recommendations import currency_in_force
from integration_health.models.events import KEPT
from integration_health.reports.incidents import incidents_begun
from qa_observability.lib.periods import Period, Window
from revenue.reports.incidents import incident_costs

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class SparedBy:
    """One link: warnings of the period after which the channel stayed well."""

    test_case_id: str
    test_case_name: str
    integration_id: str
    integration_name: str
    cases: int


@dataclass(frozen=True, slots=True)
class PricedSparedBy(SparedBy):
    """The same with ``cases`` x score x median incident cost; None without history."""

    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class ProtectionReport:
    """Warnings of the period that no incident followed, most cases first."""

    window: Window
    cases: int
    tests: tuple[SparedBy, ...]


@dataclass(frozen=True, slots=True)
class PricedProtectionReport(ProtectionReport):
    """The same in money. ``amount`` adds up the rows that have one; None if none has."""

    amount: Decimal | None
    currency: str


def protection_report(
    *, period: Period, now: datetime, with_money: bool
) -> ProtectionReport:
    """Return what tests spared in the period.

    A case is an alarm of a test that announces an integration, raised while that was
    healthy and not followed by an incident within the window. It is worth the link's
    score times the median cost of the integration's incidents of the last 90 days. Never
    added to revenue's own protected figure.
    Source: DESIGN section 6, "Protected by tests".
    """
    window = period.window(ending=now)
    spared = [
        (link, cases)
        for link in announcing_links(now)
        if (cases := _cases(link, window))
    ]
    spared.sort(key=lambda pair: -pair[1])
    total = sum(cases for _link, cases in spared)
    if not with_money:
        rows = tuple(SparedBy(*_named(link, cases)) for link, cases in spared)
        return ProtectionReport(window, total, rows)
    costs = median_incident_costs(now)
    priced = tuple(
        PricedSparedBy(
            *_named(link, cases),
            _worth(link, cases, costs.get(link.row.integration_id)),
        )
        for link, cases in spared
    )
    amounts = [row.amount for row in priced if row.amount is not None]
    return PricedProtectionReport(
        window,
        total,
        priced,
        sum(amounts, Decimal("0.00")) if amounts else None,
        currency_in_force(),
    )


def median_incident_costs(now: datetime) -> dict[str, Decimal]:
    """Return the median cost of the incidents of the last 90 days, by integration.

    An incident costs what its page says. One whose cost nobody can say is left out.
    Raises: ``AssumptionUnreadable``.
    """
    begun = incidents_begun(Window(now - KEPT, now))
    said = incident_costs(begun, now=now)
    costs: dict[str, list[Decimal]] = defaultdict(list)
    for incident in begun:
        if (cost := said[incident.id].so_far) is not None:
            costs[incident.integration_id].append(cost.base)
    return {slug: median(found) for slug, found in costs.items()}


def _cases(link: AnnouncingLink, window: Window) -> int:
    first = window.start.timestamp()
    return sum(
        outcome == Outcome.MISS and moment >= first
        for moment, outcome in zip(
            link.cases.moments.tolist(), link.cases.outcomes, strict=True
        )
    )


def _named(link: AnnouncingLink, cases: int) -> tuple[str, str, str, str, int]:
    row = link.row
    return (
        row.test_case_id,
        row.test_case.name,
        row.integration_id,
        row.integration.name,
        cases,
    )


def _worth(link: AnnouncingLink, cases: int, cost: Decimal | None) -> Decimal | None:
    if cost is None:
        return None
    worth = cases * link.row.correlation_score * cost
    return worth.quantize(_CENT, ROUND_HALF_UP)
