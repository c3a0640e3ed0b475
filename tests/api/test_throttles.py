import time

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import ImproperlyConfigured
from redis.exceptions import ConnectionError as CacheAway
from rest_framework.settings import api_settings

from qa_observability.api import throttles

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


@pytest.fixture
def rate(monkeypatch):
    def set_rate(text):
        monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", {"caller": text})

    return set_rate


@pytest.fixture
def still(monkeypatch):
    """Stand at second 20 of a minute."""
    monkeypatch.setattr(time, "time", lambda: 1_768_000_000.0)


def test_a_caller_is_stopped_above_the_rate(api, rate, still):
    rate("2/min")

    answers = [api.get("/api/v1/open") for _ in range(3)]

    assert [response.status_code for response in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "20"


def test_callers_are_counted_apart(api, token_client, rate, still):
    rate("1/min")
    first, second = token_client("read"), token_client("read")

    answers = [
        client.get("/api/v1/open").status_code for client in (api, first, second)
    ]

    assert answers == [200, 200, 200]


def test_the_next_minute_starts_anew(api, rate, monkeypatch):
    rate("1/min")
    statuses = []
    for moment in (0.0, 59.9, 60.0):
        monkeypatch.setattr(time, "time", lambda now=moment: now)
        statuses.append(api.get("/api/v1/open").status_code)

    assert statuses == [200, 429, 200]


def test_without_a_cache_everyone_may_pass(api, rate, monkeypatch):
    def away(*args, **kwargs):
        raise CacheAway

    rate("1/min")
    monkeypatch.setattr(LocMemCache, "add", away)

    assert [api.get("/api/v1/open").status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("text", ["1200", "10/hour", "0/min", "-1/min", "many/min"])
def test_a_rate_of_another_form_stops_with_its_name(rate, text):
    rate(text)

    with pytest.raises(ImproperlyConfigured, match="THROTTLE_RATE"):
        throttles.requests_per_minute()
