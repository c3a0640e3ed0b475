"""A change is a percentage with one decimal, or a reason why there is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.trends import Change, ChangeBasis, Trend, change

money = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("current", "previous", "expected"),
    [
        pytest.param(
            "94.80", "100", Change(Decimal("-5.2"), None, Trend.DOWN), id="down"
        ),
        pytest.param("108.3", "100", Change(Decimal("8.3"), None, Trend.UP), id="up"),
        pytest.param(
            "100.05", "100", Change(Decimal("0.1"), None, Trend.UP), id="half up"
        ),
        pytest.param(
            "100.04",
            "100",
            Change(Decimal("0.0"), None, Trend.NEUTRAL),
            id="rounds to none",
        ),
        pytest.param(
            "0", "100", Change(Decimal("-100.0"), None, Trend.DOWN), id="to zero"
        ),
        pytest.param(
            "0", "0", Change(None, ChangeBasis.NONE, Trend.NEUTRAL), id="both zero"
        ),
        pytest.param("5", "0", Change(None, ChangeBasis.NEW, Trend.UP), id="from zero"),
    ],
)
def test_change_against_the_previous_period(current, previous, expected):
    assert change(Decimal(current), Decimal(previous)) == expected


@pytest.mark.parametrize(
    ("coverage", "basis"),
    [
        pytest.param("0.7999", ChangeBasis.INSUFFICIENT_HISTORY, id="just too thin"),
        pytest.param("0.80", ChangeBasis.NONE, id="just enough"),
    ],
)
def test_thin_history_comes_before_every_other_reason(coverage, basis):
    result = change(Decimal(0), Decimal(0), previous_coverage=Decimal(coverage))

    assert result == Change(None, basis, Trend.NEUTRAL)


@pytest.mark.parametrize(
    ("current", "previous"), [(None, Decimal(1)), (Decimal(1), None)]
)
def test_unknown_values_have_no_change(current, previous):
    assert change(current, previous) == Change(
        None, ChangeBasis.INSUFFICIENT_HISTORY, Trend.NEUTRAL
    )


@given(money, money)
def test_trend_is_the_sign_of_the_printed_percentage(current, previous):
    result = change(current, previous)

    if result.percent is not None:
        sign = (result.percent > 0) - (result.percent < 0)
        assert result.trend == {1: Trend.UP, -1: Trend.DOWN, 0: Trend.NEUTRAL}[sign]
