"""Numbers, money, rates and changes as people read them."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.trends import Change, ChangeBasis, Trend
from qa_observability.web.formats import (
    Better,
    ChangeWords,
    Verdict,
    change_words,
    exact_money,
    exact_percent,
    money,
    number,
    percent,
    points,
    short_money,
)


@pytest.mark.parametrize(
    ("amount", "estimated", "expected"),
    [
        pytest.param(None, False, "—", id="unknown"),
        pytest.param("0", True, "$0.00", id="nothing is not an estimate"),
        pytest.param("4.205", True, "≈$4.21", id="small estimate keeps cents"),
        pytest.param("10", True, "≈$10", id="first whole estimate"),
        pytest.param("575.50", True, "≈$576", id="estimate"),
        pytest.param("575.50", False, "$575.50", id="exact under a thousand"),
        pytest.param("999.99", False, "$999.99", id="last with cents"),
        pytest.param("1000", False, "$1,000", id="first without"),
        pytest.param("12450.5", False, "$12,451", id="half goes up"),
        pytest.param("-42.1", False, "−$42.10", id="negative"),
    ],
)
def test_money_shows_cents_only_where_they_mean_something(amount, estimated, expected):
    value = None if amount is None else Decimal(amount)

    assert money(value, estimated=estimated) == expected


def test_exact_money_keeps_the_cents():
    assert exact_money(Decimal("12450.5")) == "$12,450.50"
    assert exact_money(None) == "—"


def test_currencies_without_a_symbol_use_their_code():
    assert money(Decimal(5), "EUR") == "€5.00"
    assert money(Decimal(5), "CHF") == "CHF\N{NO-BREAK SPACE}5.00"


def test_money_follows_the_language():
    with translation.override("pt-br"):
        assert money(Decimal("12450.50"), "BRL") == "R$\N{NO-BREAK SPACE}12.451"
        assert money(Decimal(5), "EUR") == "€\N{NO-BREAK SPACE}5,00"
        assert exact_money(Decimal("-1575.5")) == "−US$\N{NO-BREAK SPACE}1.575,50"
        assert short_money(1500, "BRL") == "R$\N{NO-BREAK SPACE}1,5 mil"
        assert short_money(2_000_000) == "US$\N{NO-BREAK SPACE}2 mi"


def test_rates_follow_the_language():
    with translation.override("pt-br"):
        assert percent(Decimal("0.061")) == "6,1 %"
        assert exact_percent(Decimal("0.0496")) == "4,96 %"
        assert points(Decimal("-0.0144")) == "−1,4 p.p."


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        ("0.0496", "4.96 %"),
        ("0.05", "5 %"),
        ("0.0500", "5 %"),
        ("1", "100 %"),
        ("0", "0 %"),
    ],
)
def test_exact_rates_have_the_decimals_they_need(ratio, expected):
    assert exact_percent(Decimal(ratio)) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(0, "$0"), (0.5, "$0.50"), (500, "$500"), (1500, "$1.5k"), (2_000_000, "$2M")],
)
def test_axis_money_is_short(amount, expected):
    assert short_money(amount) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (None, "—"),
        ("0", "0.0 %"),
        ("0.061", "6.1 %"),
        ("0.0605", "6.1 %"),
        ("1", "100.0 %"),
    ],
)
def test_rates_have_one_decimal(ratio, expected):
    assert percent(None if ratio is None else Decimal(ratio)) == expected


@pytest.mark.parametrize(
    ("difference", "expected"),
    [(None, "—"), ("0.014", "+1.4 pp"), ("-0.014", "−1.4 pp"), ("0.0004", "0.0 pp")],
)
def test_differences_of_rates_are_points(difference, expected):
    assert points(None if difference is None else Decimal(difference)) == expected


DOWN = Change(Decimal("-5.2"), None, Trend.DOWN)


@pytest.mark.parametrize(
    ("change", "better", "expected"),
    [
        pytest.param(
            DOWN,
            Better.LOWER,
            ChangeWords("↓", "5.2 % vs previous 30 days, better", Verdict.GOOD),
            id="less of a bad thing",
        ),
        pytest.param(
            DOWN,
            Better.HIGHER,
            ChangeWords("↓", "5.2 % vs previous 30 days, worse", Verdict.BAD),
            id="less of a good thing",
        ),
        pytest.param(
            DOWN,
            Better.NEITHER,
            ChangeWords("↓", "5.2 % vs previous 30 days", Verdict.NEUTRAL),
            id="not judged",
        ),
        pytest.param(
            Change(Decimal("0.0"), None, Trend.NEUTRAL),
            Better.LOWER,
            ChangeWords("→", "no change vs previous 30 days", Verdict.NEUTRAL),
            id="rounds to nothing",
        ),
        pytest.param(
            Change(None, ChangeBasis.NEW, Trend.UP),
            Better.LOWER,
            ChangeWords("", "new, nothing in the period before", Verdict.NEUTRAL),
            id="new",
        ),
        pytest.param(
            Change(None, ChangeBasis.NONE, Trend.NEUTRAL),
            Better.LOWER,
            ChangeWords("", "no change, nothing in either period", Verdict.NEUTRAL),
            id="both zero",
        ),
        pytest.param(
            Change(None, ChangeBasis.INSUFFICIENT_HISTORY, Trend.NEUTRAL),
            Better.LOWER,
            ChangeWords("", "not enough history to compare", Verdict.NEUTRAL),
            id="too thin",
        ),
    ],
)
def test_changes_are_words_with_a_verdict(change, better, expected):
    assert change_words(change, better, days=30) == expected


def test_numbers_are_grouped_and_never_negative_zero():
    assert number(Decimal("12345.6")) == "12,346"
    assert number(Decimal("-0.001"), 2) == "0.00"


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_exact_money_can_be_read_back(amount):
    assert Decimal(exact_money(amount).strip("$").replace(",", "")) == amount
