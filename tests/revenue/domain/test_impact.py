"""What a day costs, by type and method."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenue.domain.amounts import Estimate, to_cents, total
from revenue.domain.impact import (
    Charge,
    Unpriced,
    charges,
    unpriced,
)
from revenue.enums import Basis, ImpactType, Method, Rule
from tests.revenue.builders import DAY, assumption, channel_day, rate

PER_FAILURE = assumption("300.00", "0.07")
BY_RATE = assumption("300.00", "0.07", "40", Method.BY_RATE)


def cost_of(day, held):
    return total(charge.cost() for charge in charges(day, held))


def base_of(day, held):
    return to_cents(cost_of(day, held).base)


@pytest.mark.parametrize(
    ("day", "held", "expected"),
    [
        pytest.param(channel_day(), PER_FAILURE, "0.00", id="nothing failed"),
        pytest.param(
            channel_day(pricing_sync_error=14),
            PER_FAILURE,
            "294.00",
            id="the user's formula: 14 x 300 x 7 %",
        ),
        pytest.param(
            channel_day(pricing_sync_error=2, fee_sync_error=3),
            PER_FAILURE,
            "105.00",
            id="pricing and fees add up",
        ),
        pytest.param(
            channel_day(pricing_sync_error=14),
            assumption("300.00", "0.07", "10"),
            "210.00",
            id="capped at bookings per day",
        ),
        pytest.param(
            channel_day(pricing_sync_error=14, fee_sync_error=14),
            assumption("300.00", "0.07", "10"),
            "420.00",
            id="each type has its own cap",
        ),
        pytest.param(
            channel_day(booking_loss=2),
            PER_FAILURE,
            "600.00",
            id="a lost booking costs its whole value",
        ),
        pytest.param(
            channel_day(booking_loss=2, loss=rate("0.01")),
            PER_FAILURE,
            "600.00",
            id="a loss rate needs bookings per day",
        ),
        pytest.param(
            channel_day(booking_loss=2, loss=rate("0.01")),
            assumption("300.00", "0.07", "40"),
            "120.00",
            id="with both the rate counts, not the failures",
        ),
        pytest.param(
            channel_day(booking_loss=2, loss=rate("0.01", "0.25")),
            assumption("300.00", "0.07", "40"),
            "30.00",
            id="only for the share of the day covered",
        ),
        pytest.param(
            channel_day(booking_loss=2),
            assumption("300.00", "0.07", "40"),
            "600.00",
            id="failures on a day without a measured rate",
        ),
        pytest.param(
            channel_day(booking_loss=2, loss=rate("0")),
            assumption("300.00", "0.07", "40"),
            "0.00",
            id="a measured rate of zero is no loss",
        ),
        pytest.param(
            channel_day(api_error=50, availability_sync_error=7),
            PER_FAILURE,
            "0.00",
            id="other types cost nothing",
        ),
        pytest.param(
            channel_day(pricing=rate("0.10"), pricing_sync_error=500),
            BY_RATE,
            "84.00",
            id="measured traffic: 40 x 10 % x 300 x 7 %",
        ),
        pytest.param(
            channel_day(pricing=rate("0.10", "0.5"), fees=rate("0.05")),
            BY_RATE,
            "84.00",
            id="measured traffic of half a day, and fees",
        ),
        pytest.param(
            channel_day(pricing_sync_error=500),
            BY_RATE,
            "0.00",
            id="no measured traffic, no cost by rate",
        ),
        pytest.param(
            channel_day(loss=rate("0.02"), booking_loss=9),
            BY_RATE,
            "240.00",
            id="booking loss is the same under both methods",
        ),
    ],
)
def test_a_day_costs(day, held, expected):
    assert base_of(day, held) == Decimal(expected)


def test_the_range_is_that_of_the_leakage():
    cost = cost_of(channel_day(pricing_sync_error=10), assumption("300.00", "0.05"))

    assert cost == Estimate(Decimal(90), Decimal(150), Decimal(210))


def test_a_lost_booking_has_no_range():
    assert cost_of(channel_day(booking_loss=1), PER_FAILURE) == Estimate.certain(
        Decimal("300.00")
    )


def test_failures_above_the_cap_are_told():
    held = assumption("300.00", "0.07", "10")

    assert list(charges(channel_day(fee_sync_error=14), held)) == [
        Charge(
            "airbnb",
            DAY,
            ImpactType.FEES,
            Rule.FAILURES_LEAK,
            Decimal(10),
            held,
            uncounted=Decimal(4),
        )
    ]


def test_measured_traffic_without_bookings_per_day_has_no_price():
    held = assumption("300.00", "0.07", method=Method.BY_RATE)
    day = channel_day(pricing_sync_error=3, loss=rate("0.01"))

    assert list(charges(day, held)) == []
    assert list(unpriced(day, held)) == [
        Unpriced("airbnb", DAY, ImpactType.PRICING, 3, Basis.BOOKINGS_PER_DAY_MISSING),
        Unpriced(
            "airbnb", DAY, ImpactType.BOOKING_LOSS, 0, Basis.BOOKINGS_PER_DAY_MISSING
        ),
    ]


def test_nothing_is_unpriced_when_nothing_failed_or_bookings_are_known():
    held = assumption("300.00", "0.07", method=Method.BY_RATE)

    assert list(unpriced(channel_day(), held)) == []
    assert list(unpriced(channel_day(pricing_sync_error=3), BY_RATE)) == []
    assert list(unpriced(channel_day(pricing_sync_error=3), PER_FAILURE)) == []


ratios = st.decimals(0, 1, places=4)
measured_rates = st.builds(
    lambda mean, share: rate(str(mean), str(share)), ratios, ratios
)
days = st.builds(
    channel_day,
    day=st.integers(0, 40).map(lambda offset: DAY - timedelta(days=offset)),
    coverage=ratios.map(str),
    loss=measured_rates,
    pricing=measured_rates,
    fees=measured_rates,
    pricing_sync_error=st.integers(0, 200),
    fee_sync_error=st.integers(0, 200),
    booking_loss=st.integers(0, 20),
)
assumptions = st.builds(
    assumption,
    value=st.decimals("0.01", 5000, places=2).map(str),
    leakage=st.decimals(0, 1, places=6).map(str),
    bookings=st.none() | st.decimals(0, 500, places=2).map(str),
    method=st.sampled_from(Method),
)


@given(days, assumptions)
def test_low_base_and_high_are_in_order_and_not_negative(day, held):
    cost = cost_of(day, held)

    assert 0 <= cost.low <= cost.base <= cost.high


@given(st.lists(days, max_size=20), assumptions, st.data())
def test_any_split_of_days_adds_up_exactly(some, held, data):
    cut = data.draw(st.integers(0, len(some)))

    def cost(part):
        return total(cost_of(day, held) for day in part)

    assert cost(some[:cut]).plus(cost(some[cut:])) == cost(some)


@given(days, assumptions, st.sampled_from(["pricing_sync_error", "fee_sync_error"]))
def test_one_failure_more_never_costs_less(day, held, event_type):
    worse = channel_day(
        day.day,
        coverage=str(day.coverage),
        loss=day.loss_rate,
        pricing=day.error_rates[ImpactType.PRICING],
        fees=day.error_rates[ImpactType.FEES],
        **{**day.failures, event_type: day.failures[event_type] + 1},
    )

    assert cost_of(worse, held).base >= cost_of(day, held).base


@given(days, st.decimals("0.01", 5000, places=2), ratios, ratios)
def test_a_higher_leakage_never_costs_less(day, value, one, other):
    low, high = sorted([one, other])

    assert (
        cost_of(day, assumption(str(value), str(low))).base
        <= cost_of(day, assumption(str(value), str(high))).base
    )
