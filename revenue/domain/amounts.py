"""How is money added and rounded? In whole grains, exactly, and to the cent once.

Amounts are whole numbers of grains while they are multiplied and added: a grain is so
small that every product of a day is a whole number of them. Each figure of an
integration and impact type is rounded once, half up, for the whole period; everything
else is a sum of those rounded figures, or a division of one of them.
"""

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

CENT = Decimal("0.01")
ZERO = Decimal(0)

SECONDS_A_DAY = 86_400
# A rate of one: rates have eight decimals.
RATE_ONE = 10**8
# A quantity of one: a failure, or a day at the full rate. Rates hold for seconds, and
# bookings a day have two decimals: all are whole in this unit.
ONE = SECONDS_A_DAY * RATE_ONE
# What one unit costs: value (2 decimals) x leakage (6) x bookings a day (2).
COST_ONE = 10**10
_GRAINS = ONE * COST_ONE
_GRAINS_A_CENT = _GRAINS // 100
_EXACT = Context(prec=60)

Exact = int | Fraction


class Estimate(NamedTuple):
    """An amount of money with the range its uncertain leakage leaves: low <= base <= high."""

    low: Decimal
    base: Decimal
    high: Decimal

    @classmethod
    def certain(cls, amount: Decimal) -> "Estimate":
        """Return an amount whose range is itself."""
        return cls(amount, amount, amount)

    def plus(self, other: "Estimate") -> "Estimate":
        return Estimate(
            self.low + other.low, self.base + other.base, self.high + other.high
        )


class Grains(NamedTuple):
    """An estimate before it is rounded, in grains. As a unit cost: in ``COST_ONE``."""

    low: Exact
    base: Exact
    high: Exact

    def plus(self, other: "Grains") -> "Grains":
        return Grains(
            self.low + other.low, self.base + other.base, self.high + other.high
        )

    def times(self, quantity: Exact) -> "Grains":
        return Grains(self.low * quantity, self.base * quantity, self.high * quantity)

    def in_cents(self) -> Estimate:
        return Estimate(to_cents(self.low), to_cents(self.base), to_cents(self.high))

    def in_money(self) -> Estimate:
        """Return the amount unrounded, to sixty digits where it does not end."""
        return Estimate(_in_money(self.low), _in_money(self.base), _in_money(self.high))


NOTHING = Estimate.certain(Decimal("0.00"))
NO_GRAINS = Grains(0, 0, 0)


def total(amounts: Iterable[Estimate]) -> Estimate:
    """Return the sum of amounts in cents; nothing sums to nothing."""
    found = iter(amounts)
    return reduce(Estimate.plus, found, next(found, NOTHING))


def total_grains(amounts: Iterable[Grains]) -> Grains:
    """Return the exact sum; nothing sums to nothing."""
    found = iter(amounts)
    return reduce(Grains.plus, found, next(found, NO_GRAINS))


def whole(amount: Decimal, unit: int) -> int:
    """Return the amount in a unit so small that it is whole."""
    return int(amount * unit)


def to_cents(grains: Exact) -> Decimal:
    """Return the money, rounded half up to the cent. Range: zero or more."""
    return _money(_cents(grains))


def shares_in_cents(parts: Sequence[Exact]) -> list[Decimal]:
    """Return the parts (in grains) in cents, so that they add up to their rounded sum.

    Each is its own half-up rounding, except that where those do not add up, the parts
    nearest to the next cent take it: none moves by a whole cent, and a part of zero
    stays zero. Range: zero or more.
    """
    shares = [_cents(part) for part in parts]
    missing = _cents(sum(parts)) - sum(shares)
    if not missing:
        return [_money(share) for share in shares]
    step = 1 if missing > 0 else -1
    nearest = sorted(
        range(len(parts)),
        key=lambda index: (parts[index] - shares[index] * _GRAINS_A_CENT) * step,
        reverse=True,
    )
    for index in nearest[: abs(missing)]:
        shares[index] += step
    return [_money(share) for share in shares]


def _in_money(grains: Exact) -> Decimal:
    ratio = Fraction(grains, _GRAINS)
    return _EXACT.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))


def _cents(grains: Exact) -> int:
    return (2 * grains + _GRAINS_A_CENT) // (2 * _GRAINS_A_CENT)


def _money(cents: int) -> Decimal:
    return cents * CENT
