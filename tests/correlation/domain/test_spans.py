"""Sets of seconds against Python's own sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from correlation.domain.spans import Spans

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(-3, 12)), max_size=8).map(
    lambda rows: [(start, start + length) for start, length in rows]
)


def covering(rows):
    starts, ends = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    return Spans.covering(starts, ends)


def seconds(found):
    return [
        second
        for start, end in zip(found.starts, found.ends, strict=True)
        for second in range(start, end)
    ]


def plain(rows):
    return {second for start, end in rows for second in range(start, end)}


@given(spans, spans)
def test_set_algebra_is_that_of_sets(left, right):
    a, b = covering(left), covering(right)

    assert seconds(a.union(b)) == sorted(plain(left) | plain(right))
    assert seconds(a.intersection(b)) == sorted(plain(left) & plain(right))
    assert seconds(a.without(b)) == sorted(plain(left) - plain(right))


@given(spans, spans)
def test_results_are_disjoint_and_do_not_touch(left, right):
    for found in (
        covering(left).union(covering(right)),
        covering(left).without(covering(right)),
        covering(left).intersection(covering(right)),
    ):
        assert (found.ends > found.starts).all()
        assert (found.starts[1:] > found.ends[:-1]).all()


@given(spans, st.lists(st.integers(-5, 90)).map(sorted))
def test_seconds_and_positions_are_counted_one_by_one(rows, moments):
    found, inside = covering(rows), plain(rows)
    asked = np.array(moments, dtype=np.int64)

    assert found.seconds_before(asked).tolist() == [
        sum(second < moment for second in inside) for moment in moments
    ]
    assert found.positions(asked).tolist() == [
        position for position, moment in enumerate(moments) if moment in inside
    ]


def test_between_is_empty_when_it_ends_before_it_starts():
    assert seconds(Spans.between(5, 5)) == []
    assert seconds(Spans.between(5, 4)) == []
    assert seconds(Spans.between(4, 6)) == [4, 5]
