"""A score's terms lead to the score that is shown."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.reports.explain import ScoreExplanation, explained_score


def pair(trials, hits, expected, score=0.7):
    return SimpleNamespace(
        integration_id="airbnb",
        sentence="said",
        trials=trials,
        hits=hits,
        expected=expected,
        correlation_score=score,
    )


def test_score_is_explained_with_its_numbers():
    explained = explained_score(pair(11, 10, 1.2))

    assert explained.chance == pytest.approx(1.2 / 11)
    assert explained.observed == pytest.approx((10 + 2 * 1.2 / 11) / 13)
    assert explained.formula == (
        "max(0, ((10 + 2 × 0.1091) / (11 + 2) - 0.1091) / (1 - 0.1091)) = 0.76"
    )
    assert explained.excess == pytest.approx(0.7598, abs=1e-4)
    assert explained.counts


def test_no_case_has_a_formula_and_no_figures():
    explained = explained_score(pair(0, 0, 0.0, score=0))

    assert explained == ScoreExplanation(
        integration_id="airbnb",
        sentence="said",
        cases=0,
        followed=0,
        expected=0.0,
        chance=None,
        observed=None,
        formula="max(0, (p^ - p0) / (1 - p0)), p0 = E / n, p^ = (O + 2 p0) / (n + 2)",
        excess=None,
        counts=False,
    )


@given(st.integers(1, 500), st.data())
def test_excess_is_a_ratio_that_grows_with_hits(trials, data):
    hits = data.draw(st.integers(0, trials - 1))
    expected = data.draw(st.floats(0, trials * 0.95))

    fewer = explained_score(pair(trials, hits, expected))
    more = explained_score(pair(trials, hits + 1, expected))

    assert 0 <= fewer.excess <= more.excess <= 1
