"""How is money added and rounded? Exactly, and once.

Amounts stay exact Decimals while they are multiplied and added. Each figure of an
integration and impact type is rounded once, half up, for the whole period; everything
else is a sum of those rounded figures, or a division of one of them.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import NamedTuple

CENT = Decimal("0.01")
# Holds bookings (8 digits) x weighted rate (28) x value (8) x leakage (7) exactly.
EXACT = Context(prec=60)


class Estimate(NamedTuple):
    """An amount with the range its uncertain leakage leaves: low <= base <= high."""

    low: Decimal
    base: Decimal
    high: Decimal

    @classmethod
    def certain(cls, amount: Decimal) -> "Estimate":
        """Return an amount whose range is itself."""
        return cls(amount, amount, amount)

    def plus(self, other: "Estimate") -> "Estimate":
        return Estimate(
            EXACT.add(self.low, other.low),
            EXACT.add(self.base, other.base),
            EXACT.add(self.high, other.high),
        )

    def times(self, quantity: Decimal) -> "Estimate":
        return Estimate(
            EXACT.multiply(self.low, quantity),
            EXACT.multiply(self.base, quantity),
            EXACT.multiply(self.high, quantity),
        )

    def minus_not_below_zero(self, other: "Estimate") -> "Estimate":
        """Return the difference bound by bound, each at least zero."""
        return Estimate(
            max(ZERO, EXACT.subtract(self.low, other.low)),
            max(ZERO, EXACT.subtract(self.base, other.base)),
            max(ZERO, EXACT.subtract(self.high, other.high)),
        )

    def in_cents(self) -> "Estimate":
        return Estimate(to_cents(self.low), to_cents(self.base), to_cents(self.high))


ZERO = Decimal(0)
NOTHING = Estimate.certain(ZERO)


def total(amounts: Iterable[Estimate]) -> Estimate:
    """Return the exact sum; nothing sums to nothing."""
    found = iter(amounts)
    return reduce(Estimate.plus, found, next(found, NOTHING))


def to_cents(amount: Decimal) -> Decimal:
    """Return the amount rounded half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP, EXACT)


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum without rounding; nothing sums to zero."""
    return reduce(EXACT.add, amounts, ZERO)


def shares_in_cents(parts: Sequence[Decimal]) -> list[Decimal]:
    """Return the parts in cents, so that they add up to their rounded sum.

    Each is its own half-up rounding, except that where those do not add up, the parts
    nearest to the next cent take it: none moves by a whole cent, and a part of zero
    stays zero.
    """
    shares = [to_cents(part) for part in parts]
    missing = int((to_cents(exact_sum(parts)) - exact_sum(shares)) / CENT)
    step = CENT if missing > 0 else -CENT
    nearest = sorted(
        range(len(parts)),
        key=lambda index: EXACT.subtract(parts[index], shares[index]) * step,
        reverse=True,
    )
    for index in nearest[: abs(missing)]:
        shares[index] += step
    return shares
