import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.domain.routes import (
    LONGEST_ROUTE,
    UNSAFE_CHARACTERS,
    Endpoint,
    normalised,
)


@pytest.mark.parametrize(
    ("endpoint", "route"),
    [
        ("/v9/tasks/8812/comments", "/v9/tasks/{id}/comments"),
        ("/v9/units/3f2bdc9a-77aa-4c11-9c55-0a1b2c3d4e5f", "/v9/units/{id}"),
        ("/v9/units/deadbeef0123456789abcdef", "/v9/units/{id}"),
        ("/v9/codes/HM4K2ZQ9AB", "/v9/codes/{id}"),
        ("/v9/guests/jo%40example.test/", "/v9/guests/{email}"),
        ("/v9/days/2026-01-05", "/v9/days/{date}"),
        ("/v9/days/2026-01-05T09:00:00Z/x", "/v9/days/{date}/x"),
        ("/v9/listing-10001", "/v9/listing-{id}"),
        ("/v9/oauth2/callback", "/v9/oauth2/callback"),
        ("/v9/x;jsessionid=8F3A/y", "/v9/x/y"),
        ("/v9/x%3Femail=jo%40example.test", "/v9/x"),
        ("/v9/%2541", "/v9/%{id}"),
        ("/v9/%00null", "/v9/\ufffdnull"),
        ("/v9/\ud800", "/v9/\ufffd"),
        ("/v9/\u202egnp.exe", "/v9/\ufffdgnp.exe"),
        ("/v9/" + "A" * 5000, "/v9/{id}"),
        ("/v9/" + "word-" * 50, "/v9/{text}"),
        ("/v9/../../etc/passwd", "/v9/../../etc/passwd"),
        ("GET /v9/a/12 HTTP/2.0", "/v9/a/{id}"),
        ("https://me:pass@api.example.test/v9/12", "api.example.test/v9/{id}"),
        ("OPTIONS-malformed-request-line", "OPTIONS-malformed-request-line"),
        ("/", "/"),
        ("//", "/"),
        ("?x=1", "/"),
    ],
)
def test_the_route_is_what_stays(endpoint, route):
    assert normalised(endpoint).route == route


def test_the_query_is_handed_on_raw_and_the_fragment_goes():
    assert normalised("/v9/x?channel=vrbo&a=%20#top") == Endpoint(
        "/v9/x", "channel=vrbo&a=%20"
    )


def test_a_very_long_path_is_cut():
    route = normalised("/word" * 1000).route

    assert (len(route), route[-1]) == (LONGEST_ROUTE, "…")


@given(st.text())
def test_a_route_is_short_and_safe_to_store(endpoint):
    route = normalised(endpoint).route

    assert 0 < len(route) <= LONGEST_ROUTE
    assert UNSAFE_CHARACTERS.search(route) is None
    assert route.encode()


@given(st.integers(min_value=0), st.uuids(), st.integers(min_value=0))
def test_ids_never_multiply_routes(number, identifier, query):
    assert normalised(f"/v9/{number}/{identifier}/x?q={query}").route == (
        "/v9/{id}/{id}/x"
    )
