"""Tails, q-values and posteriors against exact fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from correlation.domain.confidence import bayes_factors, link_share, posterior
from correlation.domain.significance import adjusted
from correlation.domain.tails import binomial_tails

rates = st.floats(0, 0.95) | st.floats(1e-9, 0.05) | st.just(0.0)


@st.composite
def binomials(draw):
    trials = draw(st.integers(0, 70))
    return draw(st.integers(0, trials)), trials, draw(rates)


def masses(trials, rate):
    p = Fraction(rate)
    return [
        math.comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(trials + 1)
    ]


def tails_of(hits, trials, rate):
    return binomial_tails(np.array([hits]), np.array([trials]), np.array([rate]))


@settings(max_examples=60, deadline=None)
@given(binomials())
def test_tails_are_exact_to_ten_digits(case):
    hits, trials, rate = case
    mass = masses(trials, rate)

    found = tails_of(*case)

    close = {"rel": 1e-10, "abs": 1e-280}
    assert found.point[0] == pytest.approx(float(mass[hits]), **close)
    if sum(mass[hits:]) < Fraction(1, 2):
        assert found.upper[0] == pytest.approx(float(sum(mass[hits:])), **close)
    else:
        assert found.lower[0] == pytest.approx(
            float(sum(mass[:hits])), rel=1e-10, abs=1e-15
        )
    assert found.upper[0] + found.lower[0] == pytest.approx(1.0)


def test_tails_of_many_trials():
    found = tails_of(50_000, 99_999, 0.5)

    assert found.upper[0] == pytest.approx(0.5, rel=1e-9)


def test_no_cases_give_no_tails():
    nothing = np.array([], dtype=np.int64)

    assert [len(t) for t in binomial_tails(nothing, nothing, np.array([]))] == [0, 0, 0]


@settings(deadline=None)
@given(binomials().filter(lambda case: 1e-6 < case[2] < 0.9 and case[1] <= 60))
def test_bayes_factor_is_the_mean_likelihood_over_higher_rates(case):
    """Up to the largest that is told apart, e to the 600th."""
    hits, trials, rate = case
    p = Fraction(rate)
    beta_above = sum(masses(trials + 1, rate)[: hits + 1])
    exact = beta_above / ((trials + 1) * (1 - p)) / masses(trials, rate)[hits]

    found = bayes_factors(tails_of(*case), np.array([trials]), np.array([rate]))

    assert found[0] == pytest.approx(min(float(exact), math.exp(600)), rel=1e-9)


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=50).map(np.array))
def test_link_share_is_the_likeliest_within_its_bounds(factors):
    low, high = 1 / (len(factors) + 2), 0.5

    share = link_share(factors)

    def likelihood(s):
        return np.log(s * factors + 1 - s).sum()

    assert low <= share <= high
    assert likelihood(share) >= max(map(likelihood, np.linspace(low, high, 200))) - 1e-6


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=50).map(np.array))
def test_link_share_is_where_expectation_maximisation_rests(factors):
    share = link_share(factors)

    rested = np.clip(posterior(factors).mean(), 1 / (len(factors) + 2), 0.5)

    assert share == pytest.approx(rested, abs=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40).map(np.array))
def test_q_values_reject_what_the_step_up_rule_rejects(p_values):
    count = len(p_values)
    ranked = sorted(p_values)
    passing = [p for k, p in enumerate(ranked, 1) if p * count / k <= 0.05]
    limit = max(passing, default=-1.0)

    q_values = adjusted(p_values)

    assert ((q_values <= 0.05) == (p_values <= limit)).all()
    assert ((q_values >= p_values * (1 - 1e-12)) & (q_values <= 1)).all()
