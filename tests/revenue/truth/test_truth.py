"""A few seeds of the simulator; ``python -m tests.revenue.truth`` runs two hundred."""

import pytest

from revenue.enums import Method
from tests.revenue.truth.__main__ import TOLERANCE, true_assumptions, unknown_leakage

SEEDS = 3


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("method", Method)
def test_true_assumptions_give_the_loss_within_5_percent(method, seed):
    assert abs(true_assumptions(seed, method).error) < TOLERANCE


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("method", Method)
def test_the_range_covers_the_loss_when_leakage_is_unknown(method, seed):
    assert unknown_leakage(seed, method, SEEDS).covered
