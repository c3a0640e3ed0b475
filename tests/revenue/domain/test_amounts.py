"""Rounding once, half up; shares that add up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenue.domain.amounts import (
    COST_ONE,
    ONE,
    Estimate,
    Grains,
    shares_in_cents,
    to_cents,
    total,
    total_grains,
    whole,
)

amounts = st.decimals(0, 1_000_000, places=9)


def grains(amount):
    return whole(Decimal(amount), ONE * COST_ONE)


@pytest.mark.parametrize(
    ("exact", "cents"),
    [
        ("0", "0.00"),
        ("0.004999", "0.00"),
        ("0.005", "0.01"),
        ("12.5275", "12.53"),
        ("2.675", "2.68"),
        ("99999999.994", "99999999.99"),
    ],
)
def test_cents_are_rounded_half_up(exact, cents):
    assert to_cents(grains(exact)) == Decimal(cents)


def test_a_third_of_an_amount_is_rounded_like_a_whole_one():
    third = Fraction(grains("0.01"), 3)

    assert [to_cents(third), to_cents(2 * third)] == [Decimal("0.00"), Decimal("0.01")]
    assert shares_in_cents([third] * 3) == [Decimal("0.01"), Decimal(0), Decimal(0)]


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
    found = shares_in_cents([grains(part) for part in parts])

    assert found == [Decimal(share) for share in shares]


@given(st.lists(amounts, max_size=60))
def test_shares_add_up_and_none_moves_a_whole_cent(parts):
    exact = [grains(part) for part in parts]
    shares = shares_in_cents(exact)

    assert sum(shares) == to_cents(sum(exact))
    assert all(
        abs(share - part) < Decimal("0.01")
        for share, part in zip(shares, parts, strict=True)
    )
    assert all(
        share == 0 for share, part in zip(shares, parts, strict=True) if part == 0
    )


def test_grains_add_and_multiply_bound_by_bound():
    one, other = Grains(1, 2, 4), Grains(2, 3, 3)

    assert total_grains([one, other]) == Grains(3, 5, 7)
    assert total_grains([]) == Grains(0, 0, 0)
    assert one.times(3) == Grains(3, 6, 12)


def test_money_is_not_rounded_before_it_is_asked_to():
    cost = Grains(grains("0.004"), grains("2.675"), Fraction(grains("1"), 3))

    assert cost.in_money() == Estimate(
        Decimal("0.004"), Decimal("2.675"), Decimal("0." + 60 * "3")
    )
    assert cost.in_cents() == Estimate(
        Decimal("0.00"), Decimal("2.68"), Decimal("0.33")
    )


def test_estimates_add_bound_by_bound():
    one = Estimate(Decimal("1.00"), Decimal("2.00"), Decimal("4.00"))

    assert total([one, Estimate.certain(Decimal("0.50"))]) == Estimate(
        Decimal("1.50"), Decimal("2.50"), Decimal("4.50")
    )
    assert total([]) == Estimate.certain(Decimal("0.00"))
