"""Terms add up to their rows, and rows to what the days cost."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from revenue.domain.amounts import COST_ONE, ONE, Estimate, total_grains
from revenue.domain.impact import charges
from revenue.domain.ledger import ledger
from revenue.domain.protected import protection
from revenue.domain.terms import (
    ProtectedRow,
    ProtectedTerm,
    Row,
    Term,
    protected_amounts,
    row_amounts,
)
from revenue.domain.terms import protected_rows as protected_rows_of
from revenue.domain.terms import rows as rows_of
from revenue.enums import Basis, ImpactType, Rule
from tests.revenue.builders import (
    DAY,
    a_day,
    assumption,
    channel_days,
    history,
    rate,
    values,
    version,
)
from tests.revenue.domain.test_impact import assumptions, by_hand, days

ONE_DAY = timedelta(days=1)


def protected(some, held):
    days = channel_days(*some)
    found = protection(days, held, charges(days, held))
    return [] if isinstance(found, Basis) else [found]


JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


def test_a_row_tells_its_days_as_one_product():
    held = assumption("300.00", "0.07", "10")
    some = [
        a_day(DAY, pricing_sync_error=4),
        a_day(DAY + ONE_DAY, pricing_sync_error=14),
        a_day(DAY + 2 * ONE_DAY),
    ]

    charged = charges(channel_days(*some), held)

    (row,) = rows_of(charged)

    cost = Estimate(Decimal(126), Decimal(294), Decimal(294))
    assert row == Row("airbnb", ImpactType.PRICING, cost, tuple(charged))
    assert row.terms() == [
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
            amount=Decimal("294.00"),
        )
    ]


def test_a_changed_assumption_and_another_rule_are_terms_of_their_own():
    held = history(
        version(1, "airbnb", JAN, values("300.00", "0.07", "40")),
        version(2, "airbnb", FEB, values("310.00", "0.07", "40")),
    )
    some = [
        a_day(FEB - ONE_DAY, loss=rate("0.01")),
        a_day(FEB, loss=rate("0.01")),
        a_day(FEB + ONE_DAY, booking_loss=1),
    ]

    (row,) = rows_of(ledger([channel_days(*some)], held).charges)

    assert [(term.rule, term.amount) for term in row.terms()] == [
        (Rule.RATE_LOSES, Decimal("120.00")),
        (Rule.RATE_LOSES, Decimal("124.00")),
        (Rule.FAILURES_LOSE, Decimal("310.00")),
    ]
    assert row.amount == Estimate.certain(Decimal("554.00"))


@given(st.lists(days, max_size=15), st.lists(assumptions, min_size=1, max_size=3))
def test_terms_add_up_to_rows_and_rows_to_the_days(some, held):
    charged = [
        charge
        for number, one in enumerate(held)
        for charge in charges(channel_days(*some[number :: len(held)]), one)
    ]

    rows = rows_of(charged)

    assert row_amounts(charged) == {
        (row.integration_id, row.impact_type): row.amount.base for row in rows
    }
    for row in rows:
        assert sum(term.amount for term in row.terms()) == row.amount.base
        assert (
            row.amount
            == total_grains(
                charge.grains()
                for charge in charged
                if charge.impact_type is row.impact_type
            ).in_cents()
        )
    exact = total_grains(charge.grains() for charge in charged).in_money().base
    shown = sum(row.amount.base for row in rows)
    assert abs(shown - exact) <= Decimal("0.005") * len(rows)


def test_protected_is_benchmark_minus_cost_on_covered_days():
    held = assumption("300.00", "0.05", "40")
    some = [
        a_day(DAY, pricing_sync_error=10),
        a_day(DAY + ONE_DAY),
        a_day(DAY + 2 * ONE_DAY, booking_loss=3),
    ]

    kept = protected(some, held)

    (row,) = protected_rows_of(kept)

    # A day's benchmark is 40 x 300 x 5 % = 600; the third day's 900 is more than that.
    amount = Estimate(Decimal(630), Decimal(1050), Decimal(1470))
    assert row == ProtectedRow("airbnb", amount, tuple(kept))
    assert row.terms() == [
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
        )
    ]


def test_protected_is_unknown_without_bookings_or_coverage():
    covered, uncovered = channel_days(a_day()), channel_days(a_day(covered_seconds=0))

    assert protection(covered, assumption(), []) is Basis.BOOKINGS_PER_DAY_MISSING
    assert protection(uncovered, assumption(bookings="40"), []) is Basis.NO_COVERAGE


@given(st.lists(days, min_size=1, max_size=15), assumptions)
def test_protected_is_never_negative_and_its_terms_add_up(some, held):
    kept = protected(some, held)

    rows = protected_rows_of(kept)

    assert protected_amounts(kept) == {
        row.integration_id: row.amount.base for row in rows
    }
    for row in rows:
        assert 0 <= row.amount.low <= row.amount.base <= row.amount.high
        assert sum(term.amount for term in row.terms()) == row.amount.base
        for term in row.terms():
            assert term.amount == term.benchmark - term.cost


@given(st.lists(days, min_size=1, max_size=10), assumptions)
def test_protected_is_what_each_covered_day_keeps_to_the_last_digit(some, held):
    covered = [day for day in some if day.covered_seconds]
    expected = Fraction(0)
    for day in covered:
        benchmark = (
            Fraction(held.bookings_per_day or 0)
            * Fraction(held.avg_booking_value)
            * Fraction(held.leakage_percentage)
        )
        expected += max(Fraction(0), benchmark - by_hand(day, held))

    kept = sum(part.kept_base() for part in protected(some, held))

    assert Fraction(kept, ONE * COST_ONE) == expected


@given(
    st.lists(days, max_size=20, unique_by=lambda day: day.day),
    st.lists(assumptions, min_size=1, max_size=3),
    st.data(),
)
def test_any_split_of_a_ledger_adds_up_exactly(some, held, data):
    versions = [
        version(number, "airbnb", DAY - 15 * number * ONE_DAY, one.own.values)
        for number, one in enumerate(held)
    ]
    cut = data.draw(st.integers(0, len(some)))

    def came_to(part):
        found = ledger([channel_days(*part)], history(*versions))
        return (
            total_grains(charge.grains() for charge in found.charges),
            total_grains(part.kept() for part in found.protections),
        )

    first, second, both = came_to(some[:cut]), came_to(some[cut:]), came_to(some)
    assert (first[0].plus(second[0]), first[1].plus(second[1])) == both
