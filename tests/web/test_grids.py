"""Periods as steps of charts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from qa_observability.lib.periods import Period
from qa_observability.web.charts.trend import Bucket
from qa_observability.web.grids import grid_for

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def grid(period):
    return grid_for(period, period.window(ending=NOW))


@pytest.mark.parametrize(
    ("period", "key", "steps"),
    [(Period.WEEK, "day", 7), (Period.MONTH, "day", 30), (Period.YEAR, "week", 53)],
)
def test_days_become_steps(period, key, steps):
    found = grid(period)

    assert (found.key, len(found.steps)) == (key, steps)
    assert sum(len(step) for step in found.steps) == period.days
    assert found.steps[-1][-1] == NOW.date()


def test_weeks_are_counted_back_from_today():
    assert [len(step) for step in grid(Period.YEAR).steps[:3]] == [1, 7, 7]
    assert grid(Period.YEAR).buckets()[-1] == Bucket("18 Nov", "18 Nov – 24 Nov 2026")


def test_sums_leave_steps_without_values_open():
    today = NOW.date()
    found = grid(Period.WEEK).sums(
        {today: Decimal("1.5"), today - timedelta(days=6): 0}
    )

    assert found == (0, None, None, None, None, None, Decimal("1.5"))


def test_means_are_weighted_and_need_a_weight():
    today = NOW.date()
    values = {
        today: (Decimal("0.1"), 100),
        today - timedelta(days=1): (Decimal("0.4"), 200),
        today - timedelta(days=7): (Decimal("0.9"), 0),
    }

    assert grid(Period.YEAR).means(values)[-2:] == (None, Decimal("0.3"))
