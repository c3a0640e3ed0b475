"""The word proposed for a rule is one that only the unmatched route has."""

import pytest

from integration_health.domain.proposals import proposed_tokens, words_of

COMMON = {"chan", "hub", "rate", "push", "query"}


@pytest.mark.parametrize(
    ("route", "words"),
    [
        (
            "/v9/chan-hub/Agoda_v2/{id}/rate-push",
            ["chan", "hub", "agoda", "rate", "push"],
        ),
        ("/", []),
        ("{log line}", []),
        ("/a/bc/été", ["été"]),
    ],
)
def test_words_of_a_route(route, words):
    assert words_of(route) == words


@pytest.mark.parametrize(
    ("route", "hint", "tokens"),
    [
        pytest.param("/v9/chan-hub/agoda/query", "", ["agoda"], id="its own word"),
        pytest.param("/v9/sync/listing", "", ["sync"], id="the first of several"),
        pytest.param("/v9/chan-hub/query", "", [], id="all common"),
        pytest.param("/v9/sync", "trip-dot", ["trip-dot"], id="named by the query"),
        pytest.param("/v9/sync", "airbnb vrbo", ["airbnb"], id="several named"),
        pytest.param("/", "", [], id="no word"),
    ],
)
def test_proposed_tokens(route, hint, tokens):
    assert proposed_tokens(route, hint, COMMON) == tokens
