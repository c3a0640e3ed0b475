"""Which few products add up to a figure? The same sums, told so that one can check them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from revenue.domain.amounts import (
    ONE,
    SECONDS_A_DAY,
    Estimate,
    shares_in_cents,
    to_cents,
    total_grains,
)
from revenue.domain.assumptions import Assumption
from revenue.domain.impact import Charge
from revenue.domain.protected import Protection
from revenue.enums import ImpactType, Rule


@dataclass(frozen=True, slots=True)
class Term:
    """A charge, summed: quantity x unit cost of ``days`` days from ``first`` to ``last``.

    Units: ``quantity`` is failures, or days at the full rate for the rate rules;
        ``uncounted`` failures above the cap; ``measured`` days behind the rates, zero for
        the other rules. ``amount`` is in cents, and amounts of one (integration, type)
        add up to its row.
    """

    integration_id: str
    impact_type: ImpactType
    rule: Rule
    assumption: Assumption
    quantity: Decimal
    uncounted: Decimal
    measured: Decimal
    days: int
    first: date
    last: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """What one impact type cost one integration, in cents: the atom of every sum."""

    integration_id: str
    impact_type: ImpactType
    amount: Estimate
    charges: tuple[Charge, ...]

    def terms(self) -> list[Term]:
        """Return one term per charge; their amounts add up to the row's."""
        costs = [charge.grains().base for charge in self.charges]
        return list(map(_term, self.charges, shares_in_cents(costs)))


@dataclass(frozen=True, slots=True)
class ProtectedTerm:
    """Covered days of one integration and assumption: benchmark minus at risk.

    ``days`` are those that kept something; ``days_lost`` those on which failures cost
    more than the benchmark, which count as zero. ``amount`` = ``benchmark`` - ``cost``,
    all three in cents.
    """

    integration_id: str
    assumption: Assumption
    days: int
    days_lost: int
    first: date
    last: date
    benchmark: Decimal
    cost: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """What one integration kept, in cents."""

    integration_id: str
    amount: Estimate
    parts: tuple[Protection, ...]

    def terms(self) -> list[ProtectedTerm]:
        """Return one term per assumption; their amounts add up to the row's."""
        kept = [part.kept_base() for part in self.parts]
        return list(map(_protected_term, self.parts, shares_in_cents(kept)))


def rows(charges: Iterable[Charge]) -> list[Row]:
    """Return one row per integration and impact type, each rounded once, half up.

    A row whose amount is below half a cent is kept, at zero, with its terms. Order is
    that of first appearance.
    """
    return [
        Row(
            *key,
            total_grains(charge.grains() for charge in group).in_cents(),
            tuple(group),
        )
        for key, group in _by_row(charges).items()
    ]


def row_amounts(charges: Iterable[Charge]) -> dict[tuple[str, ImpactType], Decimal]:
    """Return the base amount of each row, where nobody asks for more."""
    return {
        key: to_cents(
            sum(charge.unit_cost.base * sum(charge.quantities) for charge in group)
        )
        for key, group in _by_row(charges).items()
    }


def protected_rows(parts: Iterable[Protection]) -> list[ProtectedRow]:
    """Return one row per integration, each rounded once, half up."""
    return [
        ProtectedRow(
            slug, total_grains(part.kept() for part in group).in_cents(), tuple(group)
        )
        for slug, group in _by_integration(parts).items()
    ]


def protected_amounts(parts: Iterable[Protection]) -> dict[str, Decimal]:
    """Return the base amount of each row, where nobody asks for more."""
    return {
        slug: to_cents(sum(part.kept_base() for part in group))
        for slug, group in _by_integration(parts).items()
    }


def _by_row(charges: Iterable[Charge]) -> dict[tuple[str, ImpactType], list[Charge]]:
    groups: dict[tuple[str, ImpactType], list[Charge]] = {}
    for charge in charges:
        groups.setdefault((charge.integration_id, charge.impact_type), []).append(
            charge
        )
    return groups


def _by_integration(parts: Iterable[Protection]) -> dict[str, list[Protection]]:
    groups: dict[str, list[Protection]] = {}
    for part in parts:
        groups.setdefault(part.integration_id, []).append(part)
    return groups


def _term(charge: Charge, amount: Decimal) -> Term:
    days = [day for day, _quantity in charge.by_day()]
    return Term(
        charge.integration_id,
        charge.impact_type,
        charge.rule,
        charge.assumption,
        Decimal(sum(charge.quantities)) / ONE,
        Decimal(charge.uncounted) / ONE,
        Decimal(charge.measured) / SECONDS_A_DAY,
        days=len(days),
        first=min(days),
        last=max(days),
        amount=amount,
    )


def _protected_term(part: Protection, amount: Decimal) -> ProtectedTerm:
    """Return the term; its cost is what is left, so that the three add up to the cent."""
    days_lost = part.days_lost()
    days = len(part.days) - days_lost
    benchmark = to_cents(part.benchmark(days))
    return ProtectedTerm(
        part.integration_id,
        part.assumption,
        days=days,
        days_lost=days_lost,
        first=min(part.days),
        last=max(part.days),
        benchmark=benchmark,
        cost=benchmark - amount,
        amount=amount,
    )
