"""Which few products add up to a figure? The same sums, told so that one can check them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from revenue.domain.amounts import (
    EXACT,
    ZERO,
    Estimate,
    shares_in_cents,
    to_cents,
    total,
)
from revenue.domain.assumptions import Assumption
from revenue.domain.impact import Charge
from revenue.domain.protected import Protection
from revenue.enums import ImpactType, Rule


@dataclass(frozen=True, slots=True)
class Term:
    """Charges of one integration, type, rule and assumption: quantity x unit cost.

    Units: ``quantity``, ``uncounted`` and ``measured`` as in :class:`Charge`, summed over
        ``days`` charged days from ``first`` to ``last``. ``cost`` is exact; ``amount`` is in
        cents, and amounts of one (integration, type) add up to its row.
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
    cost: Estimate
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Row:
    """What one impact type cost one integration, in cents: the atom of every sum."""

    integration_id: str
    impact_type: ImpactType
    amount: Estimate
    terms: tuple[Term, ...]


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
    """What one integration kept, in cents, with the terms that add up to it."""

    integration_id: str
    amount: Estimate
    terms: tuple[ProtectedTerm, ...]


def rows(charges: Iterable[Charge]) -> list[Row]:
    """Return one row per integration and impact type, each rounded once, half up.

    A row whose amount is below half a cent is kept, at zero, with its terms. Order is
    that of first appearance.
    """
    groups: dict[tuple[str, ImpactType], dict[tuple[Rule, Assumption], list[Charge]]]
    groups = {}
    for charge in charges:
        group = groups.setdefault((charge.integration_id, charge.impact_type), {})
        group.setdefault((charge.rule, charge.assumption), []).append(charge)
    return [
        _row(integration_id, impact_type, [_term(same) for same in group.values()])
        for (integration_id, impact_type), group in groups.items()
    ]


def protected_rows(days: Iterable[Protection]) -> list[ProtectedRow]:
    """Return one row per integration, each rounded once, half up."""
    groups: dict[str, dict[Assumption, list[Protection]]] = {}
    for day in days:
        group = groups.setdefault(day.integration_id, {})
        group.setdefault(day.assumption, []).append(day)
    return [
        _protected_row(integration_id, list(group.values()))
        for integration_id, group in groups.items()
    ]


def _row(integration_id: str, impact_type: ImpactType, terms: list[Term]) -> Row:
    amounts = shares_in_cents([term.cost.base for term in terms])
    return Row(
        integration_id,
        impact_type,
        total(term.cost for term in terms).in_cents(),
        tuple(
            replace(term, amount=amount)
            for term, amount in zip(terms, amounts, strict=True)
        ),
    )


def _term(charges: list[Charge]) -> Term:
    one = charges[0]
    quantity = sum((charge.quantity for charge in charges), ZERO)
    return Term(
        one.integration_id,
        one.impact_type,
        one.rule,
        one.assumption,
        quantity,
        sum((charge.uncounted for charge in charges), ZERO),
        sum((charge.measured for charge in charges), ZERO),
        days=len(charges),
        first=min(charge.day for charge in charges),
        last=max(charge.day for charge in charges),
        cost=one.assumption.unit_costs[one.rule].times(quantity),
    )


def _protected_row(integration_id: str, groups: list[list[Protection]]) -> ProtectedRow:
    sums = [total(day.kept for day in days) for days in groups]
    amounts = shares_in_cents([each.base for each in sums])
    return ProtectedRow(
        integration_id,
        total(sums).in_cents(),
        tuple(
            _protected_term(days, amount)
            for days, amount in zip(groups, amounts, strict=True)
        ),
    )


def _protected_term(days: list[Protection], amount: Decimal) -> ProtectedTerm:
    """Return the term; its cost is what is left, so that the three add up to the cent."""
    good = [day for day in days if not day.failures_cost_more]
    benchmark = to_cents(EXACT.multiply(days[0].benchmark.base, Decimal(len(good))))
    return ProtectedTerm(
        days[0].integration_id,
        days[0].assumption,
        days=len(good),
        days_lost=len(days) - len(good),
        first=min(day.day for day in days),
        last=max(day.day for day in days),
        benchmark=benchmark,
        cost=benchmark - amount,
        amount=amount,
    )
