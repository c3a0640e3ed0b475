"""Which assumptions are absurd? The range of each value, and what to write instead."""

from decimal import Decimal

from qa_observability.lib.errors import FieldError

HIGHEST_VALUE = Decimal(1_000_000)
HIGHEST_BOOKINGS = Decimal(1_000_000)
MONEY_DECIMALS = 2
_LEAKAGE_DECIMALS = 6


def wrong_values(
    avg_booking_value: Decimal | None,
    leakage_percentage: Decimal | None,
    bookings_per_day: Decimal | None,
) -> list[FieldError]:
    """Return what is wrong with each value; one that is left out is not wrong.

    Range: a booking value above 0 up to a million, at most two decimals; a leakage ratio
        0-1, at most six; bookings per day 0 to a million, at most two.
    """
    problems = (
        _above_zero("avg_booking_value", avg_booking_value, HIGHEST_VALUE),
        _ratio("leakage_percentage", leakage_percentage),
        _at_least_zero("bookings_per_day", bookings_per_day, HIGHEST_BOOKINGS),
    )
    return [problem for problem in problems if problem]


def _above_zero(
    name: str, value: Decimal | None, highest: Decimal
) -> FieldError | None:
    if value is not None and value.is_finite() and value <= 0:
        return FieldError(name, "out_of_range", "must be above 0")
    return _at_least_zero(name, value, highest)


def _at_least_zero(
    name: str, value: Decimal | None, highest: Decimal
) -> FieldError | None:
    if value is None:
        return None
    if not value.is_finite() or not 0 <= value <= highest:
        return FieldError(name, "out_of_range", f"must be from 0 to {highest:,}")
    return _too_fine(name, value, MONEY_DECIMALS)


def _ratio(name: str, value: Decimal | None) -> FieldError | None:
    if value is None:
        return None
    if not value.is_finite() or not 0 <= value <= 1:
        return FieldError(
            name, "out_of_range", "must be a ratio from 0 to 1: write 0.05 for 5 %"
        )
    return _too_fine(name, value, _LEAKAGE_DECIMALS)


def _too_fine(name: str, value: Decimal, decimals: int) -> FieldError | None:
    if value != round(value, decimals):
        return FieldError(name, "too_precise", f"has more than {decimals} decimals")
    return None
