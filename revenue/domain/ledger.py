"""What did some days of some integrations cost and keep? Every charge, day by day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from revenue.domain.amounts import Estimate, Exact, Grains, shares_in_cents
from revenue.domain.assumptions import AssumptionHistory
from revenue.domain.impact import ChannelDays, Charge, Unpriced, charges, unpriced
from revenue.domain.protected import Protection, protection

_Amounts = list[tuple[date, Exact]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What days came to; any split of the days gives ledgers that add up to this one."""

    days: tuple[ChannelDays, ...]
    charges: tuple[Charge, ...]
    unpriced: tuple[Unpriced, ...]
    protections: tuple[Protection, ...]

    def known_days(self) -> set[date]:
        """Return the days on which any integration has any data."""
        return {day for each in self.days for day in each.known()}

    def at_risk_by_day(self) -> dict[date, Decimal]:
        """Return the base cost of each charged day in cents; they add up to the rows."""
        rows: dict[tuple[str, str], _Amounts] = defaultdict(list)
        for charge in self.charges:
            unit = charge.unit_cost.base
            rows[charge.integration_id, charge.impact_type].extend(
                (day, unit * quantity) for day, quantity in charge.by_day()
            )
        return _by_day(rows.values())

    def ranges_by_day(self) -> dict[date, Estimate]:
        """Return low, base and high of each charged day as a whole, in cents."""
        days: dict[date, Grains] = {}
        for charge in self.charges:
            unit = charge.unit_cost
            for day, quantity in charge.by_day():
                cost, so_far = unit.times(quantity), days.get(day)
                days[day] = cost if so_far is None else so_far.plus(cost)
        return {day: found.in_cents() for day, found in days.items()}

    def protected_by_day(self) -> dict[date, Decimal]:
        """Return what each day kept in cents, zero days too; they add up to the rows."""
        rows: dict[str, _Amounts] = defaultdict(list)
        for each in self.protections:
            rows[each.integration_id].extend(zip(each.days, each.by_day(), strict=True))
        return _by_day(rows.values())


def ledger(channels: Iterable[ChannelDays], history: AssumptionHistory) -> Ledger:
    """Return what the days cost and kept under the assumptions that held on each."""
    days = tuple(channels)
    charged: list[Charge] = []
    without_price: list[Unpriced] = []
    protected: list[Protection] = []
    for each in days:
        for start, stop, assumption in history.cut(each.integration_id, each.days):
            part = each.part(start, stop)
            costs = charges(part, assumption)
            charged += costs
            without_price += unpriced(part, assumption)
            found = protection(part, assumption, costs)
            if isinstance(found, Protection):
                protected.append(found)
    return Ledger(days, tuple(charged), tuple(without_price), tuple(protected))


def _by_day(rows: Iterable[_Amounts]) -> dict[date, Decimal]:
    """Return cents by day; each row is rounded once, as a whole."""
    found: dict[date, Decimal] = {}
    for entries in rows:
        shares = shares_in_cents([amount for _day, amount in entries])
        for (day, _amount), share in zip(entries, shares, strict=True):
            found[day] = found.get(day, Decimal("0.00")) + share
    return found
