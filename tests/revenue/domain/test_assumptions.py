"""Which assumption holds when, and which values are refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from qa_observability.lib.errors import InvalidField
from revenue.domain.amounts import ONE, Estimate
from revenue.domain.assumptions import Assumption
from revenue.enums import Method, Rule
from tests.revenue.builders import assumption, history, values, version

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
ONE_DAY = timedelta(days=1)


def said(held: Assumption):
    return (
        held.avg_booking_value,
        held.leakage_percentage,
        held.bookings_per_day,
        held.method,
        held.own,
        held.default,
        held.inherited,
    )


def test_without_versions_the_built_in_values_hold():
    held = history().on("airbnb", JAN)

    assert said(held) == (
        Decimal("250.00"),
        Decimal("0.05"),
        None,
        Method.PER_FAILURE,
        None,
        None,
        ("avg_booking_value", "leakage_percentage", "bookings_per_day", "method"),
    )


def test_what_an_integration_leaves_out_comes_from_the_default():
    default = version(1, None, JAN, values("240.00", "0.04", "10"))
    own = version(2, "airbnb", FEB, values("300.00", method=Method.BY_RATE))

    held = history(default, own).on("airbnb", MAR)

    assert said(held) == (
        Decimal("300.00"),
        Decimal("0.04"),
        Decimal(10),
        Method.BY_RATE,
        own,
        default,
        ("leakage_percentage", "bookings_per_day"),
    )


def test_a_version_holds_from_its_day_until_the_next_ones():
    held = history(
        version(2, "airbnb", MAR, values("320.00")),
        version(1, "airbnb", FEB, values("300.00")),
    )

    found = {
        day: held.on("airbnb", day).avg_booking_value
        for day in (FEB - ONE_DAY, FEB, MAR - ONE_DAY, MAR, MAR + ONE_DAY)
    }

    assert found == {
        FEB - ONE_DAY: Decimal("250.00"),
        FEB: Decimal("300.00"),
        MAR - ONE_DAY: Decimal("300.00"),
        MAR: Decimal("320.00"),
        MAR + ONE_DAY: Decimal("320.00"),
    }


def test_a_later_default_reaches_integrations_that_inherit():
    held = history(
        version(1, None, JAN, values("240.00", "0.04")),
        version(2, "airbnb", JAN, values("300.00")),
        version(3, None, MAR, values("260.00", "0.06")),
    )

    assert held.on("airbnb", FEB).leakage_percentage == Decimal("0.04")
    assert held.on("airbnb", MAR).leakage_percentage == Decimal("0.06")
    assert held.on("airbnb", MAR).avg_booking_value == Decimal("300.00")
    assert held.on("vrbo", MAR).avg_booking_value == Decimal("260.00")


def test_an_empty_version_returns_an_integration_to_the_default():
    held = history(
        version(1, "airbnb", JAN, values("300.00")),
        version(2, "airbnb", FEB, values()),
    )

    assert held.on("airbnb", FEB).avg_booking_value == Decimal("250.00")


@pytest.mark.parametrize(
    ("leakage", "low", "high"),
    [
        pytest.param("0.05", "0.03", "0.07", id="inside the benchmark"),
        pytest.param("0.02", "0.02", "0.07", id="below it"),
        pytest.param("0.10", "0.03", "0.10", id="above it"),
        pytest.param("0", "0", "0.07", id="nothing leaks"),
        pytest.param("1", "0.03", "1", id="everything leaks"),
    ],
)
def test_leaked_value_has_the_benchmark_as_range(leakage, low, high):
    leaked = assumption("100.00", leakage).unit_costs[Rule.FAILURES_LEAK]

    assert leaked.times(ONE).in_money() == Estimate(
        100 * Decimal(low), 100 * Decimal(leakage), 100 * Decimal(high)
    )


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"value": "-1"}, "avg_booking_value", "out_of_range"),
        ({"value": "0"}, "avg_booking_value", "out_of_range"),
        ({"value": "1000000.01"}, "avg_booking_value", "out_of_range"),
        ({"value": "NaN"}, "avg_booking_value", "out_of_range"),
        ({"value": "Infinity"}, "avg_booking_value", "out_of_range"),
        ({"value": "250.001"}, "avg_booking_value", "too_precise"),
        ({"leakage": "5"}, "leakage_percentage", "out_of_range"),
        ({"leakage": "-0.01"}, "leakage_percentage", "out_of_range"),
        ({"leakage": "1.000001"}, "leakage_percentage", "out_of_range"),
        ({"leakage": "0.0000001"}, "leakage_percentage", "too_precise"),
        ({"bookings": "-1"}, "bookings_per_day", "out_of_range"),
        ({"bookings": "1000001"}, "bookings_per_day", "out_of_range"),
        ({"bookings": "1.001"}, "bookings_per_day", "too_precise"),
    ],
)
def test_absurd_values_are_refused_by_field(given, field, code):
    with pytest.raises(InvalidField) as refusal:
        values(**given)

    assert [(error.field, error.code) for error in refusal.value.errors] == [
        (field, code)
    ]


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(InvalidField) as refusal:
        values("-1", "5", "-1")

    assert [error.field for error in refusal.value.errors] == [
        "avg_booking_value",
        "leakage_percentage",
        "bookings_per_day",
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"value": "0.01"},
        {"value": "1000000.00"},
        {"leakage": "0"},
        {"leakage": "1"},
        {"leakage": "0.000001"},
        {"bookings": "0"},
        {"bookings": "1000000"},
        {"bookings": "12.5"},
    ],
)
def test_the_edges_of_every_range_are_accepted(given):
    name, text = next(iter(given.items()))
    field = {
        "value": "avg_booking_value",
        "leakage": "leakage_percentage",
        "bookings": "bookings_per_day",
    }[name]

    assert getattr(values(**given), field) == Decimal(text)
