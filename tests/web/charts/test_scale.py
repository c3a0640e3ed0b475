"""Round ticks, linear scales and labels that do not collide."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.web.charts.scale import Scale, bucket_centre, spread, ticks


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        pytest.param(0, (0, 0.5, 1.0), id="nothing"),
        pytest.param(1, (0, 0.5, 1.0), id="one"),
        pytest.param(6.1, (0, 2.5, 5.0, 7.5), id="between"),
        pytest.param(450, (0, 200, 400, 600), id="hundreds"),
        pytest.param(0.061, (0, 0.025, 0.05, 0.075), id="a rate"),
    ],
)
def test_ticks_are_round_and_reach_the_highest(highest, expected):
    assert ticks(highest) == expected


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_ticks_cover_any_value_with_few_steps(highest):
    steps = ticks(highest)

    assert steps[0] == 0
    assert steps[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(steps) <= 5


@pytest.mark.parametrize(
    ("value", "pixel"),
    [(0, 100.0), (5, 60.0), (10, 20.0), (11, 20.0), (-1, 100.0)],
)
def test_scale_places_values_and_holds_outliers_at_the_edge(value, pixel):
    assert Scale(top=10, ceiling=20, bottom=100).y(value) == pixel


def test_bucket_centres_divide_the_width():
    assert [bucket_centre(i, 4) for i in range(4)] == [12.5, 37.5, 62.5, 87.5]


def test_spread_leaves_labels_that_have_room():
    assert spread([20, 80], apart=15, low=10, high=100) == [20, 80]


def test_spread_moves_colliding_labels_apart_in_their_order():
    assert spread([50, 48], apart=15, low=10, high=100) == [63, 48]


@given(st.lists(st.floats(min_value=10, max_value=150), max_size=4))
def test_spread_keeps_distance_and_frame(positions):
    placed = sorted(spread(positions, apart=15, low=10, high=150))

    assert all(b - a >= 15 - 1e-6 for a, b in pairwise(placed))
    assert all(10 - 1e-6 <= p <= 150 + 1e-6 for p in placed)
