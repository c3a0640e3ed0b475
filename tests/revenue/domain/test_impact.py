"""What a day costs, by type and method."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenue.domain.amounts import COST_ONE, ONE, Estimate, to_cents, total_grains
from revenue.domain.impact import (
    Charge,
    Unpriced,
    charges,
    unpriced,
)
from revenue.enums import Basis, ImpactType, Method, Rule
from tests.revenue.builders import DAY, Day, a_day, assumption, channel_days, rate

ONE_DAY = timedelta(days=1)
PER_FAILURE = assumption("300.00", "0.07")
BY_RATE = assumption("300.00", "0.07", "40", Method.BY_RATE)


def cost_of(day, held):
    return total_grains(charge.grains() for charge in charges(channel_days(day), held))


def base_of(day, held):
    return to_cents(cost_of(day, held).base)


@pytest.mark.parametrize(
    ("day", "held", "expected"),
    [
        pytest.param(a_day(), PER_FAILURE, "0.00", id="nothing failed"),
        pytest.param(
            a_day(pricing_sync_error=14),
            PER_FAILURE,
            "294.00",
            id="the user's formula: 14 x 300 x 7 %",
        ),
        pytest.param(
            a_day(pricing_sync_error=2, fee_sync_error=3),
            PER_FAILURE,
            "105.00",
            id="pricing and fees add up",
        ),
        pytest.param(
            a_day(pricing_sync_error=14),
            assumption("300.00", "0.07", "10"),
            "210.00",
            id="capped at bookings per day",
        ),
        pytest.param(
            a_day(pricing_sync_error=14, fee_sync_error=14),
            assumption("300.00", "0.07", "10"),
            "420.00",
            id="each type has its own cap",
        ),
        pytest.param(
            a_day(booking_loss=2),
            PER_FAILURE,
            "600.00",
            id="a lost booking costs its whole value",
        ),
        pytest.param(
            a_day(booking_loss=2, loss=rate("0.01")),
            PER_FAILURE,
            "600.00",
            id="a loss rate needs bookings per day",
        ),
        pytest.param(
            a_day(booking_loss=2, loss=rate("0.01")),
            assumption("300.00", "0.07", "40"),
            "120.00",
            id="with both the rate counts, not the failures",
        ),
        pytest.param(
            a_day(booking_loss=2, loss=rate("0.01", 21_600)),
            assumption("300.00", "0.07", "40"),
            "30.00",
            id="only for the share of the day covered",
        ),
        pytest.param(
            a_day(booking_loss=2),
            assumption("300.00", "0.07", "40"),
            "600.00",
            id="failures on a day without a measured rate",
        ),
        pytest.param(
            a_day(booking_loss=2, loss=rate("0")),
            assumption("300.00", "0.07", "40"),
            "0.00",
            id="a measured rate of zero is no loss",
        ),
        pytest.param(
            a_day(api_error=50, availability_sync_error=7),
            PER_FAILURE,
            "0.00",
            id="other types cost nothing",
        ),
        pytest.param(
            a_day(pricing=rate("0.10"), pricing_sync_error=500),
            BY_RATE,
            "84.00",
            id="measured traffic: 40 x 10 % x 300 x 7 %",
        ),
        pytest.param(
            a_day(pricing=rate("0.10", 43_200), fees=rate("0.05")),
            BY_RATE,
            "84.00",
            id="measured traffic of half a day, and fees",
        ),
        pytest.param(
            a_day(pricing_sync_error=500),
            BY_RATE,
            "0.00",
            id="no measured traffic, no cost by rate",
        ),
        pytest.param(
            a_day(loss=rate("0.02"), booking_loss=9),
            BY_RATE,
            "240.00",
            id="booking loss is the same under both methods",
        ),
    ],
)
def test_a_day_costs(day, held, expected):
    assert base_of(day, held) == Decimal(expected)


def test_the_range_is_that_of_the_leakage():
    cost = cost_of(a_day(pricing_sync_error=10), assumption("300.00", "0.05"))

    assert cost.in_money() == Estimate(Decimal(90), Decimal(150), Decimal(210))


def test_a_lost_booking_has_no_range():
    cost = cost_of(a_day(booking_loss=1), PER_FAILURE)

    assert cost.in_money() == Estimate.certain(Decimal(300))


def test_failures_above_the_cap_are_told():
    held = assumption("300.00", "0.07", "10")

    some = [
        a_day(fee_sync_error=14),
        a_day(DAY + ONE_DAY),
        a_day(DAY + 2 * ONE_DAY, fee_sync_error=3),
    ]

    (charge,) = charges(channel_days(*some), held)

    assert charge == Charge(
        "airbnb",
        ImpactType.FEES,
        Rule.FAILURES_LEAK,
        held,
        [DAY, DAY + ONE_DAY, DAY + 2 * ONE_DAY],
        [10 * ONE, 0, 3 * ONE],
        uncounted=4 * ONE,
    )
    assert list(charge.by_day()) == [(DAY, 10 * ONE), (DAY + 2 * ONE_DAY, 3 * ONE)]
    assert charge.cost() == Estimate(Decimal(117), Decimal(273), Decimal(273))


def test_days_with_and_without_a_measured_loss_are_charged_apart():
    held = assumption("300.00", "0.07", "40")
    some = [
        a_day(booking_loss=9, loss=rate("0.01", 43_200)),
        a_day(DAY + ONE_DAY, booking_loss=2),
    ]

    measured, reported = charges(channel_days(*some), held)

    assert (measured.rule, measured.quantities, measured.measured) == (
        Rule.RATE_LOSES,
        [ONE // 200, 0],
        43_200,
    )
    assert (reported.rule, reported.quantities) == (Rule.FAILURES_LOSE, [0, 2 * ONE])


def test_no_days_cost_nothing():
    assert charges(channel_days(), PER_FAILURE) == []


def test_measured_traffic_without_bookings_per_day_has_no_price():
    held = assumption("300.00", "0.07", method=Method.BY_RATE)
    day = a_day(pricing_sync_error=3, loss=rate("0.01"))

    assert charges(channel_days(day), held) == []
    assert unpriced(channel_days(day), held) == [
        Unpriced("airbnb", DAY, ImpactType.PRICING, 3, Basis.BOOKINGS_PER_DAY_MISSING),
        Unpriced(
            "airbnb", DAY, ImpactType.BOOKING_LOSS, 0, Basis.BOOKINGS_PER_DAY_MISSING
        ),
    ]


def test_nothing_is_unpriced_when_nothing_failed_or_bookings_are_known():
    held = assumption("300.00", "0.07", method=Method.BY_RATE)

    assert unpriced(channel_days(a_day()), held) == []
    assert unpriced(channel_days(a_day(pricing_sync_error=3)), BY_RATE) == []
    assert unpriced(channel_days(a_day(pricing_sync_error=3)), PER_FAILURE) == []


ratios = st.decimals(0, 1, places=4)
seconds = st.integers(0, 86_400)
measured_rates = st.builds(
    lambda mean, measured: rate(str(mean), measured), ratios, seconds
)
days = st.builds(
    Day,
    day=st.integers(0, 40).map(lambda offset: DAY - timedelta(days=offset)),
    covered_seconds=seconds,
    loss=measured_rates,
    pricing=measured_rates,
    fees=measured_rates,
    failures=st.fixed_dictionaries(
        {
            "pricing_sync_error": st.integers(0, 200),
            "fee_sync_error": st.integers(0, 200),
            "booking_loss": st.integers(0, 20),
        }
    ),
)
assumptions = st.builds(
    assumption,
    value=st.decimals("0.01", 5000, places=2).map(str),
    leakage=st.decimals(0, 1, places=6).map(str),
    bookings=st.none() | st.decimals(0, 500, places=2).map(str),
    method=st.sampled_from(Method),
)


def by_hand(day, held):
    """Return the table of DESIGN section 5, in fractions."""
    value, bookings = Fraction(held.avg_booking_value), held.bookings_per_day
    leakage = Fraction(held.leakage_percentage)
    failed = {name: day.failures.get(name, 0) for name in ImpactType}
    rates = {
        name: Fraction(found.mean) * found.seconds / 86_400
        for name, found in day.rates().items()
        if found.seconds
    }
    if held.method is Method.BY_RATE and bookings is None:
        return 0
    cost = Fraction(0)
    for name in (ImpactType.PRICING, ImpactType.FEES):
        if held.method is Method.BY_RATE:
            lost = Fraction(bookings) * rates.get(name, 0)
        else:
            lost = failed[name] if bookings is None else min(failed[name], bookings)
        cost += Fraction(lost) * value * leakage
    if bookings is not None and ImpactType.BOOKING_LOSS in rates:
        return cost + Fraction(bookings) * rates[ImpactType.BOOKING_LOSS] * value
    return cost + failed[ImpactType.BOOKING_LOSS] * value


@given(st.lists(days, max_size=10), assumptions)
def test_days_cost_what_the_formulas_say_to_the_last_digit(some, held):
    cost = total_grains(
        charge.grains() for charge in charges(channel_days(*some), held)
    )

    assert Fraction(cost.base, ONE * COST_ONE) == sum(
        by_hand(day, held) for day in some
    )


@given(days, assumptions)
def test_low_base_and_high_are_in_order_and_not_negative(day, held):
    cost = cost_of(day, held)

    assert 0 <= cost.low <= cost.base <= cost.high


@given(st.lists(days, max_size=20), assumptions, st.data())
def test_any_split_of_days_adds_up_exactly(some, held, data):
    cut = data.draw(st.integers(0, len(some)))

    def cost(part):
        return total_grains(
            charge.grains() for charge in charges(channel_days(*part), held)
        )

    assert cost(some[:cut]).plus(cost(some[cut:])) == cost(some)
    assert cost(some) == total_grains(cost([day]) for day in some)


@given(days, assumptions, st.sampled_from(["pricing_sync_error", "fee_sync_error"]))
def test_one_failure_more_never_costs_less(day, held, event_type):
    failures = {**day.failures, event_type: day.failures[event_type] + 1}
    worse = replace(day, failures=failures)

    assert cost_of(worse, held).base >= cost_of(day, held).base


@given(days, st.decimals("0.01", 5000, places=2), ratios, ratios)
def test_a_higher_leakage_never_costs_less(day, value, one, other):
    low, high = sorted([one, other])

    assert (
        cost_of(day, assumption(str(value), str(low))).base
        <= cost_of(day, assumption(str(value), str(high))).base
    )
