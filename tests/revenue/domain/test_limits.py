from decimal import Decimal

import pytest

from revenue.domain.limits import wrong_values


def details(value=None, leakage=None, bookings=None):
    given = [
        None if each is None else Decimal(each) for each in (value, leakage, bookings)
    ]
    return [(each.field, each.detail) for each in wrong_values(*given)]


@pytest.mark.parametrize(
    ("value", "leakage", "bookings"),
    [
        pytest.param("0.01", "0", "0", id="least"),
        pytest.param("1000000", "1", "1000000", id="most"),
        pytest.param("1.10", "0.000001", "0.01", id="finest"),
        pytest.param(None, None, None, id="left out"),
    ],
)
def test_the_edges_of_each_range_are_taken(value, leakage, bookings):
    assert details(value, leakage, bookings) == []


@pytest.mark.parametrize(
    ("given", "field", "detail"),
    [
        ({"value": "0"}, "avg_booking_value", "must be above 0"),
        ({"value": "-3"}, "avg_booking_value", "must be above 0"),
        ({"value": "1000000.01"}, "avg_booking_value", "must be from 0 to 1,000,000"),
        ({"value": "NaN"}, "avg_booking_value", "must be from 0 to 1,000,000"),
        ({"value": "1.001"}, "avg_booking_value", "has more than 2 decimals"),
        (
            {"leakage": "1.000001"},
            "leakage_percentage",
            "must be a ratio from 0 to 1: write 0.05 for 5 %",
        ),
        ({"leakage": "0.0000001"}, "leakage_percentage", "has more than 6 decimals"),
        ({"bookings": "-0.01"}, "bookings_per_day", "must be from 0 to 1,000,000"),
    ],
)
def test_what_lies_outside_is_told_what_to_write(given, field, detail):
    assert details(**given) == [(field, detail)]
