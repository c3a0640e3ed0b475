"""The sentence that stands beside every pair."""

import pytest

from correlation.enums import Pattern
from correlation.reports.sentences import (
    evidence_sentence,
    never_failed,
    window_words,
)


@pytest.mark.parametrize(
    ("pattern", "trials", "sentence"),
    [
        (
            Pattern.PRECEDES,
            11,
            (
                "When this test failed while Airbnb was healthy, Airbnb failed within 1 h "
                "in 10 of 11 cases; chance alone: 1.2."
            ),
        ),
        (
            Pattern.SIMULTANEOUS,
            11,
            (
                "When this test failed, Airbnb began to fail within 2 min before or after "
                "in 10 of 11 cases; chance alone: 1.2."
            ),
        ),
        (
            Pattern.FOLLOWS,
            11,
            (
                "When this test failed, Airbnb was failing or had begun to within 1 h before "
                "in 10 of 11 cases; chance alone: 1.2."
            ),
        ),
        (
            Pattern.NONE,
            2,
            (
                "Not enough data: this test failed in 2 cases while Airbnb was healthy; "
                "a verdict needs 3."
            ),
        ),
        (
            Pattern.NONE,
            1,
            (
                "Not enough data: this test failed in 1 case while Airbnb was healthy; "
                "a verdict needs 3."
            ),
        ),
        (
            Pattern.NONE,
            0,
            (
                "Not enough data: this test failed in 0 cases while Airbnb was healthy; "
                "a verdict needs 3."
            ),
        ),
    ],
)
def test_the_sentence_says_the_evidence(pattern, trials, sentence):
    assert (
        evidence_sentence(
            pattern,
            integration="Airbnb",
            trials=trials,
            hits=10,
            expected=1.2345,
            window_seconds=3600,
        )
        == sentence
    )


def test_a_channel_that_never_failed():
    assert never_failed("Vrbo") == (
        "Not enough data: Vrbo had no incident while this test ran."
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (300, "5 min"),
        (3600, "1 h"),
        (5400, "90 min"),
        (301, "301 s"),
        (259_200, "72 h"),
    ],
)
def test_a_window_is_said_exactly(seconds, words):
    assert window_words(seconds) == words
