"""Where do counts live? In hashes of the shared Redis, incremented, never read and set."""

import time
from collections.abc import Iterable
from functools import cache

import structlog
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

PATIENCE_SECONDS = 0.2
SILENCE_SECONDS = 10.0
PREFIX = "qa:metrics:"

Increment = tuple[str, str, float]

_log = structlog.get_logger(__name__)


class Store:
    """Counts by metric and field.

    Measuring must never stop what it measures: while the server is away increments are
    dropped, and for ten seconds after a failure it is not even asked.
    """

    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            decode_responses=True,
        )
        self.silent_until = 0.0

    def add(self, increments: Iterable[Increment]) -> None:
        """Add to (metric, field) each its amount, in one round trip."""
        if time.monotonic() < self.silent_until:
            return
        pipe = self.redis.pipeline(transaction=False)
        for metric, field, amount in increments:
            pipe.hincrbyfloat(PREFIX + metric, field, amount)
        try:
            pipe.execute()
        except RedisError as away:
            self.silent_until = time.monotonic() + SILENCE_SECONDS
            _log.warning("metrics dropped", reason=type(away).__name__)

    def read(self, metric: str) -> dict[str, float]:
        """Return a metric's fields; raises ``RedisError`` while the server is away."""
        fields = self.redis.hgetall(PREFIX + metric)
        return {str(field): float(value) for field, value in fields.items()}


@cache
def shared_store() -> Store:
    """Return the process' one connection to the counts."""
    return Store(settings.REDIS_URL)
