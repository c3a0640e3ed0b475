"""How many failures are some events? Retries of one fault are not many.

Failures are what money counts. One is a distinct (fingerprint, 10-minute UTC interval).
The count is therefore free of order, safe to repeat and safe to merge: ten thousand
retries of one fault within ten minutes are one failure. The database counts the same
way, in triggers; this module is the definition, and the oracle those are tested against
(DESIGN section 4).
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

FAILURE_INTERVAL = timedelta(minutes=10)

_DIGITS = re.compile(r"[0-9]+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fingerprint(
    integration_id: str, event_type: str, severity: str, message: str
) -> bytes:
    """Return 16 bytes that equal failures share.

    ``message`` is scrubbed already; runs of digits in it are masked here, so that order
    numbers, ports and durations do not tell two equal failures apart.
    """
    return _digest(integration_id, event_type, severity, _DIGITS.sub("#", message))


@lru_cache(maxsize=4096)  # the same few faults come over and over
def _digest(*parts: str) -> bytes:
    return hashlib.md5("\x1f".join(parts).encode(), usedforsecurity=False).digest()


def failure_intervals(
    occurred_at: datetime,
    occurrences: int,
    window_start: datetime | None = None,
) -> list[datetime]:
    """Return the starts of the 10-minute UTC intervals in which an event failed.

    A point in time is one failure, however often it occurred. An aggregate of n over
    ``window_start`` up to, not including, ``occurred_at`` takes the first
    min(n, intervals) intervals of that window.
    """
    if window_start is None or window_start >= occurred_at:
        return [_interval(occurred_at)]
    first = _interval(window_start)
    last = _interval(occurred_at - timedelta(microseconds=1))
    intervals = (last - first) // FAILURE_INTERVAL + 1
    return [first + n * FAILURE_INTERVAL for n in range(min(occurrences, intervals))]


def _interval(moment: datetime) -> datetime:
    return moment - (moment - _EPOCH) % FAILURE_INTERVAL
