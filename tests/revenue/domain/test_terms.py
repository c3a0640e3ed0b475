"""Terms add up to their rows, and rows to what the days cost."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from revenue.domain.amounts import Estimate, to_cents, total
from revenue.domain.impact import charges
from revenue.domain.protected import protection
from revenue.domain.terms import ProtectedRow, ProtectedTerm, Row, Term
from revenue.domain.terms import protected_rows as protected_rows_of
from revenue.domain.terms import rows as rows_of
from revenue.enums import Basis, ImpactType, Rule
from tests.revenue.builders import (
    DAY,
    assumption,
    channel_day,
    history,
    rate,
    values,
    version,
)
from tests.revenue.domain.test_impact import assumptions, days

ONE_DAY = timedelta(days=1)


def kept_days(some, held):
    found = (protection(day, held, charges(day, held)) for day in some)
    return [day for day in found if not isinstance(day, Basis)]


JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


def test_a_row_tells_its_days_as_one_product():
    held = assumption("300.00", "0.07", "10")
    charged = [
        *charges(channel_day(DAY, pricing_sync_error=4), held),
        *charges(channel_day(DAY + ONE_DAY, pricing_sync_error=14), held),
    ]

    cost = Estimate(Decimal(126), Decimal(294), Decimal(294))
    assert rows_of(charged) == [
        Row(
            "airbnb",
            ImpactType.PRICING,
            cost,
            (
                Term(
                    "airbnb",
                    ImpactType.PRICING,
                    Rule.FAILURES_LEAK,
                    held,
                    quantity=Decimal(14),
                    uncounted=Decimal(4),
                    measured=Decimal(0),
                    days=2,
                    first=DAY,
                    last=DAY + ONE_DAY,
                    cost=cost,
                    amount=Decimal("294.00"),
                ),
            ),
        )
    ]


def test_a_changed_assumption_and_another_rule_are_terms_of_their_own():
    held = history(
        version(1, "airbnb", JAN, values("300.00", "0.07", "40")),
        version(2, "airbnb", FEB, values("310.00", "0.07", "40")),
    )
    some = [
        channel_day(FEB - ONE_DAY, loss=rate("0.01")),
        channel_day(FEB, loss=rate("0.01")),
        channel_day(FEB + ONE_DAY, booking_loss=1),
    ]

    (row,) = rows_of(
        charge for day in some for charge in charges(day, held.on("airbnb", day.day))
    )

    assert [(term.rule, term.amount) for term in row.terms] == [
        (Rule.RATE_LOSES, Decimal("120.00")),
        (Rule.RATE_LOSES, Decimal("124.00")),
        (Rule.FAILURES_LOSE, Decimal("310.00")),
    ]
    assert row.amount == Estimate.certain(Decimal("554.00"))


@given(st.lists(days, max_size=15), st.lists(assumptions, min_size=1, max_size=3))
def test_terms_add_up_to_rows_and_rows_to_the_days(some, held):
    charged = [
        charge
        for number, day in enumerate(some)
        for charge in charges(day, held[number % len(held)])
    ]

    rows = rows_of(charged)

    for row in rows:
        assert sum(term.amount for term in row.terms) == row.amount.base
        assert total(term.cost for term in row.terms) == total(
            charge.cost() for charge in charged if charge.impact_type is row.impact_type
        )
    exact = total(charge.cost() for charge in charged).base
    shown = sum(row.amount.base for row in rows)
    assert abs(shown - exact) <= Decimal("0.005") * len(rows)


def test_protected_is_benchmark_minus_cost_on_covered_days():
    held = assumption("300.00", "0.05", "40")
    some = [
        channel_day(DAY, pricing_sync_error=10),
        channel_day(DAY + ONE_DAY),
        channel_day(DAY + 2 * ONE_DAY, booking_loss=3),
    ]

    rows = protected_rows_of(kept_days(some, held))

    # A day's benchmark is 40 x 300 x 5 % = 600; the third day's 900 is more than that.
    assert rows == [
        ProtectedRow(
            "airbnb",
            Estimate(Decimal(630), Decimal(1050), Decimal(1470)),
            (
                ProtectedTerm(
                    "airbnb",
                    held,
                    days=2,
                    days_lost=1,
                    first=DAY,
                    last=DAY + 2 * ONE_DAY,
                    benchmark=Decimal("1200.00"),
                    cost=Decimal("150.00"),
                    amount=Decimal("1050.00"),
                ),
            ),
        )
    ]


def test_protected_is_unknown_without_bookings_or_coverage():
    uncovered = channel_day(coverage="0")

    assert protection(channel_day(), assumption(), []) is Basis.BOOKINGS_PER_DAY_MISSING
    assert protection(uncovered, assumption(bookings="40"), []) is Basis.NO_COVERAGE


@given(st.lists(days, max_size=15), assumptions)
def test_protected_is_never_negative_and_its_terms_add_up(some, held):
    kept = kept_days(some, held)

    for row in protected_rows_of(kept):
        assert 0 <= row.amount.low <= row.amount.base <= row.amount.high
        assert sum(term.amount for term in row.terms) == row.amount.base
        assert row.amount.base == to_cents(total(day.kept for day in kept).base)
        for term in row.terms:
            assert term.amount == term.benchmark - term.cost
