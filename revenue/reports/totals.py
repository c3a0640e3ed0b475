"""What do others ask of money? Amounts at risk by integration, and by type."""

from collections import defaultdict
from decimal import Decimal

from qa_observability.lib.periods import Window
from qa_observability.readings import read_once
from revenue.domain.terms import row_amounts
from revenue.enums import ImpactType
from revenue.reports.sources import read_sources

_NO_CENTS = Decimal("0.00")


@read_once
def money_by_type(window: Window) -> dict[tuple[str, ImpactType], Decimal]:
    """Return the base amount at risk per (integration, type), in cents, none of zero.

    Raises: ``AssumptionUnreadable``.
    """
    found = row_amounts(read_sources(window).ledger(window).charges)
    return {row: amount for row, amount in found.items() if amount}


def money_at_risk(window: Window) -> dict[str, Decimal]:
    """Return the base amount at risk per integration, in cents, none of zero.

    Raises: ``AssumptionUnreadable``.
    """
    found: dict[str, Decimal] = defaultdict(lambda: _NO_CENTS)
    for (integration_id, _type), amount in money_by_type(window).items():
        found[integration_id] += amount
    return dict(found)
