"""What did some days of some integrations cost and keep? Every charge, day by day."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from revenue.domain.amounts import shares_in_cents
from revenue.domain.assumptions import AssumptionHistory
from revenue.domain.impact import ChannelDay, Charge, Unpriced, charges, unpriced
from revenue.domain.protected import Protection, protection


@dataclass(frozen=True, slots=True)
class Ledger:
    """What days came to; any split of the days gives ledgers that add up to this one."""

    days: tuple[ChannelDay, ...]
    charges: tuple[Charge, ...]
    unpriced: tuple[Unpriced, ...]
    protections: tuple[Protection, ...]

    def at_risk_by_day(self) -> dict[date, Decimal]:
        """Return the base cost of each charged day in cents; they add up to the rows."""
        groups = _grouped(
            (
                (charge.integration_id, charge.impact_type),
                charge.day,
                charge.cost().base,
            )
            for charge in self.charges
        )
        return _by_day(groups)

    def protected_by_day(self) -> dict[date, Decimal]:
        """Return what each day kept in cents, zero days too; they add up to the rows."""
        groups = _grouped(
            (day.integration_id, day.day, day.kept.base) for day in self.protections
        )
        return _by_day(groups)


def ledger(days: Iterable[ChannelDay], history: AssumptionHistory) -> Ledger:
    """Return what the days cost and kept under the assumptions that held on each."""
    kept_days, charged, without_price, protected = [], [], [], []
    for day in days:
        assumption = history.on(day.integration_id, day.day)
        of_the_day = charges(day, assumption)
        kept_days.append(day)
        charged.extend(of_the_day)
        without_price.extend(unpriced(day, assumption))
        found = protection(day, assumption, of_the_day)
        if isinstance(found, Protection):
            protected.append(found)
    return Ledger(
        tuple(kept_days), tuple(charged), tuple(without_price), tuple(protected)
    )


def _grouped(
    amounts: Iterable[tuple[Hashable, date, Decimal]],
) -> Iterable[list[tuple[date, Decimal]]]:
    groups: dict[Hashable, list[tuple[date, Decimal]]] = defaultdict(list)
    for row, day, amount in amounts:
        groups[row].append((day, amount))
    return groups.values()


def _by_day(groups: Iterable[list[tuple[date, Decimal]]]) -> dict[date, Decimal]:
    """Return cents by day; each group, being a row, is rounded once as a whole."""
    found: dict[date, Decimal] = {}
    for entries in groups:
        shares = shares_in_cents([amount for _day, amount in entries])
        for (day, _amount), share in zip(entries, shares, strict=True):
            found[day] = found.get(day, Decimal("0.00")) + share
    return found
