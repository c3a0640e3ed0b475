"""How many tasks wait? Asked of the broker, which may be away, without waiting for it."""

from dataclasses import dataclass

from redis.exceptions import RedisError

from qa_observability.metrics.store import shared_store
from qa_observability.roof.metrics import QUEUE, UNACKNOWLEDGED


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """Tasks that nobody took yet, and those a worker has in hand."""

    waiting: int
    running: int


def queue_depth() -> QueueDepth | None:
    """Return how many tasks there are; None when the broker is silent for 0.2 s."""
    redis = shared_store().redis
    try:
        return QueueDepth(int(redis.llen(QUEUE)), int(redis.hlen(UNACKNOWLEDGED)))
    except RedisError:
        return None
