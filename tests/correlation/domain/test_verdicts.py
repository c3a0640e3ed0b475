"""Direction, score and confidence of pairs whose counts are given."""

import numpy as np
import pytest

from correlation.domain.counts import Counts
from correlation.domain.verdicts import Direction, judge, scores


def counts_of(*pairs):
    """Return counts of one integration; a pair is three (trials, hits, expected)."""
    table = np.array(pairs, dtype=float).transpose(1, 0, 2)[:, :, None, :]
    return Counts(
        table[..., 0].astype(np.int64), table[..., 1].astype(np.int64), table[..., 2]
    )


QUIET = ((20, 0, 0.6), (20, 0, 0.2), (20, 1, 0.8))


def direction_of(pair, others=20):
    return Direction(judge(counts_of(pair, *[QUIET] * others)).direction[0, 0])


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        pytest.param(QUIET, Direction.NONE, id="nothing happens"),
        pytest.param(
            ((11, 10, 1.2), (12, 0, 0.2), (12, 1, 0.8)),
            Direction.PRECEDES,
            id="ten of eleven before",
        ),
        pytest.param(
            ((11, 2, 0.01), (12, 0, 0.2), (12, 0, 0.8)),
            Direction.NONE,
            id="two hits are too few",
        ),
        pytest.param(
            ((11, 3, 0.01), (12, 0, 0.2), (12, 0, 0.8)),
            Direction.PRECEDES,
            id="three hits are enough",
        ),
        pytest.param(
            ((20, 8, 0.5), (40, 2, 0.5), (40, 22, 2.0)),
            Direction.PRECEDES,
            id="a precursor that stays red",
        ),
        pytest.param(
            ((40, 5, 0.8), (50, 2, 0.5), (50, 48, 4.0)),
            Direction.FOLLOWS,
            id="a laggard with a few early failures",
        ),
        pytest.param(
            ((10, 0, 0.4), (20, 15, 0.3), (20, 8, 1.0)),
            Direction.SIMULTANEOUS,
            id="at the same time",
        ),
        pytest.param(
            ((30, 10, 1.0), (40, 24, 0.3), (40, 8, 2.0)),
            Direction.SIMULTANEOUS,
            id="at the same time by a slow clock",
        ),
        pytest.param(
            ((2, 2, 0.01), (2, 0, 0.01), (2, 0, 0.1)), Direction.NONE, id="two cases"
        ),
    ],
)
def test_direction_follows_the_excess(pair, expected):
    assert direction_of(pair) is expected


@pytest.mark.parametrize(
    ("expected", "q_value", "direction"),
    [
        pytest.param(1.0, 0.016, Direction.PRECEDES, id="under 2 %"),
        pytest.param(1.1, 0.022, Direction.NONE, id="over 2 %"),
    ],
)
def test_a_find_must_be_rarer_by_chance_than_one_in_fifty(expected, q_value, direction):
    verdicts = judge(counts_of(((20, 4, expected), (20, 0, 0.2), (20, 1, 0.8))))

    assert verdicts.q_value[0, 0] == pytest.approx(q_value, abs=0.001)
    assert Direction(verdicts.direction[0, 0]) is direction


def test_a_link_is_shown_by_its_zone_and_a_stranger_by_before():
    link = ((10, 0, 0.4), (20, 15, 0.3), (20, 8, 1.0))

    found = judge(counts_of(link, *[QUIET] * 10))

    assert found.trials[:2, 0].tolist() == [20, 20]
    assert found.hits[:2, 0].tolist() == [15, 0]
    assert found.expected[:2, 0].tolist() == [0.3, 0.6]
    assert found.score[1:, 0].tolist() == [0.0] * 10


def test_score_of_the_sentence_in_the_specification():
    found = scores(np.array([11]), np.array([10]), np.array([1.2]))

    chance = 1.2 / 11
    assert found[0] == pytest.approx(
        ((10 + 2 * chance) / 13 - chance) / (1 - chance), rel=1e-12
    )


@pytest.mark.parametrize(
    ("trials", "hits", "expected", "score"),
    [
        pytest.param(0, 0, 0.0, 0.0, id="no case"),
        pytest.param(10, 1, 5.0, 0.0, id="rarer than chance"),
        pytest.param(10, 10, 0.0, 10 / 12, id="always, never by chance"),
    ],
)
def test_scores_at_their_edges(trials, hits, expected, score):
    found = scores(np.array([trials]), np.array([hits]), np.array([expected]))

    assert found[0] == pytest.approx(score)


def test_confidence_tells_links_from_strangers():
    link = ((11, 10, 1.2), (12, 0, 0.2), (12, 1, 0.8))

    found = judge(counts_of(link, *[QUIET] * 50))

    assert found.confidence[0, 0] > 0.99
    assert found.confidence[1:, 0].max() < 0.01


def test_confidence_is_nothing_where_too_little_lies_before():
    laggard = ((40, 8, 0.8), (80, 2, 0.5), (80, 70, 4.0))

    found = judge(counts_of(laggard, *[QUIET] * 20))

    assert found.direction[0, 0] == Direction.FOLLOWS
    assert found.confidence[0, 0] > 0.99


def test_confidence_of_a_stranger_is_nothing_where_too_little_lies_before():
    mostly_after = ((4, 2, 1.9), (40, 2, 0.5), (40, 4, 1.0))

    found = judge(counts_of(mostly_after, *[QUIET] * 20))

    assert found.direction[0, 0] == Direction.NONE
    assert found.confidence[0, 0] == 0.0
