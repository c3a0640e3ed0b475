"""Does someone ask too often? Counts per caller and minute in the shared cache."""

import math
import time
from typing import Any

import structlog
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from qa_observability.models import Token

MINUTE = 60

_log = structlog.get_logger(__name__)


class CallerThrottle(BaseThrottle):
    """Allow each token, else each user, else each address, so many requests a minute.

    Counts in whole minutes: two cache calls whatever the rate, where a list of moments
    would carry every request of the minute. Without a cache everyone may pass: a broker
    that is away must not take the API with it.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        return seconds_to_wait(caller_of(request), requests_per_minute()) == 0

    def wait(self) -> float:
        return _rest_of_minute(time.time())


def requests_per_minute() -> int:
    """Return the rate that ``THROTTLE_RATE`` states, written ``1200/min``.

    Raises: ``ImproperlyConfigured`` for any other form.
    """
    rate = str(api_settings.DEFAULT_THROTTLE_RATES["caller"])
    count, _slash, unit = rate.partition("/")
    if unit != "min" or not count.isdecimal() or int(count) == 0:
        raise ImproperlyConfigured(
            f"THROTTLE_RATE is {rate!r}; write requests per minute, such as 1200/min."
        )
    return int(count)


def caller_of(request: Request) -> str:
    """Return who is counted: the token, the user, or the address."""
    if isinstance(request.auth, Token):
        return f"token:{request.auth.pk}"
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"address:{request.META.get('REMOTE_ADDR', '')}"


def seconds_to_wait(caller: str, per_minute: int) -> float:
    """Count one request; return 0 when allowed, else seconds to the next minute."""
    moment = time.time()
    key = f"throttle:{caller}:{int(moment // MINUTE)}"
    try:
        cache.add(key, 0, timeout=2 * MINUTE)
        count = cache.incr(key)
    except RedisError as away:
        _log.warning("throttle without cache", reason=type(away).__name__)
        return 0
    return 0 if count <= per_minute else _rest_of_minute(moment)


def _rest_of_minute(moment: float) -> float:
    return math.ceil(MINUTE - moment % MINUTE)
