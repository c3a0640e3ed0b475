"""Which answers were just worked out? Kept for a minute, or until their sources change."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, RLock
from typing import Any, Final, TypeVar, cast

from qa_observability.lib.periods import utc_day

KEPT_FOR: Final = timedelta(minutes=1)
MOST: Final = 128

Answer = TypeVar("Answer")

_lock = Lock()
_kept: "OrderedDict[Hashable, _Entry]" = OrderedDict()
_made_at: ContextVar[list[datetime] | None] = ContextVar("made_at", default=None)


@dataclass(frozen=True, slots=True)
class _Entry:
    stamp: str
    at: datetime
    answer: Any


@dataclass(slots=True)
class _Turn:
    """Who works an answer out, and how many want it."""

    taken: "RLock" = field(default_factory=RLock)
    wanted_by: int = 0


_turns: dict[Hashable, _Turn] = {}


def recent(
    key: Hashable, work_out: Callable[[], Answer], *, stamp: str, now: datetime
) -> Answer:
    """Return what ``work_out`` answers, or answered to the same ``key`` within a minute.

    ``key`` names the question with everything the answer depends on: whose right, which
    language and zone. ``stamp`` is read before the sources are and differs whenever they
    do, so a change is seen at once; only the passing of time waits, a minute at most and
    never past midnight UTC. Kept in this process alone, so that nothing has to be told.
    Of those who ask at once one works it out while the others wait. An answer that is
    made of kept ones is as old as the oldest of them.
    """
    found = _found(key, stamp, now)
    if found is None:
        with _turn(key):
            found = _found(key, stamp, now)
            if found is None:
                found = _worked_out(work_out, stamp, now)
                _keep(key, found)
    if (made_at := _made_at.get()) is not None:
        made_at.append(found.at)
    return cast(Answer, found.answer)


def _worked_out(work_out: Callable[[], object], stamp: str, now: datetime) -> _Entry:
    made_at = [now]
    token = _made_at.set(made_at)
    try:
        answer = work_out()
    finally:
        _made_at.reset(token)
    return _Entry(stamp, min(made_at), answer)


@contextmanager
def _turn(key: Hashable) -> Iterator[None]:
    with _lock:
        turn = _turns.setdefault(key, _Turn())
        turn.wanted_by += 1
    try:
        with turn.taken:
            yield
    finally:
        with _lock:
            turn.wanted_by -= 1
            if not turn.wanted_by:
                del _turns[key]


def _found(key: Hashable, stamp: str, now: datetime) -> _Entry | None:
    with _lock:
        found = _kept.get(key)
    is_valid = found and found.stamp == stamp and _is_fresh(found.at, now)
    return found if is_valid else None


def _keep(key: Hashable, entry: _Entry) -> None:
    with _lock:
        _kept[key] = entry
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)


def _is_fresh(at: datetime, now: datetime) -> bool:
    return at <= now < at + KEPT_FOR and utc_day(at) == utc_day(now)
