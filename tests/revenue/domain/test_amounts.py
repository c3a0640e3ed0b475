"""Rounding once, half up; shares that add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenue.domain.amounts import (
    Estimate,
    exact_sum,
    shares_in_cents,
    to_cents,
)

amounts = st.decimals(0, 1_000_000, places=9)


@pytest.mark.parametrize(
    ("exact", "cents"),
    [
        ("0", "0.00"),
        ("0.004999", "0.00"),
        ("0.005", "0.01"),
        ("12.5275", "12.53"),
        ("2.675", "2.68"),
        ("99999999999999999999999999.994", "99999999999999999999999999.99"),
    ],
)
def test_cents_are_rounded_half_up(exact, cents):
    assert to_cents(Decimal(exact)) == Decimal(cents)


@pytest.mark.parametrize(
    ("parts", "shares"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["1.005"], ["1.01"], id="one is its own rounding"),
        pytest.param(["0.004", "0.004", "0.004"], ["0.01", "0.00", "0.00"], id="up"),
        pytest.param(["0.005", "0.005", "0"], ["0.00", "0.01", "0.00"], id="down"),
        pytest.param(["1.00", "2.00", "0"], ["1.00", "2.00", "0.00"], id="whole"),
    ],
)
def test_shares_add_up_to_the_rounded_sum(parts, shares):
    found = shares_in_cents([Decimal(part) for part in parts])

    assert found == [Decimal(share) for share in shares]


@given(st.lists(amounts, max_size=60))
def test_shares_add_up_and_none_moves_a_whole_cent(parts):
    shares = shares_in_cents(parts)

    assert sum(shares) == to_cents(exact_sum(parts))
    assert all(
        abs(share - part) < Decimal("0.01")
        for share, part in zip(shares, parts, strict=True)
    )
    assert all(
        share == 0 for share, part in zip(shares, parts, strict=True) if part == 0
    )


def test_estimates_add_multiply_and_subtract_bound_by_bound():
    one = Estimate(Decimal(1), Decimal(2), Decimal(4))
    other = Estimate(Decimal("0.5"), Decimal(3), Decimal(3))

    assert one.plus(other) == Estimate(Decimal("1.5"), Decimal(5), Decimal(7))
    assert one.times(Decimal(3)) == Estimate(Decimal(3), Decimal(6), Decimal(12))
    assert one.minus_not_below_zero(other) == Estimate(
        Decimal("0.5"), Decimal(0), Decimal(1)
    )
