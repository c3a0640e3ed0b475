import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.api.names import camel, camel_path, snake


@pytest.mark.parametrize(
    ("inside", "wire"),
    [
        pytest.param("status", "status", id="one word"),
        pytest.param("revenue_at_risk", "revenueAtRisk", id="three words"),
        pytest.param("p95_seconds", "p95Seconds", id="digits"),
        pytest.param("lastChecked", "lastChecked", id="already camel"),
    ],
)
def test_camel_joins_words_with_humps(inside, wire):
    assert camel(inside) == wire


def test_camel_drops_the_underscore_that_dodges_a_keyword():
    assert camel("from_") == "from"


@pytest.mark.parametrize(
    ("wire", "inside"),
    [
        pytest.param("status", "status", id="one word"),
        pytest.param("integrationId", "integration_id", id="two words"),
        pytest.param("p95Seconds", "p95_seconds", id="digits"),
        pytest.param("integration_id", "integration_id", id="already snake"),
    ],
)
def test_snake_splits_at_humps(wire, inside):
    assert snake(wire) == inside


@given(st.lists(st.from_regex(r"[a-z]+", fullmatch=True), min_size=1, max_size=5))
def test_snake_undoes_camel(words):
    name = "_".join(words)

    assert snake(camel(name)) == name


def test_camel_path_keeps_positions():
    assert camel_path("events[0].event_type") == "events[0].eventType"
