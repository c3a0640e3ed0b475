"""Which answers were just worked out? Kept for a minute, or until their sources change."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeVar, cast

from qa_observability.lib.periods import utc_day

KEPT_FOR: Final = timedelta(minutes=1)
MOST: Final = 128

Answer = TypeVar("Answer")

_lock = Lock()
_kept: "OrderedDict[Hashable, _Entry]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class _Entry:
    stamp: str
    at: datetime
    answer: Any


def recent(
    key: Hashable, work_out: Callable[[], Answer], *, stamp: str, now: datetime
) -> Answer:
    """Return what ``work_out`` answers, or answered to the same ``key`` within a minute.

    ``key`` names the question with everything the answer depends on: whose right, which
    language and zone. ``stamp`` is read before the sources are and differs whenever they
    do, so a change is seen at once; only the passing of time waits, a minute at most and
    never past midnight UTC. Kept in this process alone, so that nothing has to be told.
    """
    with _lock:
        found = _kept.get(key)
    if found is not None and found.stamp == stamp and _is_fresh(found.at, now):
        return cast(Answer, found.answer)
    answer = work_out()
    with _lock:
        _kept[key] = _Entry(stamp, now, answer)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return answer


def _is_fresh(at: datetime, now: datetime) -> bool:
    return at <= now < at + KEPT_FOR and utc_day(at) == utc_day(now)
